"""What leaves for one peer, and what its answers mean: the store's half of the courier.

`prepare` gives the bytes to send next: the envelope under way, byte for byte, or a new one sealed
from the front of the outbox and fixed on disk first. `settle` reads an answer: a receipt settles
each message, a refusal says what to repair. Only a signed answer settles anything.
"""

from dataclasses import dataclass
from enum import StrEnum

from inhope_node.casework.hear import delivered, superseded
from inhope_node.casework.turn import Turn
from inhope_node.exchange.ourselves import Ourselves
from inhope_node.store.peers import BATCH_MAX, KnownPeer
from inhope_node.store.post import OutboxRow, OutgoingEnvelope
from inhope_node.store.store import Store
from protocol.channel import next_place
from protocol.delivery import fill
from protocol.receipt import Receipt
from protocol.refusal import Refusal
from protocol.sealing import seal
from protocol.vocabulary import Kind, Outcome, RefusalClass, RefusalCode, ResultCode, refusal_class

SALT_BYTES = 32
TRIES_MAX = 3
DELIVERED_RESULTS = frozenset({"accepted", "known"})


class Next(StrEnum):
    """What the courier does after an answer."""

    GO_ON = "go on"
    GREETED = "greeted"
    HELLO = "hello"
    WAIT = "wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Bytes to send and the envelope they are."""

    envelope: OutgoingEnvelope
    wire: bytes


def prepare(store: Store, us: Ourselves, known: KnownPeer, *, now_ms: int) -> Ready | None:
    """The next bytes for the peer, fixed on disk; None if nothing waits."""
    under_way = store.channels.under_way(known.id)
    if under_way is not None and under_way.wire is not None:
        return Ready(envelope=under_way, wire=under_way.wire)
    waiting = store.outbox.next(known.id, limit=min(known.batch_max, BATCH_MAX))
    if not waiting:
        return None
    with store.transaction():
        count = fill([len(signed) for _, signed in waiting])
        return _sealed(store, us, known, waiting[:count], now_ms)


def _sealed(
    store: Store, us: Ourselves, known: KnownPeer, batch: list[tuple[OutboxRow, bytes]], now_ms: int
) -> Ready:
    incarnation, seq, previous = next_place(store.channels.sent_head(known.id))
    envelope = seal(
        [signed for _, signed in batch],
        net=us.net,
        sender=us.node_id,
        receiver=known.peer.node_id,
        incarnation=incarnation,
        seq=seq,
        previous=previous,
        card_version=us.card.card.version,
        sent_at_ms=now_ms,
        salt=us.entropy(SALT_BYTES),
        secret=us.identity.signing,
        recipient=known.peer.sealing_key(now_ms),
    )
    wire = envelope.encode()
    stored = OutgoingEnvelope(
        peer=known.id,
        incarnation=incarnation,
        seq=seq,
        digest=envelope.digest,
        head=envelope.signed.encode(),
        wire=wire,
        sealed_at_ms=now_ms,
    )
    store.channels.add_sealed(stored)
    store.outbox.mark_sent([row.number for row, _ in batch], incarnation=incarnation, seq=seq)
    return Ready(envelope=stored, wire=wire)


def settle_receipt(
    turn: Turn, known: KnownPeer, envelope: OutgoingEnvelope, receipt: Receipt, raw: bytes
) -> Next:
    """Settle every message of `envelope` as the peer's signed receipt says. One transaction."""
    place = (receipt.incarnation, receipt.seq, receipt.envelope)
    if place != (envelope.incarnation, envelope.seq, envelope.digest):
        return Next.HELLO
    store = turn.store
    rows = store.outbox.in_envelope(known.id, envelope.incarnation, envelope.seq)
    with store.transaction():
        store.channels.settle(envelope, settled=receipt.outcome.value, receipt=raw)
        if receipt.outcome is Outcome.OPENED and len(receipt.results) == len(rows):
            for row, result in zip(rows, receipt.results, strict=True):
                _settle_message(turn, known, row, result)
            store.peers.note_batch(known.id, BATCH_MAX)
        else:
            for row in rows:
                _return_message(turn, known, row, receipt.outcome.value)
        store.peers.touch(
            known.id, now_ms=turn.now_ms, skew_ms=receipt.received_at_ms - turn.now_ms
        )
    return Next.GO_ON


