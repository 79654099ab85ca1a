"""Who works here, and what each role may do. Pure.

A person acts under a pseudonym: it is what the audit and, where a message names an assessor, the
wire shows. The administrator keeps the node running and sees no exact address.
"""

from dataclasses import dataclass
from enum import StrEnum

from inhope_node.errors import NotAllowed


class UserRole(StrEnum):
    """What a person is here for."""

    ANALYST = "analyst"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """What a call of the desk API needs."""

    SEE_NODE = "see the node"
    SEE_CASES = "see cases"
    WORK = "work on items"
    REVEAL = "see exact addresses"
    SEE_PEOPLE = "see users"
    KEEP_PEOPLE = "keep users"
    KEEP_PEERS = "keep peers"
    SUSPEND = "suspend a peer"
    EXPORT = "export"


ANALYST_RIGHTS = frozenset({Right.SEE_NODE, Right.SEE_CASES, Right.WORK, Right.REVEAL})
RIGHTS: dict[UserRole, frozenset[Right]] = {
    UserRole.ANALYST: ANALYST_RIGHTS,
    UserRole.MANAGER: ANALYST_RIGHTS | {Right.EXPORT, Right.SEE_PEOPLE, Right.SUSPEND},
    UserRole.ADMINISTRATOR: frozenset(
        {
            Right.SEE_NODE,
            Right.SEE_PEOPLE,
            Right.KEEP_PEOPLE,
            Right.KEEP_PEERS,
            Right.SUSPEND,
            Right.EXPORT,
        }
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """One person with a personal token.

    Attributes:
        name: Sign-in name, local to this node.
        pseudonym: The name that the audit and assessments show.
    """

    name: str
    role: UserRole
    pseudonym: str
    created_at_ms: int


def require(user: User, right: Right) -> None:
    """Let `user` pass if the role holds `right`.

    Raises:
        NotAllowed: It does not.
    """
    if right not in RIGHTS[user.role]:
        holders = " or ".join(role.value for role in UserRole if right in RIGHTS[role])
        raise NotAllowed(
            f"Your role '{user.role.value}' may not {right.value}; "
            f"ask a person with the role {holders}."
        )
