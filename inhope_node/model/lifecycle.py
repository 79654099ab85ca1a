"""The life of an item, as one table that code, docs and tests share.

    new --take--> assessing --assess--> assessed --locate--> located --here--> police_pending
     ^             |     |                                      |--abroad--> offered
     '-lease_ended-'     |--not_illegal--> closed_not_illegal   |              '-receipt-> delivered
                         '--not_assessable--> closed_...        '--no_member--> orphaned
    offered, delivered --accepted--> police_pending (the acceptor owns it, this copy follows)
    offered, delivered --given_back--> located      --offer_ended--> orphaned (nobody answered)
    delivered (at the peer) --accept--> police_pending     --give_back--> returned
    police_pending --> police_informed --> notified --> removed | unavailable --> closed_offline
    removed, unavailable --back_online--> located
    whatever an acceptor made of it --superseded--> informed (another was first)

Rows say who may cause a step: an analyst of this node, the system, the owner of the item (its act,
made here or told by message), or a peer the item was offered to. Every state that is not an end
names the clock that watches over it (`TIMER`), so that nothing waits unseen. `step` is pure.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from inhope_node.errors import WrongState


class State(StrEnum):
    """Where an item stands, in the words of the domain."""

    NEW = "new"
    ASSESSING = "assessing"
    ASSESSED = "assessed"
    LOCATED = "located"
    OFFERED = "offered"
    DELIVERED = "delivered"
    ORPHANED = "orphaned"
    POLICE_PENDING = "police_pending"
    POLICE_INFORMED = "police_informed"
    NOTIFIED = "notified"
    REMOVED = "removed"
    UNAVAILABLE = "unavailable"
    INFORMED = "informed"
    RETURNED = "returned"
    CLOSED_NOT_ILLEGAL = "closed_not_illegal"
    CLOSED_NOT_ASSESSABLE = "closed_not_assessable"
    CLOSED_OFFLINE = "closed_offline"


class Event(StrEnum):
    """What can happen to an item."""

    TAKE = "take"
    LEASE_ENDED = "lease_ended"
    ASSESS_ILLEGAL = "assess_illegal"
    ASSESS_NOT_ILLEGAL = "assess_not_illegal"
    ASSESS_NOT_ASSESSABLE = "assess_not_assessable"
    ASSESS_UNDETERMINED = "assess_undetermined"
    LOCATE = "locate"
    HERE = "here"
    ABROAD = "abroad"
    NO_MEMBER = "no_member"
    RECEIPT = "receipt"
    ACCEPT = "accept"
    ACCEPTED = "accepted"
    GIVE_BACK = "give_back"
    GIVEN_BACK = "given_back"
    OFFER_ENDED = "offer_ended"
    OFFER_ARRIVED = "offer_arrived"
    SUPERSEDED = "superseded"
    TOLD_POLICE = "reported_to_police"
    TOLD_PROVIDER = "reported_to_provider"
    GONE_REMOVED = "removed"
    GONE_UNAVAILABLE = "unavailable"
    BACK_ONLINE = "back_online"
    CLOSE = "closed"


class Actor(StrEnum):
    """Who may cause an event."""

    ANALYST = "analyst"
    SYSTEM = "system"
    OWNER = "owner"
    PEER = "peer"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: from `state`, `event` by `actor` leads to `to`."""

    state: State
    event: Event
    actor: Actor
    to: State


S, E, A = State, Event, Actor
OWNED_ABROAD: Final = (
    S.POLICE_PENDING,
    S.POLICE_INFORMED,
    S.NOTIFIED,
    S.REMOVED,
    S.UNAVAILABLE,
    S.LOCATED,
    S.ORPHANED,
    S.CLOSED_OFFLINE,
)
"""Where an item may stand at a node that accepted it and did not find it."""

