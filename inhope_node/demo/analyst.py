"""The people of the demo, scripted: reports come in, analysts work through them.

Everything goes through the desk API with a personal token, as it would from a hotline's own
case system; the node is never reached behind its back. A node that is down is waited for.
What to decide stands in the plan; which item comes next is the node's business.
"""

import time
from dataclasses import dataclass
from threading import Event
from typing import Any, Final

from inhope_node.demo.casebook import Case, Casebook
from inhope_node.demo.desk import Json, PatientDesk
from inhope_node.demo.plan import Outcome, PlannedReport
from inhope_node.desk_client import path_of
from inhope_node.errors import NodeError, WrongState

PAUSE_S: Final = 0.25
"""How long an analyst without work waits before asking again."""

ACTS_DONE: Final = {"police_pending": 0, "police_informed": 1, "notified": 2}
"""How many acts an owned item has behind it, by its state."""

LISTS: Final = {
    "delivered": "accept-or-return",
    "located": "locate",
    "assessed": "locate",
    "new": "take",
    "police_pending": "act",
    "police_informed": "act",
    "notified": "act",
    "assessing": "assess",
}
"""Where an analyst looks for work, and the step that makes an item of that list work."""

PAGE_ITEMS: Final = 100


@dataclass(frozen=True, slots=True)
class Arrivals:
    """When the reports of a plan come in.

    Attributes:
        begin_s: When the first is due, by the monotonic clock.
        gap_s: How long after each report the next is due, whichever hotline it reaches.
    """

    begin_s: float = 0.0
    gap_s: float = 0.0

    def wait_for(self, number: int, ended: Event) -> bool:
        """Wait until the `number`-th report is due, from 0; False if the day ended before."""
        due_in_s = self.begin_s + number * self.gap_s - time.monotonic()
        return not ended.wait(max(due_in_s, 0))


def file_reports(
    desk: PatientDesk, casebook: Casebook, hotline: str, arrivals: Arrivals, ended: Event
) -> None:
    """Hand in all reports that reach one hotline, each when it is due."""
    for number, report in enumerate(casebook.plan.reports):
        if report.hotline != hotline:
            continue
        if not arrivals.wait_for(number, ended):
            return
        answer = desk.post(path_of("reports"), report_body(report))
        casebook.note_filed(report, answer["items"])


def report_body(report: PlannedReport) -> dict[str, Any]:
    """Return what the desk API takes for `report`."""
    body: dict[str, Any] = {
        "addresses": [item.address for item in report.items],
        "reference": report.reference,
        "channel": report.channel,
        "urgency": report.urgency,
        "site_type": report.site_type,
    }
    return body | ({"reporter": report.reporter} if report.reporter else {})


@dataclass(frozen=True, slots=True)
class Analyst:
    """One scripted analyst at one hotline.

    Attributes:
        hotline: The member this person works for.
        desk: The node's desk, with the analyst's own token.
        casebook: What the plan wants.
        ended: Set when the working day is over.
    """

    hotline: str
    desk: PatientDesk
    casebook: Casebook
    ended: Event

    def work(self) -> None:
        """Take item after item until the day is over."""
        while not self.ended.is_set():
            if not self.do_next():
                self.ended.wait(PAUSE_S)

    def do_next(self) -> bool:
        """Do the next thing there is to do; False if there is nothing."""
        answer = self.desk.post(path_of("items", "next"), {"take": True})
        shown = answer["item"]
        if shown is None:
            return False
        return self._try(shown, answer["step"]) or self._do_from_lists()

    def _do_from_lists(self) -> bool:
        """Look through the lists for what the plan wants; the next item may be one that waits.

        An item that police or provider know stays the node's next item until more is known.
        """
        for state, step in LISTS.items():
            after = ""
            while True:
                page = self.desk.get(path_of("items"), state=state, after=after, limit=PAGE_ITEMS)
                for shown in page["items"]:
                    if shown["next_step"] == step and self._try(shown, step):
                        return True
                after = page["next"]
                if not after:
                    break
        return False

    def _try(self, shown: Json, step: str) -> bool:
        """Carry one item from `step` as far as this desk can; False if nothing came of it."""
        case = self.casebook.find(shown["id"])
        with self.casebook.in_hand(self.hotline, shown["id"]) as mine:
            taken_for_me = step == "assess"
            if case is None or not (mine or taken_for_me):
                return False
            fresh = self.desk.get(path_of("items", shown["id"]))
            try:
                return fresh["next_step"] == step and self._carry(fresh, case)
            except WrongState:
                return False  # a colleague was faster
            except NodeError as refusal:
                self.casebook.note_trouble(f"{self.hotline}: {refusal}")
                return False

    def _carry(self, shown: Json, case: Case) -> bool:
        item = shown["id"]
        match shown["next_step"]:
            case "take":
                self.desk.post(path_of("items", item, "take"), {})
                self._assess(item, case)
            case "assess":
                self._assess(item, case)
            case "locate":
                self._locate(item, case, stated=1 if shown["returned"] else 0)
            case "accept-or-return":
                self._answer_offer(item, case)
            case "act":
                return self._act(item, case, ACTS_DONE[shown["state"]])
            case _:
                return False
        return True

    def _assess(self, item: str, case: Case) -> None:
        plan = case.item
        real, below, severity = plan.answers
        body = {
            "labels": list(plan.labels),
            "baseline": {"real": real, "below_age_limit": below, "severity": severity},
            "verdicts": dict(plan.verdicts),
        }
        self.desk.post(path_of("items", item, "assess"), body)
        self.casebook.note_judged()
        if plan.outcome is not Outcome.NOT_ILLEGAL:
            self._locate(item, case, stated=0)

    def _locate(self, item: str, case: Case, *, stated: int) -> None:
        """State the next hosting country; what is hosted here is acted on at once."""
        plan = case.item
        self.desk.post(path_of("items", item, "locate"), {"country": plan.hosting[stated]})
        if plan.outcome is Outcome.HOME and plan.hosting[stated] == plan.hosting[-1]:
            self._act(item, case, 0)

    def _answer_offer(self, item: str, case: Case) -> None:
        plan = case.item
        for returned in plan.returns:
            if returned.by == self.hotline:
                self.desk.post(path_of("items", item, "return"), {"reason": returned.reason})
                return
        self.desk.post(path_of("items", item, "accept"), {})
        self._act(item, case, 0)

    def _act(self, item: str, case: Case, done: int) -> bool:
        """Do all acts that the plan still wants; False if it wants none."""
        todo = case.item.acts[done:]
        for action in todo:
            self.desk.post(path_of("items", item, "act"), {"action": action})
        return bool(todo)
