"""What leaves for a peer: fixed before it goes, settled only by a signed answer."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.casework import accepted, filed, judged, offered, placed, returned
from support.nodes import Desk, carry, federation, ready, settle

from inhope_node.casework.turn import plan
from inhope_node.exchange import dispatch as dispatch_module
from inhope_node.exchange import translate
from inhope_node.exchange.dispatch import dispatch
from inhope_node.exchange.door import answer
from inhope_node.exchange.sending import Next, settle_receipt
from inhope_node.model.lifecycle import State
from inhope_node.model.records import Fact
from keys.trust import Level
from protocol.element import read_element
from protocol.errors import UsageFault
from protocol.receipt import ReceiptElement
from protocol.refusal import Refusal, sign_refusal
from protocol.vocabulary import RefusalCode


@pytest.fixture
def pair(tmp_path: Path) -> list[Desk]:
    return federation(tmp_path, "alpha", "bravo")


def refused(one: Desk, other: Desk, code: RefusalCode) -> Next:
    """The next envelope gets a refusal with this code."""
    sent = ready(one, other)
    assert sent is not None
    refusal = Refusal(
        net=one.us.net,
        sender=other.us.node_id,
        receiver=one.us.node_id,
        regarding=sent.envelope.digest,  # type: ignore[arg-type]
        code=code,
        head=other.store.channels.received_head(one.us.id),
    )
    return settle(one, other, sent, sign_refusal(refusal, other.us.identity.signing).encode())


def test_the_bytes_of_an_envelope_are_fixed_before_the_first_send(pair: list[Desk]) -> None:
    alpha, bravo = pair
    offered(alpha)
    sent = ready(alpha, bravo)
    offered(alpha)
    alpha.reopen_files()
    again = ready(alpha, bravo)
    assert sent is not None
    assert again is not None
    assert again.wire == sent.wire


def test_sealed_bytes_are_dropped_once_receipted(pair: list[Desk]) -> None:
    alpha, bravo = pair
    offered(alpha)
    carry(alpha, bravo)
    [row] = alpha.store.db.execute("SELECT wire, receipt, head FROM envelopes").fetchall()
    assert row[0] is None
    assert isinstance(read_element(row[1]), ReceiptElement)


def test_many_messages_travel_in_one_envelope(pair: list[Desk]) -> None:
    alpha, bravo = pair
    for number in range(20):
        placed(alpha, judged(alpha, filed(alpha, f"https://n{number}.example/")[0]), "XB")
    assert carry(alpha, bravo) == ["ReceiptElement"]
    assert bravo.store.messages.received() == 80


def test_urgent_items_travel_first_and_whole(pair: list[Desk]) -> None:
    alpha, bravo = pair
    offered(alpha)
    urgent = placed(alpha, judged(alpha, filed(alpha, urgency="imminent_risk")[0]), "XB")
    dispatch(alpha.store, alpha.us, now_ms=alpha.now_ms)
    order = [row.item_id for row, _ in alpha.store.outbox.next(bravo.us.id, limit=99)]
    assert order[:4] == [urgent.id] * 4


def test_a_peer_that_asks_to_wait_gets_the_same_bytes_later(pair: list[Desk]) -> None:
    alpha, bravo = pair
    offered(alpha)
    before = ready(alpha, bravo)
    assert refused(alpha, bravo, RefusalCode.BUSY) is Next.WAIT
    assert refused(alpha, bravo, RefusalCode.STORAGE) is Next.WAIT
    after = ready(alpha, bravo)
    assert before is not None
    assert after is not None
    assert before.wire == after.wire


@pytest.mark.parametrize(
    "code", [RefusalCode.GAP, RefusalCode.STALE, RefusalCode.CARD, RefusalCode.CONFLICT]
)
def test_a_repair_begins_with_a_hello(pair: list[Desk], code: RefusalCode) -> None:
    alpha, bravo = pair
    item = offered(alpha)
    assert refused(alpha, bravo, code) is Next.HELLO
    carry(alpha, bravo)
    assert bravo.store.items.get(item.id).state is State.DELIVERED


def test_a_key_that_is_gone_makes_the_same_messages_travel_in_a_new_envelope(
    pair: list[Desk],
) -> None:
    alpha, bravo = pair
    item = offered(alpha)
    assert refused(alpha, bravo, RefusalCode.KEY) is Next.HELLO
    carry(alpha, bravo)
    assert bravo.store.items.get(item.id).state is State.DELIVERED


def test_final_refusals_halve_until_the_culprit_is_alone(pair: list[Desk]) -> None:
    alpha, bravo = pair
    items = [offered(alpha) for _ in range(2)]
    dispatch(alpha.store, alpha.us, now_ms=alpha.now_ms)
    culprit = alpha.store.outbox.next(bravo.us.id, limit=99)[6][0]
    for _ in range(60):
        sent = ready(alpha, bravo)
        if sent is None:
            break
        inside = alpha.store.outbox.in_envelope(
            bravo.us.id, sent.envelope.incarnation, sent.envelope.seq
        )
        if culprit.number in {row.number for row in inside}:
            refused(alpha, bravo, RefusalCode.MALFORMED)
            continue
        reply = answer(bravo.turn, bravo.us, sent.wire)
        assert reply.body is not None
        settle(alpha, bravo, sent, reply.body)
    [left] = alpha.store.outbox.unsettled()
    assert (left.number, left.state) == (culprit.number, "quarantined")
    assert bravo.store.items.get(items[0].id).state is State.DELIVERED
    assert bravo.store.audit.effects() == []


def test_a_receipt_for_another_envelope_settles_nothing(pair: list[Desk]) -> None:
    alpha, bravo = pair
    offered(alpha)
    first = ready(alpha, bravo)
    assert first is not None
    data = answer(bravo.turn, bravo.us, first.wire).body
    assert data is not None
    settle(alpha, bravo, first, data)
    offered(alpha)
    second = ready(alpha, bravo)
    assert second is not None
    assert settle(alpha, bravo, second, data) is Next.HELLO
    assert alpha.store.channels.under_way(bravo.us.id) is not None


def test_a_second_acceptance_loses_its_ownership_again(tmp_path: Path) -> None:
    alpha, bravo = federation(tmp_path, "alpha", "bravo")
    item = offered(alpha)
    carry(alpha, bravo)
    accepted(bravo, item)
    alpha.store.db.execute("UPDATE items SET offered_to = ''")
    carry(bravo, alpha)
    copy = bravo.store.items.get(item.id)
    assert (copy.owner, copy.state) == (alpha.us.id, State.INFORMED)
    assert {row.result for row in bravo.store.outbox.unsettled()} == {"refused:superseded"}


def test_a_returned_item_is_located_anew_and_may_be_offered_again(pair: list[Desk]) -> None:
    alpha, bravo = pair
    item = offered(alpha)
    carry(alpha, bravo)
    returned(bravo, item, "capacity")
    carry(bravo, alpha)
    back = alpha.store.items.get(item.id)
    assert (back.state, back.returned, back.owner) == (State.LOCATED, "capacity", alpha.us.id)
    placed(alpha, back, "XB")
    carry(alpha, bravo)
    accepted(bravo, item)
    carry(bravo, alpha)
    assert alpha.store.items.get(item.id).epoch == 2
    assert alpha.store.items.get(item.id).owner == bravo.us.id


def test_plans_wait_for_a_peer_that_is_not_verified(pair: list[Desk]) -> None:
    alpha, bravo = pair
    offered(alpha)
    alpha.store.db.execute("UPDATE peers SET level = ?", [Level.SUSPENDED.value])
    assert dispatch(alpha.store, alpha.us, now_ms=1) == frozenset()
    before = alpha.store.shares.count()
    alpha.store.db.execute("UPDATE peers SET level = ?", [Level.VERIFIED.value])
    assert dispatch(alpha.store, alpha.us, now_ms=1) == {bravo.us.id}
    assert alpha.store.shares.count() == before - 4
    assert {share.audience for share in alpha.store.shares.next(after=0, limit=9)} == {"interpol"}


def test_a_crash_between_plan_and_outbox_loses_nothing(
    pair: list[Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    alpha, bravo = pair
    item = offered(alpha)
    with monkeypatch.context() as patch:
        patch.setattr(type(alpha.store.shares), "done", _crash)
        with pytest.raises(KeyboardInterrupt):
            dispatch(alpha.store, alpha.us, now_ms=1)
    alpha.reopen_files()
    assert alpha.store.outbox.unsettled() == []
    carry(alpha, bravo)
    assert bravo.store.items.get(item.id).state is State.DELIVERED


def test_a_message_that_may_not_travel_stays_and_is_shown(tmp_path: Path) -> None:
    alpha, bravo, carol = federation(tmp_path, "alpha", "bravo", "carol")
    item = offered(alpha)
    carry(alpha, bravo)
    [offer] = alpha.store.facts.of_item(item.id, "offer")
    plan(alpha.turn(), item, carol.us.id, offer)
    carry(alpha, carol)
    assert carol.store.messages.received() == 1
    assert [alarm.code for alarm in alpha.store.alarms.standing()] == ["plan"]


def test_a_receipt_with_too_few_results_returns_the_messages(pair: list[Desk]) -> None:
    alpha, bravo = pair
    offered(alpha)
    sent = ready(alpha, bravo)
    assert sent is not None
    data = answer(bravo.turn, bravo.us, sent.wire).body
    assert data is not None
    element = read_element(data)
    assert isinstance(element, ReceiptElement)

    short = replace(element.receipt, results=element.receipt.results[:1])
    turn = alpha.turn("peer:bravo")
    settle_receipt(turn, alpha.known(bravo), sent.envelope, short, data)
    assert {row.state for row in alpha.store.outbox.unsettled()} == {"waiting"}


def test_one_plan_that_cannot_be_a_message_stops_no_other(
    pair: list[Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    alpha, bravo = pair
    item = offered(alpha)
    real = translate.fact_message

    def broken(fact: Fact, **rest: object) -> object:
        if fact.kind == "hosting":
            raise UsageFault
        return real(fact, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(dispatch_module, "fact_message", broken)
    carry(alpha, bravo)
    assert bravo.store.items.get(item.id).state is State.DELIVERED
    assert "hosting" in {share.kind for share in alpha.store.shares.next(after=0, limit=99)}
    assert "plan" in {alarm.code for alarm in alpha.store.alarms.standing()}
    monkeypatch.undo()
    carry(alpha, bravo)
    assert bravo.store.items.get(item.id).country == "XB"


def _crash(*_: object) -> None:
    raise KeyboardInterrupt
