"""Every state has a clock, every overdue thing an alarm that goes away with its cause."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.desk import Desk

from inhope_node.casework.deadlines import watch
from inhope_node.casework.locate import locate
from inhope_node.config import Deadlines, Rules
from inhope_node.model.item import Item
from inhope_node.model.lifecycle import State
from inhope_node.store.post import StoredMessage

SHORT = Deadlines(
    **{name: 1000 for name in Deadlines.model_fields if not name.startswith("undelivered")}
)


def standing(desk: Desk) -> set[tuple[str, str]]:
    watch(desk.turn("system"))
    return {(alarm.code, alarm.about) for alarm in desk.store.alarms.standing()}


def waiting_for(desk: Desk, peer: str, *, urgent: bool) -> None:
    message = StoredMessage(
        origin=desk.turn().me,
        id=desk.turn().new_id(),
        digest=b"d",
        kind="item",
        item_id="i",
        sender="",
        result="",
        signed=b"s",
        at_ms=desk.now_ms,
    )
    desk.store.messages.add(message)
    desk.store.outbox.queue(message, peer, urgent=urgent, now_ms=desk.now_ms)


@pytest.mark.parametrize("state", ["new", "assessed", "located", "police_pending", "orphaned"])
def test_what_stands_too_long_is_counted_by_state_and_named_by_none(desk: Desk, state: str) -> None:
    desk.rules = Rules(deadlines_ms=SHORT)
    makers: dict[str, Callable[[], Item]] = {"new": desk.filed, "assessed": desk.assessed}
    item = makers.get(state, lambda: desk.located("XB" if state == "orphaned" else "XA"))()
    if state == "located":
        desk.store.db.execute("UPDATE items SET state = 'located'")
    assert standing(desk) == set()
    desk.later(1001)
    assert standing(desk) == {("overdue", state)}
    (alarm,) = desk.store.alarms.standing()
    assert item.id not in alarm.message + alarm.advice
    assert f"item list --state {state}" in alarm.advice


def test_an_alarm_ends_with_its_cause(desk: Desk) -> None:
    desk.rules = Rules(deadlines_ms=SHORT)
    item = desk.assessed()
    desk.later(1001)
    assert standing(desk) == {("overdue", "assessed")}
    locate(desk.turn(), item.id, {"country": "XA"})
    assert standing(desk) == set()


def test_what_is_an_end_is_never_overdue(desk: Desk) -> None:
    desk.rules = Rules(deadlines_ms=SHORT)
    desk.assessed("not_illegal")
    desk.told(desk.peer("bravo"))
    desk.later(10**9)
    assert standing(desk) == set()


def test_what_another_owns_is_not_our_delay(desk: Desk) -> None:
    desk.rules = Rules(deadlines_ms=SHORT)
    item = desk.filed()
    desk.store.db.execute("UPDATE items SET owner = 'another' WHERE id = ?", [item.id])
    desk.later(10**9)
    assert standing(desk) == set()


def test_leases_and_offers_end_by_themselves(desk: Desk) -> None:
    desk.peer("bravo")
    taken = desk.taken("https://host.example/two")
    offered = desk.located("XB")
    desk.later(desk.rules.offer_lease_ms)
    watch(desk.turn("system"))
    assert desk.store.items.get(taken.id).state is State.NEW
    assert desk.store.items.get(offered.id).state is State.ORPHANED


@pytest.mark.parametrize("urgent", [True, False])
def test_a_message_that_waits_too_long_raises_an_alarm_urgent_ones_sooner(
    desk: Desk, *, urgent: bool
) -> None:
    limits = desk.rules.deadlines_ms
    limit_ms = limits.undelivered_urgent if urgent else limits.undelivered
    bravo = desk.peer("bravo")
    desk.peer("carol")
    waiting_for(desk, bravo, urgent=urgent)
    desk.later(limit_ms - 1)
    assert standing(desk) == set()
    desk.later(1)
    assert standing(desk) == {("undelivered", "bravo")}
    (alarm,) = desk.store.alarms.standing()
    assert alarm.advice.startswith("`peer show bravo`")
    (row, _) = desk.store.outbox.next(bravo, limit=1)[0]
    desk.store.outbox.settle(row.number, state="delivered", result="accepted")
    assert standing(desk) == set()


def test_a_turn_is_one_moment(desk: Desk, tmp_path: Path) -> None:
    turn = desk.turn()
    desk.later(5)
    assert turn.now_ms + 5 == desk.now_ms
    assert (tmp_path / "node.db").exists()
    ids = [turn.new_id() for _ in range(50)]
    assert ids == sorted(set(ids))
