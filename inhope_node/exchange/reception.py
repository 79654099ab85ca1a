"""Takes one envelope in, in one transaction, and answers with a receipt that never changes.

Opening and validating come before the transaction; messages, what they change in casework, the
channel's new head, the audit and the receipt are one COMMIT, and only after it goes the answer. A
message that cannot take effect gets its own word in the receipt and stops no neighbour; a disk that
takes no more stops everything and acknowledges nothing.
"""

from dataclasses import dataclass

from inhope_node.casework.hear import Unheard, hear
from inhope_node.casework.turn import Turn
from inhope_node.exchange.ourselves import Ourselves, party_of
from inhope_node.exchange.translate import heard
from inhope_node.logs import log
from inhope_node.store.peers import KnownPeer
from inhope_node.store.post import StoredMessage
from inhope_node.store.store import is_storage_fault
from keys.errors import BadSignature, CannotOpen, UnknownKey
from keys.identifiers import parse_node_id, show_id, show_uuid
from keys.signed import verify
from protocol.channel import Head
from protocol.envelope import Envelope
from protocol.errors import BadContents, HandlingRefused, PeerFault
from protocol.handling import may_travel
from protocol.message import SignedMessage, parse_message
from protocol.receipt import Receipt, sign_receipt
from protocol.sealing import open_envelope
from protocol.vocabulary import Kind, Outcome, ResultCode

ACCEPTED, KNOWN = "accepted", "known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What an envelope brought, before anything is stored."""

    outcome: Outcome
    messages: tuple[SignedMessage | ResultCode, ...]


def opened(us: Ourselves, known: KnownPeer, envelope: Envelope) -> Arrival:
    """Open an admitted envelope and validate each message; touches nothing."""
    try:
        inside = open_envelope(envelope, us.identity.sealing)
    except CannotOpen:
        return Arrival(outcome=Outcome.CANNOT_OPEN, messages=())
    except BadContents:
        return Arrival(outcome=Outcome.BAD_CONTENTS, messages=())
    messages = tuple(_validated(us, known, raw) for raw in inside)
    return Arrival(outcome=Outcome.OPENED, messages=messages)


def take_in(
    turn: Turn, us: Ourselves, known: KnownPeer, envelope: Envelope, arrival: Arrival
) -> bytes:
    """Store everything an envelope brought and return the receipt's bytes. One transaction.

    Raises:
        StoreFull: The disk took no more; nothing was kept and nothing may be acknowledged.
    """
    header = envelope.header
    with turn.store.transaction():
        results = tuple(_result(turn, us, known, message) for message in arrival.messages)
        turn.store.audit.add(
            at_ms=turn.now_ms,
            actor=turn.actor,
            event="envelope_received",
            outcome=arrival.outcome.value,
            results=len(results),
            peer=known.name,
            incarnation=header.incarnation,
            seq=header.seq,
        )
        receipt = sign_receipt(
            Receipt(
                net=us.net,
                sender=us.node_id,
                receiver=header.sender,
                incarnation=header.incarnation,
                seq=header.seq,
                envelope=envelope.digest,
                outcome=arrival.outcome,
                results=results,
                received_at_ms=turn.now_ms,
                sealing_key_id=us.card.card.sealing[0].public.key_id,
                audit_head=turn.store.audit.head(),
            ),
            us.identity.signing,
        ).encode()
        head = Head(header.incarnation, header.seq, envelope.digest)
        turn.store.channels.add_received(
            known.id, head, signed=envelope.signed.encode(), receipt=receipt, now_ms=turn.now_ms
        )
        turn.store.peers.touch(known.id, now_ms=turn.now_ms)
    return receipt


def _validated(us: Ourselves, known: KnownPeer, raw: bytes) -> SignedMessage | ResultCode:
    """The message, or the word for what is wrong with it: shape, net, origin, signature."""
    try:
        signed = parse_message(raw)
    except PeerFault as fault:
        return fault.result
    if signed.message.net != us.net:
        return ResultCode.NET
    if signed.message.origin != known.peer.node_id:
        return ResultCode.ORIGIN
    try:
        verify(signed.signed, known.peer.signing_key(signed.signed.key_id).public)
    except (BadSignature, UnknownKey):
        return ResultCode.ORIGIN
    return signed


def _result(
    turn: Turn, us: Ourselves, known: KnownPeer, message: SignedMessage | ResultCode
) -> str:
    if isinstance(message, ResultCode):
        return f"refused:{message.value}"
    origin, message_id = show_id(message.message.origin), show_uuid(message.message.id)
    before = turn.store.messages.find(origin, message_id)
    if before is not None:
        return _again(before, message)
    try:
        _check_handling(turn, us, known, message)
    except HandlingRefused:
        return f"refused:{ResultCode.HANDLING.value}"
    result = _effect(turn, message)
    if not result.startswith("refused"):
        turn.store.messages.add(_stored(turn, message, known.id, result))
    if result == ACCEPTED and message.message.kind is Kind.ITEM:
        _replay_parked(turn, show_uuid(message.message.subject))
    return result


def _again(before: StoredMessage, message: SignedMessage) -> str:
    """A message that came before: the same fares as it did, another under its name is refused."""
    if before.digest != message.digest:
        return f"refused:{ResultCode.ID.value}"
    return KNOWN if before.result in ("", ACCEPTED) else before.result


def _check_handling(turn: Turn, us: Ourselves, known: KnownPeer, message: SignedMessage) -> None:
    item = turn.store.items.find(show_uuid(message.message.subject))
    owner = parse_node_id(item.owner) if item is not None else message.message.origin
    may_travel(message.message, sender=party_of(known.peer), receiver=us.party, owner=owner)


def _effect(turn: Turn, message: SignedMessage) -> str:
    """Let one message take effect under a savepoint of its own."""
    try:
        with turn.store.savepoint():
            hear(turn, heard(message))
            _note_effect(turn, message)
    except Unheard as unheard:
        verb = "parked" if unheard.code is ResultCode.SUBJECT else "refused"
        return f"{verb}:{unheard.code.value}"
    except Exception as fault:
        if is_storage_fault(fault):
            raise
        log.error("message_parked", fault=type(fault).__name__, kind=message.message.kind.value)
        return f"parked:{ResultCode.INTERNAL.value}"
    return ACCEPTED


def _note_effect(turn: Turn, message: SignedMessage) -> None:
    words = {"origin": show_id(message.message.origin), "id": show_uuid(message.message.id)}
    subject = show_uuid(message.message.subject)
    turn.store.audit.add(
        at_ms=turn.now_ms, actor=turn.actor, event="message_applied", item_id=subject, **words
    )


def _replay_parked(turn: Turn, item_id: str) -> None:
    """The item has come: messages that waited for it take effect now, in order of arrival."""
    for waiting in turn.store.messages.parked(item_id):
        result = _effect(turn, parse_message(waiting.signed))
        turn.store.messages.settle(waiting.number, result)


def _stored(turn: Turn, message: SignedMessage, sender: str, result: str) -> StoredMessage:
    return StoredMessage(
        origin=show_id(message.message.origin),
        id=show_uuid(message.message.id),
        digest=message.digest,
        kind=message.message.kind.value,
        item_id=show_uuid(message.message.subject),
        sender=sender,
        result=result,
        signed=message.encode(),
        at_ms=turn.now_ms,
    )
