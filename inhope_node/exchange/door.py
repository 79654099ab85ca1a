"""The peers' door: bytes of one element in, bytes of one element out, or silence.

Whoever is not a verified peer with a good signature gets `None`, which the web layer turns into the
same empty 404 for everybody. A verified peer that breaks the protocol gets a signed refusal.
"""

from collections.abc import Callable
from dataclasses import dataclass

from inhope_node.casework.turn import Turn
from inhope_node.errors import StoreFull
from inhope_node.exchange.greeting import hello_to, learn
from inhope_node.exchange.ourselves import Ourselves
from inhope_node.exchange.reception import opened, take_in
from inhope_node.store.peers import KnownPeer
from keys.identifiers import Digest, show_id
from protocol.admission import admit, admit_signed
from protocol.channel import Place
from protocol.element import read_element
from protocol.envelope import Envelope
from protocol.errors import PeerFault, Stranger
from protocol.hello import HelloElement, sign_hello
from protocol.refusal import Refusal, sign_refusal
from protocol.vocabulary import RefusalCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the caller gets, and which peer proved itself by calling ("" if nobody did)."""

    body: bytes | None
    peer: str = ""


TurnFor = Callable[[str], Turn]
"""Makes a turn for an actor."""


def answer(turn_for: TurnFor, us: Ourselves, data: bytes) -> Reply:
    """Answer one element. Runs on the clerk's thread."""
    try:
        element = read_element(data)
    except PeerFault:
        return Reply(body=None)
    if isinstance(element, Envelope):
        return _envelope(turn_for, us, element)
    if isinstance(element, HelloElement):
        return _hello(turn_for, us, element)
    return Reply(body=None)


def _envelope(turn_for: TurnFor, us: Ourselves, envelope: Envelope) -> Reply:
    store = turn_for("system").store
    known = store.peers.find(show_id(envelope.header.sender))
    if known is None:
        return Reply(body=None)
    header = envelope.header
    before = store.channels.reception(known.id, header.incarnation, header.seq)
    head = store.channels.received_head(known.id)
    stored = before[0] if before else None
    try:
        place = admit(
            envelope, me=us.node_id, net=us.net, peer=known.peer, head=head, stored=stored
        )
    except Stranger:
        return Reply(body=None)
    except PeerFault as fault:
        return _refuse(turn_for, us, known, envelope.digest, fault.code)
    return _placed(turn_for, us, known, envelope, place)


def _placed(
    turn_for: TurnFor, us: Ourselves, known: KnownPeer, envelope: Envelope, place: Place
) -> Reply:
    """Answer an admitted envelope by its place in the channel."""
    turn = turn_for(f"peer:{known.name}")
    header = envelope.header
    before = turn.store.channels.reception(known.id, header.incarnation, header.seq)
    if place is Place.KNOWN and before is not None:
        turn.store.peers.touch(known.id, now_ms=turn.now_ms)
        return Reply(body=before[1], peer=known.id)
    if place is not Place.NEXT:
        return _out_of_place(turn, us, known, envelope, place)
    try:
        receipt = take_in(turn, us, known, envelope, opened(us, known, envelope))
    except StoreFull:
        return _refuse(turn_for, us, known, envelope.digest, RefusalCode.STORAGE)
    return Reply(body=receipt, peer=known.id)


def _hello(turn_for: TurnFor, us: Ourselves, element: HelloElement) -> Reply:
    turn = turn_for("system")
    known = turn.store.peers.find(show_id(element.hello.sender))
    if known is None:
        return Reply(body=None)
    try:
        admit_signed(element.signed, element.hello, me=us.node_id, net=us.net, peer=known.peer)
    except (Stranger, PeerFault):
        return Reply(body=None)
    try:
        with turn.store.transaction():
            learnt = learn(turn.store, known, element.hello, now_ms=turn.now_ms)
    except StoreFull:
        return _refuse(turn_for, us, known, element.signed.digest, RefusalCode.STORAGE)
    digest = element.signed.digest
    hello = hello_to(turn.store, us, learnt, answers=digest, now_ms=turn.now_ms)
    return Reply(body=sign_hello(hello, us.identity.signing).encode(), peer=known.id)


_CODES = {
    Place.CONFLICT: RefusalCode.CONFLICT,
    Place.GAP: RefusalCode.GAP,
    Place.STALE: RefusalCode.STALE,
}


def _out_of_place(
    turn: Turn, us: Ourselves, known: KnownPeer, envelope: Envelope, place: Place
) -> Reply:
    if place is Place.CONFLICT:
        _keep_evidence(turn, known, envelope)
    return _refuse(lambda _: turn, us, known, envelope.digest, _CODES[place])


def _keep_evidence(turn: Turn, known: KnownPeer, envelope: Envelope) -> None:
    with turn.store.transaction():
        turn.store.channels.add_evidence(
            known.id, "conflict", envelope.signed.encode(), turn.now_ms
        )
        turn.store.alarms.raise_(
            "conflict",
            known.name,
            now_ms=turn.now_ms,
            message=f"{known.name} sent two different envelopes under one number; both are kept.",
            advice="Call them: their keys may be used by somebody else, or an old copy still runs.",
        )


def _refuse(
    turn_for: TurnFor, us: Ourselves, known: KnownPeer, regarding: Digest, code: RefusalCode
) -> Reply:
    head = turn_for("system").store.channels.received_head(known.id)
    refusal = Refusal(
        net=us.net,
        sender=us.node_id,
        receiver=known.peer.node_id,
        regarding=regarding,
        code=code,
        head=head,
    )
    return Reply(body=sign_refusal(refusal, us.identity.signing).encode(), peer=known.id)
