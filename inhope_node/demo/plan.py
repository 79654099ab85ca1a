"""What shall become of every report of the demo: the plan as values.

The plan is made before any node runs and without a node's code, so that the homes can be
compared with it afterwards. It also says what the scripted analysts do. Addresses stand
here in the clear; they are reserved names only, and `repr` leaves them out all the same.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """Where the way of an item leads."""

    NOT_ILLEGAL = "not_illegal"
    HOME = "home"
    ABROAD = "abroad"
    ORPHANED = "orphaned"


@dataclass(frozen=True, slots=True)
class Return:
    """One offer that the peer gives back.

    Attributes:
        by: The peer that was offered the item.
        reason: What it says, a word of the protocol.
    """

    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedItem:
    """One address with all that happens to it.

    Attributes:
        address: A reserved name.
        labels: What the analyst sees, as `taxonomy@version:label`.
        answers: The baseline questions: real, below the age limit, severity.
        verdicts: What the law says, per jurisdiction; the finder's is the first.
        hosting: The countries that the finder states, in this order; empty if not illegal.
        returns: The offers that come back, one for each country stated but the last.
        outcome: Where this leads.
        owner: The node that owns the item in the end.
        acts: What the owner does then, in this order.
        state: The state that finder and owner end with.
        at_interpol: Whether INTERPOL gets it.
    """

    address: str = field(repr=False)
    labels: tuple[str, ...]
    answers: tuple[str, str, str]
    verdicts: tuple[tuple[str, str], ...]
    hosting: tuple[str, ...]
    returns: tuple[Return, ...]
    outcome: Outcome
    owner: str
    acts: tuple[str, ...]
    state: str
    at_interpol: bool

    @property
    def verdict(self) -> str:
        """What the law of the finder's country says."""
        return self.verdicts[0][1]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedReport:
    """One report that reaches a hotline.

    Attributes:
        hotline: The node that finds it.
        reference: The hotline's own name for it, unique in the demo.
        channel: How it came.
        urgency: How soon somebody should look.
        site_type: What kind of place the addresses are.
        reporter: How to reach the reporter; empty for the many who stay anonymous.
        items: One for each address, at least one.
    """

    hotline: str
    reference: str
    channel: str
    urgency: str
    site_type: str
    reporter: str = field(repr=False)
    items: tuple[PlannedItem, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All reports of one demo, in the order in which they come in."""

    seed: int
    reports: tuple[PlannedReport, ...]

    @property
    def items(self) -> tuple[PlannedItem, ...]:
        """All items, report by report."""
        return tuple(item for report in self.reports for item in report.items)

    @property
    def offers(self) -> int:
        """How many offers are made in all, those that come back included."""
        accepted = sum(item.outcome is Outcome.ABROAD for item in self.items)
        return accepted + sum(len(item.returns) for item in self.items)

    @property
    def addresses_at_interpol(self) -> int:
        """How many different addresses INTERPOL gets; equal ones it shows as one."""
        return len({item.address for item in self.items if item.at_interpol})


def expected_places(report: PlannedReport, item: PlannedItem, interpol: str) -> dict[str, str]:
    """Return every node that shall hold `item` in the end, with the state there."""
    places = {ret.by: "returned" for ret in item.returns}
    places |= {report.hotline: item.state, item.owner: item.state}
    if item.at_interpol:
        places[interpol] = "informed"
    return places
