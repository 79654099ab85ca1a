"""What one glance at every node shows: the numbers of the live table.

A glance never waits long, and a node that does not answer keeps its last numbers and is
marked as down. Nothing here draws, and nothing decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from inhope_node.demo.federation import Federation, Station
from inhope_node.desk_client import path_of
from inhope_node.errors import NodeError

GLANCE_TIMEOUT_S: Final = 2.0

STAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "waiting for a look": ("new",),
    "being judged": ("assessing", "assessed", "located"),
    "offered abroad": ("offered", "delivered"),
    "returned": ("returned",),
    "police to be told": ("police_pending",),
    "police told": ("police_informed",),
    "provider told": ("notified",),
    "offline": ("removed", "unavailable", "closed_offline"),
    "no hotline there": ("orphaned",),
    "not illegal": ("closed_not_illegal", "closed_not_assessable"),
    "for information": ("informed",),
}
"""The rows of the table, each with the states it adds up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One node at one glance.

    Attributes:
        name: The member.
        up: Whether it answered.
        reports: Reports it holds.
        states: Items by state.
        outbox: Messages that wait for a peer's receipt.
        sent: Envelopes that left and were answered with a receipt.
        received: Envelopes taken in.
        receipts: Receipts that peers gave.
        alarms: Alarms that stand.
    """

    name: str
    up: bool = False
    reports: int = 0
    states: Mapping[str, int] = field(default_factory=dict)
    outbox: int = 0
    sent: int = 0
    received: int = 0
    receipts: int = 0
    alarms: int = 0

    def stage(self, label: str) -> int:
        """Add up the items in the states of one row of the table."""
        return sum(self.states.get(state, 0) for state in STAGES[label])

    @property
    def items(self) -> int:
        """All items it holds."""
        return sum(self.states.values())


class Lookout:
    """Looks at every node, again and again, and remembers the last answer of each."""

    def __init__(self, federation: Federation) -> None:
        self._federation = federation
        self._views = {name: View(name=name) for name in federation.stations}

    def glance(self) -> tuple[View, ...]:
        """Return what every node shows now."""
        for name, station in self._federation.stations.items():
            self._views[name] = _look(station, self._views[name])
        return tuple(self._views.values())


def _look(station: Station, before: View) -> View:
    running = station.running
    if running is None or not running.alive:
        return replace(before, up=False)
    try:
        status = station.desk(timeout_s=GLANCE_TIMEOUT_S).get(path_of("status"))
    except NodeError:
        return replace(before, up=False)
    return View(
        name=before.name,
        up=True,
        reports=status["reports"],
        states=status["items"],
        outbox=status["outbox"],
        sent=status["envelopes_sent"],
        received=status["envelopes_received"],
        receipts=status["receipts"],
        alarms=status["alarms"],
    )
