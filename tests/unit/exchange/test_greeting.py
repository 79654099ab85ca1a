"""Hello: heads, cards, and coming back from an old copy."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from support.casework import accepted, filed, judged, offered, placed
from support.nodes import Desk, carry, carry_all, federation, greet, ready

from inhope_node.exchange.door import answer
from inhope_node.exchange.greeting import hello_to, learn, must_reopen
from inhope_node.model.lifecycle import State
from keys.card import Endpoint, next_card
from keys.identifiers import NO_DIGEST
from keys.trust import Level
from protocol.hello import sign_hello


@pytest.fixture
def pair(tmp_path: Path) -> list[Desk]:
    return federation(tmp_path, "alpha", "bravo")


def restored(desk: Desk, copy: Path) -> None:
    """Put an old copy of the database back, as after a disaster."""
    desk.store.close()
    for old in desk.path.parent.glob(desk.path.name + "*"):
        old.unlink()
    shutil.copy(copy, desk.path)
    desk.reopen_files()


def copied(desk: Desk) -> Path:
    """A copy of the database as it is now."""
    desk.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = desk.path.with_suffix(".copy")
    shutil.copy(desk.path, copy)
    return copy


def test_heads_that_agree_open_nothing(pair: list[Desk]) -> None:
    alpha, bravo = pair
    offered(alpha)
    carry(alpha, bravo)
    assert not greet(alpha, bravo)
    assert not greet(bravo, alpha)


def test_a_lost_receipt_opens_nothing(pair: list[Desk]) -> None:
    alpha, bravo = pair
    offered(alpha)
    sent = ready(alpha, bravo)
    assert sent is not None
    answer(bravo.turn, bravo.us, sent.wire)
    assert not greet(alpha, bravo)
    carry(alpha, bravo)
    assert bravo.store.channels.received_head(alpha.us.id).seq == 1


def test_a_sender_that_came_back_from_an_old_copy_goes_on_by_itself(pair: list[Desk]) -> None:
    alpha, bravo = pair
    first = offered(alpha)
    carry(alpha, bravo)
    copy = copied(alpha)
    lost = offered(alpha)
    carry(alpha, bravo)
    restored(alpha, copy)
    later = offered(alpha)
    carry(alpha, bravo)
    for item in (first, lost, later):
        assert bravo.store.items.get(item.id).state is State.DELIVERED
    assert bravo.store.channels.received_head(alpha.us.id).incarnation == 2
    assert bravo.store.audit.effects() == []
    assert "reopened" in {alarm.code for alarm in alpha.store.alarms.standing()}


def test_a_receiver_that_came_back_from_an_old_copy_gets_everything_again(pair: list[Desk]) -> None:
    alpha, bravo = pair
    copy = copied(bravo)
    items = [offered(alpha) for _ in range(3)]
    for _ in items:
        carry(alpha, bravo)
    restored(bravo, copy)
    assert bravo.store.items.find(items[0].id) is None
    carry(alpha, bravo)
    assert {bravo.store.items.get(item.id).state for item in items} == {State.DELIVERED}
    assert bravo.store.audit.effects() == []


def test_a_receiver_restored_between_two_envelopes_is_found_out_at_the_next_hello(
    pair: list[Desk],
) -> None:
    alpha, bravo = pair
    first = offered(alpha)
    carry(alpha, bravo)
    copy = copied(bravo)
    second = offered(alpha)
    carry(alpha, bravo)
    restored(bravo, copy)
    third = offered(alpha)
    carry(alpha, bravo)
    for item in (first, second, third):
        assert bravo.store.items.get(item.id).state is State.DELIVERED
    assert bravo.store.audit.effects() == []


def test_ownership_survives_the_owner_being_restored_after_the_acceptance(pair: list[Desk]) -> None:
    alpha, bravo = pair
    item = offered(alpha)
    carry(alpha, bravo)
    accepted(bravo, item)
    copy = copied(alpha)
    carry(bravo, alpha)
    restored(alpha, copy)
    carry(bravo, alpha)
    assert alpha.store.items.get(item.id).owner == bravo.us.id
    assert alpha.store.audit.effects() == []


def test_a_new_card_is_handed_over_and_used(pair: list[Desk]) -> None:
    alpha, bravo = pair
    root = alpha.us.identity.root
    assert root is not None
    old = alpha.us.card
    moved = next_card(
        old,
        secret=root,
        issued_at_ms=old.card.issued_at_ms + 1,
        endpoints=(Endpoint("https://moved.example:8443", old.card.endpoints[0].pins),),
    )
    alpha.us = replace(alpha.us, chain=(old, moved))
    greet(alpha, bravo)
    known = bravo.known(alpha)
    assert known.peer.card.version == 2
    assert known.peer.endpoints[0].url == "https://moved.example:8443"
    greet(alpha, bravo)
    assert alpha.known(bravo).known_card_version == 2
    now_ms = alpha.turn().now_ms
    hello = hello_to(alpha.store, alpha.us, alpha.known(bravo), answers=NO_DIGEST, now_ms=now_ms)
    assert hello.cards == ()


def test_a_changed_claim_raises_an_alarm_and_the_confirmed_values_rule(pair: list[Desk]) -> None:
    alpha, bravo = pair
    root = alpha.us.identity.root
    assert root is not None
    old = alpha.us.card
    claim = replace(old.card.organisation, countries=("XA", "XZ"))
    card = next_card(old, secret=root, issued_at_ms=old.card.issued_at_ms + 1, organisation=claim)
    alpha.us = replace(alpha.us, chain=(old, card))
    greet(alpha, bravo)
    known = bravo.known(alpha)
    assert known.peer.level is Level.VERIFIED
    assert known.peer.organisation.countries == ("XA",)
    assert "claims" in {alarm.code for alarm in bravo.store.alarms.standing()}
    assert placed(bravo, judged(bravo, filed(bravo)[0]), "XZ").state is State.ORPHANED


def test_a_card_that_does_not_follow_is_not_taken(pair: list[Desk]) -> None:
    alpha, bravo = pair
    known = bravo.known(alpha)
    hello = hello_to(alpha.store, alpha.us, alpha.known(bravo), answers=NO_DIGEST, now_ms=1)
    forged = replace(hello, cards=(b"\x93\x01\x02\x03",))
    learnt = learn(bravo.store, known, forged, now_ms=2)
    assert learnt.peer == known.peer
    assert "card" in {alarm.code for alarm in bravo.store.alarms.standing()}


def test_a_forged_head_is_not_believed(pair: list[Desk]) -> None:
    alpha, bravo = pair
    offered(alpha)
    carry(alpha, bravo)
    now_ms = bravo.turn().now_ms
    hello = hello_to(bravo.store, bravo.us, bravo.known(alpha), answers=NO_DIGEST, now_ms=now_ms)
    assert hello.received is not None
    bent = bytearray(hello.received.signature)
    bent[5] ^= 1
    forged = replace(hello, received=replace(hello.received, signature=bytes(bent)))
    assert must_reopen(alpha.store, alpha.us, alpha.known(bravo), hello) is None
    claimed = must_reopen(alpha.store, alpha.us, alpha.known(bravo), forged)
    assert claimed is not None
    assert claimed.seq == 0


def test_a_hello_of_a_stranger_is_not_answered(tmp_path: Path, pair: list[Desk]) -> None:
    alpha, bravo = pair
    (tmp_path / "other").mkdir()
    bravo.store.db.execute("UPDATE peers SET level = 'introduced'")
    hello = hello_to(alpha.store, alpha.us, alpha.known(bravo), answers=NO_DIGEST, now_ms=1)
    data = sign_hello(hello, alpha.us.identity.signing).encode()
    assert answer(bravo.turn, bravo.us, data).body is None


def test_everything_empties_between_four_nodes(tmp_path: Path) -> None:
    desks = federation(tmp_path, "alpha", "bravo", "carol", "interpol")
    for desk, country in zip(desks[:3], ("XB", "XC", "XA"), strict=True):
        offered(desk, country)
    carry_all(*desks)
    for desk in desks:
        assert desk.store.outbox.unsettled() == []
        assert desk.store.shares.count() == 0
