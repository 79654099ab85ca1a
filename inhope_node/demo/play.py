"""The play: reports come in, people work, one daemon is killed in the middle and comes back.

It ends when every home holds what the plan says and nothing waits any more, or when nothing
has moved for a while. Then the homes are compared with the plan. Who watches (`screen`) and
which daemons run (`federation`) are given; nothing here draws or starts a process itself.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from inhope_node.demo.audit import Finding, audit
from inhope_node.demo.casebook import Casebook
from inhope_node.demo.crew import Crew
from inhope_node.demo.desk import Desk
from inhope_node.demo.exports import Export, read_export
from inhope_node.demo.federation import Federation
from inhope_node.demo.live import Screen
from inhope_node.demo.members import MEMBERS
from inhope_node.demo.plan import Plan
from inhope_node.demo.views import Lookout, View
from inhope_node.desk_client import path_of
from inhope_node.errors import NodeError

LOOK_EVERY_S: Final = 0.4
STALL_S: Final = 30.0
DOWN_S: Final = 2.0
"""How long the killed daemon stays away: long enough for the others to meet a closed door."""


WATCHED_SPREAD_S: Final = 20.0
"""How long the reports come in where a person watches; where nobody does, all come at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """How fast a play goes.

    Attributes:
        spread_s: Over how long the reports come in; None for what suits the screen.
        stall_s: For how long nothing may move before the play is over.
    """

    spread_s: float | None = None
    stall_s: float = STALL_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How the play ended.

    Attributes:
        finding: The homes compared with the plan.
        views: The last glance at every node.
        restarts: Daemons that were killed and started again.
        stalled: Whether nothing moved any more before everything was in place.
        troubles: What nodes refused, in their own words.
        seconds: From the first report to the end.
    """

    finding: Finding
    views: tuple[View, ...]
    restarts: int
    stalled: bool
    troubles: tuple[str, ...]
    seconds: float


@dataclass(slots=True)
class _Interruption:
    """One daemon that is killed in the middle of the work and started again."""

    federation: Federation
    screen: Screen
    victim: str
    at_judged: int
    killed_at: float = 0.0
    launched: bool = False
    over: bool = False

    def tick(self, judged: int, views: Sequence[View], now: float) -> None:
        """Kill when half of the items are judged; start again `DOWN_S` later."""
        if self.over or judged < self.at_judged:
            return
        if not self.killed_at:
            self.federation.kill(self.victim)
            self.killed_at = now
            self.screen.say(f"{self.victim} was killed with SIGKILL, in the middle of its work.")
        elif not self.launched and now - self.killed_at >= DOWN_S:
            self.federation.restart(self.victim)
            self.launched = True
        elif self.launched and any(view.up for view in views if view.name == self.victim):
            self.over = True
            self.screen.say(f"{self.victim} runs again.")


@dataclass(slots=True)
class _Stillness:
    """Since when the numbers have not changed."""

    since: float
    last: object = field(default=None)

    def lasts_s(self, seen: object, now: float) -> float:
        """Return for how long `seen` has been the same."""
        if seen != self.last:
            self.last, self.since = seen, now
        return now - self.since


def play(
    plan: Plan,
    federation: Federation,
    desks: Mapping[str, Sequence[Desk]],
    screen: Screen,
    tempo: Tempo,
) -> Result:
    """Run the plan to its end; every daemon runs before and after.

    Args:
        plan: What shall happen.
        federation: Four daemons that run and verified each other.
        desks: For each hotline the desks of its analysts.
        screen: Where to show it.
        tempo: How fast it goes.

    Raises:
        NodeError: A daemon ended by itself, or does not answer any more.
    """
    began = time.monotonic()
    casebook = Casebook(plan)
    spread_s = tempo.spread_s
    if spread_s is None:
        spread_s = WATCHED_SPREAD_S if screen.watched else 0.0
    gap_s = spread_s / len(plan.reports)
    crew = Crew(casebook, desks, gap_s)
    interruption = _Interruption(
        federation, screen, victim_of(plan.seed), at_judged=(len(plan.items) + 1) // 2
    )
    crew.start()
    try:
        stalled, views = _watch(federation, casebook, screen, interruption, tempo.stall_s + gap_s)
    finally:
        crew.end()
    federation.check_alive()
    return Result(
        finding=audit(plan, take_exports(federation)),
        views=views,
        restarts=federation.restarts,
        stalled=stalled,
        troubles=casebook.troubles,
        seconds=time.monotonic() - began - (tempo.stall_s if stalled else 0),
    )


def victim_of(seed: int) -> str:
    """Choose whose daemon is killed: over four seeds everybody's."""
    return MEMBERS[seed % len(MEMBERS)].name


def take_exports(federation: Federation) -> tuple[Export, ...]:
    """Ask every node for all that it holds.

    Raises:
        NodeError: A node does not answer.
    """
    return tuple(
        read_export(name, station.desk().get(path_of("export")))
        for name, station in federation.stations.items()
    )


def _watch(
    federation: Federation,
    casebook: Casebook,
    screen: Screen,
    interruption: _Interruption,
    stall_s: float,
) -> tuple[bool, tuple[View, ...]]:
    """Look on until all is in place, or nothing has moved for `stall_s`."""
    lookout = Lookout(federation)
    began = time.monotonic()
    stillness = _Stillness(began)
    while True:
        now = time.monotonic()
        views = lookout.glance()
        interruption.tick(casebook.judged, views, now)
        screen.show(_headline(casebook, now - began), views)
        still_s = stillness.lasts_s((views, casebook.filed, casebook.judged), now)
        if still_s >= LOOK_EVERY_S and interruption.over and _in_place(casebook, federation, views):
            return False, views
        if still_s >= stall_s:
            return True, views
        time.sleep(LOOK_EVERY_S)


def _in_place(casebook: Casebook, federation: Federation, views: Sequence[View]) -> bool:
    """Whether nothing waits at any node and every home holds what the plan says."""
    busy = any(view.outbox or not view.up for view in views)
    if busy or casebook.judged < len(casebook.plan.items):
        return False
    try:
        return audit(casebook.plan, take_exports(federation)).clean
    except NodeError:
        return False


def _headline(casebook: Casebook, seconds: float) -> str:
    plan = casebook.plan
    return (
        f"{seconds:4.0f} s · reports filed {casebook.filed} of {len(plan.reports)}"
        f" · items judged {casebook.judged} of {len(plan.items)}"
    )
