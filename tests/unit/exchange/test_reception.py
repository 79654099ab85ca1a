"""Taking envelopes in: once, whole, or not at all."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.casework import accepted, done, filed, judged, offered, placed
from support.identities import sealing_secret
from support.nodes import Desk, carry, carry_all, elements_between, federation, ready, settle

from inhope_node.api.cases import CaseCalls
from inhope_node.casework import hear as hear_module
from inhope_node.errors import StoreFull
from inhope_node.exchange.door import answer
from inhope_node.exchange.translate import item_message
from inhope_node.model.lifecycle import State
from inhope_node.store.peers import KnownPeer
from keys.suite import SigningSecret
from keys.trust import confirm, introduce
from keys.words import card_words
from protocol.bodies.hosting import HostingBody
from protocol.element import read_element
from protocol.message import sign_message
from protocol.receipt import ReceiptElement
from protocol.refusal import RefusalElement
from protocol.sealing import seal
from protocol.vocabulary import Outcome, RefusalCode


@pytest.fixture
def pair(tmp_path: Path) -> list[Desk]:
    return federation(tmp_path, "alpha", "bravo")


def results_of(data: bytes | None) -> tuple[str, ...]:
    assert data is not None
    element = read_element(data)
    assert isinstance(element, ReceiptElement)
    return element.receipt.results


def refusal_of(data: bytes | None) -> RefusalCode:
    assert data is not None
    element = read_element(data)
    assert isinstance(element, RefusalElement)
    return element.refusal.code


def resealed(
    one: Desk, other: Desk, messages: list[bytes], *, secret: SigningSecret | None = None
) -> bytes:
    """An envelope at the next place with messages of the test's choice."""
    head = other.store.channels.received_head(one.us.id)
    envelope = seal(
        messages,
        net=one.us.net,
        sender=one.us.node_id,
        receiver=other.us.node_id,
        incarnation=head.incarnation,
        seq=head.seq + 1,
        previous=head.digest,
        card_version=1,
        sent_at_ms=one.now_ms,
        salt=bytes(32),
        secret=secret or one.us.identity.signing,
        recipient=one.known(other).peer.sealing_key(one.now_ms),
    )
    return envelope.encode()


def signed_messages(desk: Desk, item_id: str) -> list[bytes]:
    sql = "SELECT signed FROM messages WHERE item_id = ? ORDER BY number"
    return [row[0] for row in desk.store.db.execute(sql, [item_id]).fetchall()]


def test_an_offer_and_its_facts_make_the_item_at_the_peer(pair: list[Desk]) -> None:
    alpha, bravo = pair
    item = offered(alpha)
    assert carry(alpha, bravo) == ["ReceiptElement"]
    theirs = bravo.store.items.get(item.id)
    assert (theirs.state, theirs.offered_to, theirs.owner) == (
        State.DELIVERED,
        bravo.us.id,
        alpha.us.id,
    )
    assert (theirs.address, theirs.country, theirs.verdict) == (item.address, "XB", "baseline")
    assert alpha.store.items.get(item.id).state is State.DELIVERED


def test_acceptance_moves_the_ownership_and_acts_travel_back(pair: list[Desk]) -> None:
    alpha, bravo = pair
    item = offered(alpha)
    carry(alpha, bravo)
    accepted(bravo, item)
    done(bravo, item)
    carry(bravo, alpha)
    copy = alpha.store.items.get(item.id)
    assert (copy.owner, copy.epoch, copy.state) == (bravo.us.id, 1, State.POLICE_INFORMED)


def test_the_same_envelope_gets_the_same_receipt_byte_for_byte(pair: list[Desk]) -> None:
    alpha, bravo = pair
    offered(alpha)
    sent = ready(alpha, bravo)
    assert sent is not None
    first = answer(bravo.turn, bravo.us, sent.wire).body
    bravo.reopen_files()
    assert answer(bravo.turn, bravo.us, sent.wire).body == first
    assert bravo.store.audit.effects() == []


def test_the_same_messages_in_another_envelope_change_nothing(pair: list[Desk]) -> None:
    alpha, bravo = pair
    item = offered(alpha)
    carry(alpha, bravo)
    again = resealed(alpha, bravo, signed_messages(alpha, item.id))
    assert set(results_of(answer(bravo.turn, bravo.us, again).body)) == {"known"}
    assert bravo.store.audit.effects() == []


def test_lost_answers_lose_and_double_nothing(pair: list[Desk]) -> None:
    alpha, bravo = pair
    items = [offered(alpha) for _ in range(3)]
    assert elements_between(alpha, bravo, lose=lambda number: number % 2 == 0) > 1
    assert {bravo.store.items.get(item.id).state for item in items} == {State.DELIVERED}
    assert bravo.store.audit.effects() == []