def settle_refusal(
    turn: Turn, known: KnownPeer, envelope: OutgoingEnvelope, refusal: Refusal
) -> Next:
    """Do what the peer's signed refusal of `envelope` asks for."""
    match refusal_class(refusal.code):
        case RefusalClass.RETRY:
            return Next.WAIT
        case RefusalClass.REPAIR:
            if refusal.code is RefusalCode.KEY:
                _reseal(turn, known)
            return Next.HELLO
        case RefusalClass.FINAL:
            _halve(turn, known, envelope, refusal)
            return Next.GO_ON


def _settle_message(turn: Turn, known: KnownPeer, row: OutboxRow, result: str) -> None:
    store = turn.store
    if result in DELIVERED_RESULTS:
        store.outbox.settle(row.number, state="delivered", result=result)
        item = store.items.find(row.item_id)
        if row.kind == Kind.OFFER.value and item is not None:
            delivered(turn, item, known.id)
        return
    verb, _, code = result.partition(":")
    store.outbox.settle(row.number, state=verb, result=result)
    _trouble(turn, known, row, result)
    item = store.items.find(row.item_id)
    late = row.kind == Kind.ACCEPTANCE.value and code == ResultCode.SUPERSEDED.value
    if late and item is not None and item.owner == turn.me:
        superseded(turn, item, known.id)


def _trouble(turn: Turn, known: KnownPeer, row: OutboxRow, result: str) -> None:
    turn.store.alarms.raise_(
        "message",
        f"{known.name}/{row.message_id}",
        now_ms=turn.now_ms,
        message=f"{known.name} answered '{result}' to a message of kind {row.kind}.",
        advice="`outbox list` shows it; a parked message takes effect there later by itself, "
        "a refused one needs a look at the item.",
    )


def _return_message(turn: Turn, known: KnownPeer, row: OutboxRow, why: str) -> None:
    """Back to the front of the outbox; the third failure quarantines."""
    if row.tries < TRIES_MAX:
        turn.store.outbox.settle(row.number, state="waiting", result=why)
        return
    turn.store.outbox.settle(row.number, state="quarantined", result=why)
    _trouble(turn, known, row, why)


def _reseal(turn: Turn, known: KnownPeer) -> None:
    """The key it was sealed for is gone there: open a new incarnation with the same messages."""
    with turn.store.transaction():
        _again(turn, known)


def _halve(turn: Turn, known: KnownPeer, envelope: OutgoingEnvelope, refusal: Refusal) -> None:
    """A final refusal: try again with half the messages until the culprit is alone."""
    store = turn.store
    rows = store.outbox.in_envelope(known.id, envelope.incarnation, envelope.seq)
    with store.transaction():
        alone = rows if len(rows) == 1 else []
        for row in alone:
            store.outbox.settle(row.number, state="quarantined", result=refusal.code.value)
            _trouble(turn, known, row, f"refused:{refusal.code.value}")
        batch = BATCH_MAX if alone else max(1, len(rows) // 2)
        store.peers.note_batch(known.id, batch)
        _again(turn, known)


def _again(turn: Turn, known: KnownPeer) -> None:
    """Give up the envelope under way; its messages wait again, for a new incarnation."""
    head = turn.store.channels.receipted_head(known.id)
    mine = turn.store.channels.sent_head(known.id)
    turn.store.channels.abandon(known.id)
    turn.store.outbox.requeue_after(known.id, head)
    turn.store.channels.open_incarnation(known.id, mine.incarnation + 1, head.digest, turn.now_ms)
    turn.store.audit.add(
        at_ms=turn.now_ms, actor="system", event="channel_reopened", peer=known.name
    )
