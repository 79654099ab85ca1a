"""The calls about reports and items. Each is a plain function of a turn and a call."""

import re
from typing import Any

from inhope_node.api.requests import (
    Act,
    Assess,
    FileReport,
    GiveBack,
    Locate,
    NextItem,
    Nothing,
    Offer,
)
from inhope_node.api.shapes import (
    Json,
    Names,
    history_shape,
    item_detail,
    item_shape,
    report_shape,
)
from inhope_node.casework.act import act
from inhope_node.casework.answer_offer import accept, give_back
from inhope_node.casework.assess import Finding, assess
from inhope_node.casework.file_report import Submission, file_report
from inhope_node.casework.locate import locate, offer
from inhope_node.casework.take import next_item, take
from inhope_node.casework.turn import Turn
from inhope_node.errors import BadInput
from inhope_node.model.item import Item
from inhope_node.model.lifecycle import State

PAGE_DEFAULT, PAGE_MAX = 100, 500


class CaseCalls:
    """What people do with reports and items."""

    def __init__(self, own_name: str, *, folds: bool = False) -> None:
        self._own_name = own_name
        self._folds = folds

    def post_report(self, turn: Turn, call: FileReport, _at: str) -> Json:
        """File a report with its items."""
        values = call.model_dump(mode="json")
        report, items = file_report(turn, Submission(**values))
        return report_shape(turn, report) | {"items": [item.id for item in items]}

    def get_reports(self, turn: Turn, query: dict[str, str], _at: str) -> Json:
        """A page of reports, oldest first."""
        limit = page_limit(query)
        found = turn.store.reports.page(after=query.get("after", ""), limit=limit)
        following = found[-1].id if len(found) == limit else ""
        return {"reports": [report_shape(turn, report) for report in found], "next": following}

    def get_report(self, turn: Turn, query: dict[str, str], at: str) -> Json:
        """One report with its notes; the reporter only when asked for, which is audited."""
        report = turn.store.reports.get(at)
        shape = report_shape(turn, report) | {"notes": report.notes}
        if query.get("reveal") == "true":
            _note_reveal(turn, "reporter_revealed", report=report.id)
            shape |= {"reporter": report.reporter}
        return shape

    def get_items(self, turn: Turn, query: dict[str, str], _at: str) -> Json:
        """A page of items; INTERPOL's shows equal addresses as one unless `fold=false`."""
        limit, state = page_limit(query), query.get("state", "")
        if state and state not in {known.value for known in State}:
            raise BadInput(f"A state is one of {', '.join(known.value for known in State)}.")
        owner = self._owner(turn, query.get("owner", ""))
        folded = self._folds and query.get("fold") != "false"
        found = turn.store.items.page(
            state=state, owner=owner, after=query.get("after", ""), limit=limit, folded=folded
        )
        following = found[-1].id if len(found) == limit else ""
        names = Names(turn, self._own_name)
        return {"items": [item_shape(turn, i, names) for i in found], "next": following}

    def get_item(self, turn: Turn, query: dict[str, str], at: str) -> Json:
        """One item with all that was stated; the exact address only when asked for, audited."""
        item = turn.store.items.get(at)
        reveal = query.get("reveal") == "true"
        if reveal:
            _note_reveal(turn, "address_revealed", item_id=item.id)
        return item_detail(turn, item, Names(turn, self._own_name), reveal=reveal)

    def get_history(self, turn: Turn, _query: dict[str, str], at: str) -> Json:
        """What happened to an item, oldest first."""
        turn.store.items.get(at)
        return {"history": [history_shape(entry) for entry in turn.store.audit.of_item(at)]}

    def post_next(self, turn: Turn, call: NextItem, _at: str) -> Json:
        """The most pressing item for the caller."""
        item, step = next_item(turn, take_it=call.take)
        return {"item": None if item is None else self._shape(turn, item), "step": step}

    def post_take(self, turn: Turn, _call: Nothing, at: str) -> Json:
        """Take or renew the lease."""
        return self._shape(turn, take(turn, at))

    def post_assess(self, turn: Turn, call: Assess, at: str) -> Json:
        """Write an assessment."""
        finding = Finding(labels=call.labels, baseline=call.baseline, verdicts=call.verdicts)
        return self._shape(turn, assess(turn, at, finding))

    def post_locate(self, turn: Turn, call: Locate, at: str) -> Json:
        """Write a hosting observation and route the item."""
        values: dict[str, Any] = call.model_dump(mode="json")
        return self._shape(turn, locate(turn, at, values))

    def post_offer(self, turn: Turn, call: Offer, at: str) -> Json:
        """Offer the item."""
        return self._shape(turn, offer(turn, at, call.to))

    def post_accept(self, turn: Turn, _call: Nothing, at: str) -> Json:
        """Own the item."""
        return self._shape(turn, accept(turn, at))

    def post_return(self, turn: Turn, call: GiveBack, at: str) -> Json:
        """Give the item back."""
        return self._shape(turn, give_back(turn, at, call.reason))

    def post_act(self, turn: Turn, call: Act, at: str) -> Json:
        """Record an act."""
        return self._shape(turn, act(turn, at, call.action, call.reason))

    def _shape(self, turn: Turn, item: Item) -> Json:
        return item_shape(turn, item, Names(turn, self._own_name))

    def _owner(self, turn: Turn, name: str) -> str:
        if name in ("", turn.me):
            return name
        return turn.me if name in (self._own_name, "me") else turn.store.peers.get(name).id


def _note_reveal(turn: Turn, event: str, *, item_id: str = "", **words: str) -> None:
    turn.store.audit.add(at_ms=turn.now_ms, actor=turn.actor, event=event, item_id=item_id, **words)


def page_limit(query: dict[str, str]) -> int:
    """How many rows a page has.

    Raises:
        BadInput: It is no number from 1 to 500.
    """
    text = query.get("limit", str(PAGE_DEFAULT))
    if not re.fullmatch("[0-9]{1,3}", text) or not 1 <= int(text) <= PAGE_MAX:
        raise BadInput(f"A limit is a number from 1 to {PAGE_MAX}.")
    return int(text)