def test_another_message_under_a_known_name_is_refused(pair: list[Desk]) -> None:
    alpha, bravo = pair
    item = offered(alpha)
    carry(alpha, bravo)
    alpha.store.db.execute("DELETE FROM messages WHERE kind = 'item'")
    alpha.store.db.execute("UPDATE items SET address = 'https://other.example/'")
    alpha.store.db.execute("UPDATE outbox SET state = 'waiting' WHERE kind <> 'x'")

    forged = item_message(
        alpha.store.items.get(item.id), net=alpha.us.net, made_at_ms=1, salt=bytes(16)
    )
    raw = sign_message(forged, alpha.us.identity.signing).encode()
    data = answer(bravo.turn, bravo.us, resealed(alpha, bravo, [raw])).body
    assert results_of(data) == ("refused:id",)
    assert bravo.store.items.get(item.id).address == item.address


def test_facts_before_their_item_are_parked_and_take_effect_with_it(pair: list[Desk]) -> None:
    alpha, bravo = pair
    item = offered(alpha)
    ready(alpha, bravo)
    raw_item, *facts = signed_messages(alpha, item.id)
    data = answer(bravo.turn, bravo.us, resealed(alpha, bravo, facts)).body
    assert set(results_of(data)) == {"parked:subject"}
    assert bravo.store.items.find(item.id) is None
    data = answer(bravo.turn, bravo.us, resealed(alpha, bravo, [raw_item])).body
    assert results_of(data) == ("accepted",)
    assert bravo.store.items.get(item.id).state is State.DELIVERED
    assert bravo.store.messages.parked(item.id) == []


def test_a_message_of_a_third_node_is_refused(tmp_path: Path) -> None:
    alpha, bravo, carol = federation(tmp_path, "alpha", "bravo", "carol")
    item = offered(alpha)
    carry(alpha, bravo)
    stolen = signed_messages(alpha, item.id)
    data = answer(carol.turn, carol.us, resealed(bravo, carol, stolen)).body
    assert set(results_of(data)) == {"refused:origin"}
    assert carol.store.items.find(item.id) is None


def test_an_offer_sent_to_a_node_it_does_not_name_has_no_effect(tmp_path: Path) -> None:
    alpha, bravo, carol = federation(tmp_path, "alpha", "bravo", "carol")
    item = offered(alpha)
    carry(alpha, bravo)
    data = answer(
        carol.turn, carol.us, resealed(alpha, carol, signed_messages(alpha, item.id))
    ).body
    assert results_of(data)[-1] == "refused:handling"
    assert carol.store.items.get(item.id).state is State.INFORMED


