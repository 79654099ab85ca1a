"""The casebook: which planned item each item of the nodes is, shared by all scripted people.

A node names its items itself; the answer to filing a report says how. The casebook is how
an analyst, shown an item by any node, knows what the plan wants. It asks no node anything.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition

from inhope_node.demo.plan import Plan, PlannedItem, PlannedReport

LEARN_TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class Case:
    """One item of a node with its plan."""

    report: PlannedReport
    item: PlannedItem


class Casebook:
    """Items by id, and how far the work is; any thread may ask and tell."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._changed = Condition()
        self._cases: dict[str, Case] = {}
        self._filed = 0
        self._judged = 0
        self._troubles: dict[str, int] = {}
        self._in_hand: set[tuple[str, str]] = set()

    @property
    def filed(self) -> int:
        """How many reports were filed."""
        return self._filed

    @property
    def judged(self) -> int:
        """How many items were assessed."""
        return self._judged

    @property
    def troubles(self) -> tuple[str, ...]:
        """What the nodes refused, each sentence once, with how often."""
        with self._changed:
            return tuple(f"{text} ({times} times)" for text, times in self._troubles.items())

    def note_filed(self, report: PlannedReport, ids: Sequence[str]) -> None:
        """Remember the ids that a node gave the items of `report`, in their order."""
        with self._changed:
            cases = (Case(report, item) for item in report.items)
            self._cases.update(zip(ids, cases, strict=True))
            self._filed += 1
            self._changed.notify_all()

    def note_judged(self) -> None:
        """Count one more assessment."""
        with self._changed:
            self._judged += 1

    def note_trouble(self, sentence: str) -> None:
        """Remember that a node refused what the plan wants."""
        with self._changed:
            self._troubles[sentence] = self._troubles.get(sentence, 0) + 1

    @contextmanager
    def in_hand(self, hotline: str, item_id: str) -> Iterator[bool]:
        """Tell colleagues of one hotline that somebody works on an item; False if one does."""
        with self._changed:
            mine = (hotline, item_id) not in self._in_hand
            self._in_hand.add((hotline, item_id))
        try:
            yield mine
        finally:
            if mine:
                with self._changed:
                    self._in_hand.discard((hotline, item_id))

    def find(self, item_id: str, *, timeout_s: float = LEARN_TIMEOUT_S) -> Case | None:
        """Return the plan of an item; waits for a filing that is not answered yet.

        An item may be seen before the answer that names it has arrived, all the more when its
        node died in between. None if no planned item has this id.
        """
        with self._changed:
            self._changed.wait_for(lambda: item_id in self._cases, timeout_s)
            return self._cases.get(item_id)