TABLE: Final[tuple[Row, ...]] = (
    Row(S.NEW, E.TAKE, A.ANALYST, S.ASSESSING),
    Row(S.ASSESSING, E.TAKE, A.ANALYST, S.ASSESSING),
    Row(S.ASSESSING, E.LEASE_ENDED, A.SYSTEM, S.NEW),
    Row(S.ASSESSING, E.ASSESS_ILLEGAL, A.ANALYST, S.ASSESSED),
    Row(S.ASSESSING, E.ASSESS_UNDETERMINED, A.ANALYST, S.NEW),
    Row(S.ASSESSING, E.ASSESS_NOT_ILLEGAL, A.ANALYST, S.CLOSED_NOT_ILLEGAL),
    Row(S.ASSESSING, E.ASSESS_NOT_ASSESSABLE, A.ANALYST, S.CLOSED_NOT_ASSESSABLE),
    Row(S.ASSESSED, E.LOCATE, A.ANALYST, S.LOCATED),
    Row(S.LOCATED, E.LOCATE, A.ANALYST, S.LOCATED),
    Row(S.ORPHANED, E.LOCATE, A.ANALYST, S.LOCATED),
    Row(S.LOCATED, E.HERE, A.SYSTEM, S.POLICE_PENDING),
    Row(S.LOCATED, E.ABROAD, A.SYSTEM, S.OFFERED),
    Row(S.LOCATED, E.NO_MEMBER, A.SYSTEM, S.ORPHANED),
    Row(S.ORPHANED, E.ABROAD, A.SYSTEM, S.OFFERED),
    Row(S.OFFERED, E.RECEIPT, A.PEER, S.DELIVERED),
    Row(S.OFFERED, E.ACCEPTED, A.PEER, S.POLICE_PENDING),
    Row(S.DELIVERED, E.ACCEPTED, A.PEER, S.POLICE_PENDING),
    Row(S.OFFERED, E.GIVEN_BACK, A.PEER, S.LOCATED),
    Row(S.DELIVERED, E.GIVEN_BACK, A.PEER, S.LOCATED),
    Row(S.OFFERED, E.OFFER_ENDED, A.SYSTEM, S.ORPHANED),
    Row(S.DELIVERED, E.OFFER_ENDED, A.SYSTEM, S.ORPHANED),
    *(
        Row(state, E.OFFER_ARRIVED, A.PEER, S.DELIVERED)
        for state in (S.INFORMED, S.RETURNED, S.DELIVERED)
    ),
    Row(S.DELIVERED, E.ACCEPT, A.ANALYST, S.POLICE_PENDING),
    Row(S.DELIVERED, E.GIVE_BACK, A.ANALYST, S.RETURNED),
    Row(S.POLICE_PENDING, E.TOLD_POLICE, A.OWNER, S.POLICE_INFORMED),
    Row(S.POLICE_INFORMED, E.TOLD_PROVIDER, A.OWNER, S.NOTIFIED),
    *(Row(state, E.SUPERSEDED, A.PEER, S.INFORMED) for state in OWNED_ABROAD),
    *(
        Row(state, event, A.OWNER, to)
        for state in (S.POLICE_PENDING, S.POLICE_INFORMED, S.NOTIFIED)
        for event, to in ((E.GONE_REMOVED, S.REMOVED), (E.GONE_UNAVAILABLE, S.UNAVAILABLE))
    ),
    *(
        Row(state, event, A.OWNER, to)
        for state in (S.REMOVED, S.UNAVAILABLE)
        for event, to in ((E.BACK_ONLINE, S.LOCATED), (E.CLOSE, S.CLOSED_OFFLINE))
    ),
)
NEXT: Final[dict[tuple[State, Event], Row]] = {(row.state, row.event): row for row in TABLE}

ENDS: Final = frozenset(
    {S.CLOSED_NOT_ILLEGAL, S.CLOSED_NOT_ASSESSABLE, S.CLOSED_OFFLINE, S.INFORMED, S.RETURNED}
)
"""States in which this node has nothing more to do by itself."""

TIMER: Final[dict[State, str]] = {
    S.NEW: "first_assessment",
    S.ASSESSING: "lease",
    S.ASSESSED: "locate",
    S.LOCATED: "locate",
    S.OFFERED: "delivery",
    S.DELIVERED: "acceptance",
    S.ORPHANED: "orphan",
    S.POLICE_PENDING: "police",
    S.POLICE_INFORMED: "notice",
    S.NOTIFIED: "removal",
    S.REMOVED: "stays_offline",
    S.UNAVAILABLE: "stays_offline",
}
"""The name of the configured deadline that runs in a state."""

STEP: Final[dict[State, str]] = {
    S.NEW: "take",
    S.ASSESSING: "assess",
    S.ASSESSED: "locate",
    S.LOCATED: "locate",
    S.DELIVERED: "accept-or-return",
    S.POLICE_PENDING: "act",
    S.POLICE_INFORMED: "act",
    S.NOTIFIED: "act",
}
"""What a person does next in a state; absent where the next step is not a person's here."""


def step(state: State, event: Event) -> State:
    """The state that follows.

    Raises:
        WrongState: This state does not know this event; nothing changed.
    """
    row = NEXT.get((state, event))
    if row is None:
        able = ", ".join(sorted({r.event.value for r in TABLE if r.state is state})) or "nothing"
        raise WrongState(
            f"The item is {state.value}; '{event.value}' is not possible there. Possible: {able}."
        )
    return row.to
