"""What is saved is found again, once; the history tells when somebody touched it."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.desk import ADDRESS, ME, Desk, open_desk
from support.identities import NOW_MS, organisation, seeded_card, seeded_identity, verified_peer

from inhope_node.errors import BadInput, NotFound
from inhope_node.model.people import User, UserRole
from inhope_node.model.records import Fact, PlannedShare, Report
from inhope_node.store.database import change
from inhope_node.store.peers import KnownPeer, with_peer
from inhope_node.store.people import ANSWER_KEPT_MS
from inhope_node.store.post import OutboxRow, OutgoingEnvelope, StoredMessage
from keys.card import Role, next_card
from keys.identifiers import NO_DIGEST, Digest
from keys.trust import Level, extend, suspend
from protocol.channel import EMPTY, Head

DIGEST = Digest(b"d" * 32)


def message(name: str, *, item: str = "item", sender: str = "", result: str = "") -> StoredMessage:
    return StoredMessage(
        origin=ME,
        id=name,
        digest=DIGEST,
        kind="action",
        item_id=item,
        sender=sender,
        result=result,
        signed=name.encode(),
        at_ms=NOW_MS,
    )


def queued(desk: Desk, name: str, *, urgent: bool = False, at_ms: int = NOW_MS) -> None:
    desk.store.messages.add(message(name))
    desk.store.outbox.queue(message(name), "bravo", urgent=urgent, now_ms=at_ms)


def waiting(desk: Desk) -> list[str]:
    return [signed.decode() for _, signed in desk.store.outbox.next("bravo", limit=100)]


# --- cases


def test_a_report_comes_back_as_it_was(desk: Desk) -> None:
    item = desk.filed(notes="n", reporter="r", reference="case 1")
    report = desk.store.reports.get(item.report_id)
    assert (report.notes, report.reporter, report.reference) == ("n", "r", "case 1")
    assert "reporter=" not in repr(report)
    assert desk.store.items.of_report(report.id) == [item.id]
    assert desk.store.items.find(item.id) == item


@pytest.mark.parametrize("room", ["reports", "items"])
def test_what_is_not_there_is_said_not_to_be_there(desk: Desk, room: str) -> None:
    with pytest.raises(NotFound, match="list` shows them"):
        getattr(desk.store, room).get("nothing")


def test_a_statement_that_was_never_made_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.store.facts.get(ME, "nothing")


def test_pages_follow_each_other_without_gap_or_repetition(desk: Desk) -> None:
    for number in range(7):
        desk.filed(f"https://host.example/{number}")
    seen: list[str] = []
    after = ""
    while page := desk.store.items.page(state="", owner=ME, after=after, limit=3):
        seen += [item.id for item in page]
        after = page[-1].id
    assert seen == sorted(set(seen))
    assert len(seen) == 7
    assert [r.id for r in desk.store.reports.page(after="", limit=9)] == sorted(
        r.id for r in desk.store.reports.page(after="", limit=9)
    )
    assert desk.store.items.page(state="located", owner="", after="", limit=9) == []


def test_equal_addresses_are_counted_by_their_canonical_form(desk: Desk) -> None:
    one = desk.filed()
    desk.filed("HTTPS://HOST.example:443/one")
    assert desk.store.items.same_address(one.canonical) == 2
    assert desk.store.items.addresses() == 1
    assert desk.store.items.owned(ME) == 2


def test_a_statement_is_kept_once_and_never_changed(desk: Desk) -> None:
    fact = Fact(origin=ME, id="f", item_id="i", kind="action", made_at_ms=NOW_MS, body=b"first")
    desk.store.facts.add(fact)
    desk.store.facts.add(replace(fact, body=b"second"))
    assert desk.store.facts.get(ME, "f").body == b"first"
    assert desk.store.facts.of_item("i") == [fact]
    assert desk.store.facts.of_item("i", "hosting") == []


def test_a_share_is_planned_once(desk: Desk) -> None:
    share = PlannedShare(item_id="i", kind="item", fact_id="i", audience="x", planned_at_ms=1)
    for audience in ("x", "x", "y"):
        desk.store.shares.plan(replace(share, audience=audience))
    plans = desk.store.shares.next(after=0, limit=9)
    assert [plan.audience for plan in plans] == ["x", "y"]
    assert desk.store.shares.next(after=plans[0].number, limit=9) == plans[1:]
    desk.store.shares.done(plans[0].number)
    assert desk.store.shares.count() == 1


# --- the chained audit


def test_a_whole_history_holds(desk: Desk) -> None:
    assert desk.store.audit.broken_at() == 0
    desk.assessed()
    assert desk.store.audit.broken_at() == 0


@pytest.mark.parametrize("column", ["at_ms", "actor", "event", "item_id", "detail"])
def test_an_entry_that_was_changed_by_hand_is_named(desk: Desk, column: str) -> None:
    desk.assessed()
    value = 1 if column == "at_ms" else "other"
    sql = f"UPDATE audit SET {column} = :v WHERE number = 2"  # noqa: S608 (our own columns)
    change(desk.store.db, sql, v=value)
    assert desk.store.audit.broken_at() == 2


def test_an_entry_that_was_taken_out_is_told_by_the_next(desk: Desk) -> None:
    desk.assessed()
    change(desk.store.db, "DELETE FROM audit WHERE number = 2")
    assert desk.store.audit.broken_at() == 3


def test_a_digest_made_to_fit_a_changed_entry_is_told_by_the_next(desk: Desk) -> None:
    desk.assessed()
    change(desk.store.db, "UPDATE audit SET previous = x'00' WHERE number = 2")
    assert desk.store.audit.broken_at() == 2
    change(desk.store.db, "DELETE FROM audit WHERE number < 3")
    assert desk.store.audit.broken_at() == 3


def test_a_message_that_took_effect_twice_is_found(desk: Desk) -> None:
    audit = desk.store.audit
    for name in ("a", "b", "a"):
        audit.add(at_ms=1, actor="peer", event="message_applied", item_id="i", origin="o", id=name)
    assert audit.effects() == [{"origin": "o", "id": "a", "times": 2}]
    assert [entry.event for entry in audit.of_item("i")] == ["message_applied"] * 3


def test_an_alarm_keeps_its_age_and_counts(desk: Desk) -> None:
    alarms = desk.store.alarms
    for now_ms in (10, 20):
        alarms.raise_("late", "bravo", now_ms=now_ms, message="m", advice=str(now_ms))
    (alarm,) = alarms.standing()
    assert (alarm.since_ms, alarm.times, alarm.advice) == (10, 2, "20")
    alarms.clear("late", "bravo")
    assert alarms.standing() == []


# --- people and their answers


def test_a_person_is_found_by_token_and_the_token_is_not_kept(desk: Desk) -> None:
    token = desk.user("ann", UserRole.ANALYST)
    assert desk.store.users.by_token(token) == desk.store.users.all()[0]
    assert desk.store.users.by_token("other") is None
    assert token not in str(list(desk.store.db.query("SELECT * FROM users")))


@pytest.mark.parametrize(("name", "pseudonym"), [("ann", "other"), ("other", "ann")])
def test_no_two_people_share_a_name_or_pseudonym(desk: Desk, name: str, pseudonym: str) -> None:
    desk.user("ann", UserRole.ANALYST)
    user = User(name=name, role=UserRole.ANALYST, pseudonym=pseudonym, created_at_ms=1)
    with pytest.raises(BadInput, match="choose another"):
        desk.store.users.add(user, "t")


def test_an_answer_is_given_again_to_the_same_call_only(desk: Desk) -> None:
    answers = desk.store.answers
    answers.keep("ann", "key", b"request", "answer", NOW_MS)
    assert answers.find("ann", "key", b"request") == "answer"
    assert answers.find("bob", "key", b"request") is None
    assert answers.find("ann", "other", b"request") is None
    with pytest.raises(BadInput, match="used for another call"):
        answers.find("ann", "key", b"another")


def test_old_answers_are_forgotten(desk: Desk) -> None:
    answers = desk.store.answers
    answers.keep("ann", "old", b"r", "a", NOW_MS)
    answers.keep("ann", "new", b"r", "a", NOW_MS + ANSWER_KEPT_MS + 1)
    assert answers.find("ann", "old", b"r") is None
    assert answers.find("ann", "new", b"r") == "a"


# --- peers


def test_a_peer_comes_back_with_its_cards_and_what_was_confirmed(desk: Desk) -> None:
    bravo = desk.peer("bravo")
    found = desk.store.peers.get("bravo")
    assert found == desk.store.peers.find(bravo) == desk.store.peers.get(bravo)
    assert found.verified
    assert found.peer.confirmed == organisation("bravo", countries=("XB",))
    assert desk.store.peers.find("0" * 64) is None


def test_names_and_nodes_stand_in_the_book_once(desk: Desk) -> None:
    desk.peer("bravo")
    with pytest.raises(BadInput, match="known already"):
        desk.peer("bravo")
    with pytest.raises(NotFound, match="peer list"):
        desk.store.peers.get("carol")


def test_verified_peers_come_lowest_node_id_first_and_by_role(desk: Desk) -> None:
    ids = [desk.peer(name) for name in ("bravo", "carol", "delta")]
    desk.peer("police", role=Role.INTERPOL, countries=())
    desk.peer("echo", verified=False)
    known = desk.store.peers.verified(role=Role.HOTLINE)
    assert [peer.id for peer in known] == sorted(ids)
    assert len(desk.store.peers.verified()) == 4
    assert [peer.name for peer in desk.store.peers.all()] == sorted(
        ["bravo", "carol", "delta", "police", "echo"]
    )


def test_notes_about_a_peer_are_kept(desk: Desk) -> None:
    bravo = desk.peer("bravo")
    peers = desk.store.peers
    peers.touch(bravo, now_ms=5, skew_ms=7)
    peers.touch(bravo, now_ms=6)
    peers.note_card_version(bravo, 3)
    peers.note_batch(bravo, 2)
    known = peers.get("bravo")
    assert (known.last_contact_ms, known.skew_ms) == (6, 7)
    assert (known.known_card_version, known.batch_max) == (3, 2)


def test_a_longer_and_a_shorter_chain_replace_the_one_kept(desk: Desk) -> None:
    first_card = seeded_card("alpha")
    second = next_card(
        first_card,
        secret=seeded_identity("alpha").root,  # type: ignore[arg-type]
        issued_at_ms=NOW_MS,
        organisation=organisation("other"),
    )
    peer = verified_peer(first_card)
    known = KnownPeer(name="alpha", peer=peer)
    desk.store.peers.add(known)
    desk.store.peers.save(with_peer(known, extend(peer, (second,))))
    assert desk.store.peers.get("alpha").peer.claims_changed
    desk.store.peers.save(with_peer(known, suspend(peer)))
    found = desk.store.peers.get("alpha").peer
    assert (found.level, found.cards) == (Level.SUSPENDED, (first_card,))


# --- the outbox


def test_urgent_messages_go_first_and_none_overtakes_its_like(desk: Desk) -> None:
    for name, urgent in (("1", False), ("2", True), ("3", False), ("4", True)):
        queued(desk, name, urgent=urgent)
    assert waiting(desk) == ["2", "4", "1", "3"]


def queue_all(desk: Desk, plan: list[tuple[int, bool]]) -> list[OutboxRow]:
    urgency = dict(plan)
    with desk.store.transaction():
        for number, (item, _) in enumerate(plan):
            made = message(f"{number:03}", item=str(item))
            desk.store.messages.add(made)
            desk.store.outbox.queue(made, "bravo", urgent=urgency[item], now_ms=NOW_MS)
    return [row for row, _ in desk.store.outbox.next("bravo", limit=100)]


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=30))
def test_messages_about_one_item_keep_their_order(plan: list[tuple[int, bool]]) -> None:
    """All messages about one item have its urgency, so the rank never parts them."""
    urgency = dict(plan)
    with TemporaryDirectory() as folder, open_desk(Path(folder)) as desk:
        found = queue_all(desk, plan)
    for item in urgency:
        names = [row.message_id for row in found if row.item_id == str(item)]
        assert names == sorted(names)
    ranks = [row.rank for row in found]
    assert ranks == sorted(ranks)


def test_a_message_waits_once_for_a_peer(desk: Desk) -> None:
    queued(desk, "1")
    desk.store.outbox.queue(message("1"), "bravo", urgent=True, now_ms=1)
    assert waiting(desk) == ["1"]
    assert desk.store.outbox.waiting() == {"bravo": (1, NOW_MS)}


def test_urgent_messages_are_watched_apart(desk: Desk) -> None:
    queued(desk, "1", at_ms=5)
    assert desk.store.outbox.urgent_since() == {}
    queued(desk, "2", urgent=True, at_ms=9)
    assert desk.store.outbox.urgent_since() == {"bravo": 9}


def test_what_was_sent_and_not_receipted_waits_again(desk: Desk) -> None:
    outbox = desk.store.outbox
    for name in ("1", "2", "3", "4"):
        queued(desk, name)
    for seq, name in enumerate(("1", "2", "3"), start=1):
        number = next(r.number for r, _ in outbox.next("bravo", limit=9) if r.message_id == name)
        outbox.mark_sent([number], incarnation=1, seq=seq)
        if seq < 3:
            outbox.settle(number, state="delivered", result="accepted")
    assert waiting(desk) == ["4"]
    assert [row.message_id for row in outbox.unsettled()] == ["3", "4"]
    assert [row.tries for row in outbox.in_envelope("bravo", 1, 3)] == [1]
    outbox.requeue_after("bravo", Head(1, 1, DIGEST))
    assert waiting(desk) == ["2", "3", "4"]


# --- messages and channels


def test_a_message_is_kept_once(desk: Desk) -> None:
    messages = desk.store.messages
    messages.add(message("m", sender="bravo", result="parked:subject"))
    with pytest.raises(Exception, match="UNIQUE"):
        messages.add(message("m"))
    (parked,) = messages.parked("item")
    messages.settle(parked.number, "accepted")
    assert messages.parked("item") == []
    assert messages.received() == 1
    found = messages.find(ME, "m")
    assert found is not None
    assert found.result == "accepted"
    assert messages.find(ME, "other") is None


def envelope(seq: int, incarnation: int = 1) -> OutgoingEnvelope:
    return OutgoingEnvelope(
        peer="bravo",
        incarnation=incarnation,
        seq=seq,
        digest=bytes([seq]) * 32,
        head=b"head",
        wire=b"wire",
        sealed_at_ms=NOW_MS,
    )


def test_a_channel_is_walked_one_envelope_at_a_time(desk: Desk) -> None:
    channels = desk.store.channels
    assert channels.sent_head("bravo") == EMPTY
    assert channels.under_way("bravo") is None
    assert channels.receipted_head("bravo") == EMPTY
    for seq in (1, 2):
        channels.add_sealed(envelope(seq))
    assert channels.under_way("bravo") == envelope(1)
    assert channels.digest_before(envelope(1)) == NO_DIGEST
    assert channels.digest_before(envelope(2)) == envelope(1).digest
    channels.settle(envelope(1), settled="opened", receipt=b"receipt")
    assert channels.under_way("bravo") == envelope(2)
    assert channels.receipted_head("bravo") == Head(1, 1, Digest(envelope(1).digest))
    assert channels.head_signed("envelopes", "bravo", channels.sent_head("bravo")) == b"head"
    channels.abandon("bravo")
    assert channels.under_way("bravo") is None
    channels.open_incarnation("bravo", 2, DIGEST, NOW_MS)
    assert channels.sent_head("bravo") == Head(2, 0, DIGEST)
    assert channels.counts() == {"receipts": 1, "sealed": 2, "received": 0}


def test_a_receipt_is_kept_for_ever(desk: Desk) -> None:
    channels = desk.store.channels
    assert channels.reception("bravo", 1, 1) is None
    head = Head(1, 1, DIGEST)
    channels.add_received("bravo", head, signed=b"head", receipt=b"receipt", now_ms=NOW_MS)
    assert channels.reception("bravo", 1, 1) == (DIGEST, b"receipt")
    assert channels.received_head("bravo") == head
    assert channels.head_signed("receptions", "bravo", head) == b"head"
    assert channels.head_signed("receptions", "bravo", Head(1, 9, DIGEST)) is None


def test_evidence_is_kept(desk: Desk) -> None:
    desk.store.channels.add_evidence("bravo", "1/1", b"signed", NOW_MS)
    (row,) = desk.store.db.query("SELECT * FROM evidence")
    assert (row["peer"], row["signed"], row["at_ms"]) == ("bravo", b"signed", NOW_MS)


def test_a_record_shows_nobody_what_is_private() -> None:
    report = Report(
        id="r",
        reference="",
        channel="phone",
        urgency="normal",
        received_at_ms=1,
        filed_at_ms=1,
        filed_by="ann",
        notes=ADDRESS,
        reporter=ADDRESS,
    )
    assert ADDRESS not in repr(report)