def test_an_error_inside_parks_only_that_message(
    pair: list[Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    alpha, bravo = pair
    item = offered(alpha)

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setitem(hear_module._EFFECTS, HostingBody, broken)
    sent = ready(alpha, bravo)
    assert sent is not None
    results = results_of(answer(bravo.turn, bravo.us, sent.wire).body)
    assert results == ("accepted", "accepted", "parked:internal", "accepted")
    assert bravo.store.items.get(item.id).state is State.DELIVERED


def test_a_full_disk_acknowledges_nothing_and_goes_on_afterwards(pair: list[Desk]) -> None:
    alpha, bravo = pair
    item = offered(alpha)
    pages = bravo.store.db.execute("PRAGMA page_count").fetchone()[0]
    bravo.store.db.execute(f"PRAGMA max_page_count = {pages}")
    sent = ready(alpha, bravo)
    assert sent is not None
    data = answer(bravo.turn, bravo.us, sent.wire).body
    assert refusal_of(data) is RefusalCode.STORAGE
    assert bravo.store.items.find(item.id) is None
    assert bravo.store.channels.received_head(alpha.us.id).seq == 0
    bravo.store.db.execute("PRAGMA max_page_count = 100000")
    carry(alpha, bravo)
    assert bravo.store.items.get(item.id).state is State.DELIVERED


def test_what_cannot_be_opened_is_said_and_sent_again(pair: list[Desk]) -> None:
    alpha, bravo = pair
    item = offered(alpha)
    sent = ready(alpha, bravo)
    assert sent is not None
    real = bravo.us

    bravo.us = replace(real, identity=replace(real.identity, sealing=(sealing_secret("lost"),)))
    data = answer(bravo.turn, bravo.us, sent.wire).body
    assert data is not None
    element = read_element(data)
    assert isinstance(element, ReceiptElement)
    assert element.receipt.outcome is Outcome.CANNOT_OPEN
    settle(alpha, bravo, sent, data)
    bravo.us = real
    carry(alpha, bravo)
    assert bravo.store.items.get(item.id).state is State.DELIVERED


def test_the_third_envelope_that_cannot_be_opened_is_quarantined(pair: list[Desk]) -> None:
    alpha, bravo = pair
    offered(alpha)

    lost = (sealing_secret("lost"),)
    bravo.us = replace(bravo.us, identity=replace(bravo.us.identity, sealing=lost))
    assert carry(alpha, bravo) == ["ReceiptElement"] * 3
    assert {row.state for row in alpha.store.outbox.unsettled()} == {"quarantined"}
    assert "message" in {alarm.code for alarm in alpha.store.alarms.standing()}


def test_a_second_envelope_under_a_number_is_kept_as_evidence(pair: list[Desk]) -> None:
    alpha, bravo = pair
    item = offered(alpha)
    carry(alpha, bravo)
    other = seal(
        signed_messages(alpha, item.id)[:1],
        net=alpha.us.net,
        sender=alpha.us.node_id,
        receiver=bravo.us.node_id,
        incarnation=1,
        seq=1,
        previous=bytes(32),  # type: ignore[arg-type]
        card_version=1,
        sent_at_ms=5,
        salt=bytes(32),
        secret=alpha.us.identity.signing,
        recipient=alpha.known(bravo).peer.sealing_key(0),
    )
    assert refusal_of(answer(bravo.turn, bravo.us, other.encode()).body) is RefusalCode.CONFLICT
    assert bravo.store.db.table("evidence").count == 1
    assert "conflict" in {alarm.code for alarm in bravo.store.alarms.standing()}


def test_strangers_hear_nothing(tmp_path: Path) -> None:
    alpha, bravo = federation(tmp_path, "alpha", "bravo")
    [carol] = federation(tmp_path, "carol")

    card = bravo.us.card
    peer = confirm(introduce((card,)), card.digest, " ".join(card_words(card.digest)))
    carol.store.peers.add(KnownPeer(name="bravo", peer=peer))
    offered(carol)
    sent = ready(carol, bravo)
    assert sent is not None
    for data in (sent.wire, b"", b"\xc0", os_noise(), sent.wire[:-1]):
        assert answer(bravo.turn, bravo.us, data).body is None
    sql = "UPDATE peers SET level = 'suspended'"
    offered(alpha)
    honest = ready(alpha, bravo)
    assert honest is not None
    bravo.store.db.execute(sql)
    assert answer(bravo.turn, bravo.us, honest.wire).body is None


def os_noise() -> bytes:
    return bytes(range(256)) * 8


def test_the_peer_that_is_told_of_a_foreign_item_may_not_act_on_it(tmp_path: Path) -> None:
    alpha, bravo, carol = federation(tmp_path, "alpha", "bravo", "carol")
    item = offered(alpha)
    carry(alpha, bravo)
    accepted(bravo, item)
    carry(bravo, alpha)
    done(bravo, item)
    ready(bravo, alpha)
    act = signed_messages(bravo, item.id)[-1]
    bravo.store.db.execute("UPDATE outbox SET state = 'delivered'")
    alpha.store.db.execute("UPDATE items SET owner = ?", [carol.us.id])
    data = answer(alpha.turn, alpha.us, resealed(bravo, alpha, [act])).body
    assert results_of(data) == ("refused:origin",)


def test_interpol_gets_what_is_baseline_once_and_folds_equal_addresses(tmp_path: Path) -> None:
    alpha, bravo, interpol = federation(tmp_path, "alpha", "bravo", "interpol")
    first = judged(alpha, filed(alpha, "https://one.example/a")[0])
    placed(alpha, first, "XA")
    second = judged(bravo, filed(bravo, "https://ONE.example:443/a")[0])
    placed(bravo, second, "XB")
    national = judged(alpha, filed(alpha, "https://two.example/")[0], "nationally_illegal")
    lawful = judged(alpha, filed(alpha, "https://three.example/")[0], "not_illegal")
    carry_all(alpha, bravo, interpol)
    ids = {item.id for item in interpol.store.items.page(state="", owner="", after="", limit=99)}
    assert ids == {first.id, second.id, national.id}
    assert lawful.id not in ids
    assert interpol.store.items.addresses() == 2
    folded = CaseCalls("interpol", folds=True).get_items(interpol.turn(), {}, "")["items"]
    assert sorted(item["same_address"] for item in folded) == [1, 2]
    unfolded = CaseCalls("interpol", folds=True).get_items(interpol.turn(), {"fold": "false"}, "")
    assert {item["id"] for item in unfolded["items"]} == ids
    plain = CaseCalls("interpol").get_items(interpol.turn(), {}, "")
    assert {item["id"] for item in plain["items"]} == ids
    assert interpol.store.audit.effects() == []


def test_a_storage_fault_in_the_middle_keeps_nothing(
    pair: list[Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    alpha, bravo = pair
    item = offered(alpha)

    def failing(*_: object, **__: object) -> None:
        raise StoreFull("full")

    monkeypatch.setattr(type(bravo.store.channels), "add_received", failing)
    sent = ready(alpha, bravo)
    assert sent is not None
    assert refusal_of(answer(bravo.turn, bravo.us, sent.wire).body) is RefusalCode.STORAGE
    assert bravo.store.items.find(item.id) is None
