"""Hello: two nodes compare where their channels stand, and hand over cards the other lacks.

Heads are signed headers, so a claim about our own channel carries our own signature. They are
believed only in an answer to our own request. If the peer's head of our channel is unknown here, or
older than what it receipted, one of us came back from an old copy: the channel is opened again in
a new incarnation and everything after that head is sent once more; messages known there change
nothing.
"""

from inhope_node.exchange.ourselves import Ourselves
from inhope_node.store.peers import KnownPeer, with_peer
from inhope_node.store.store import Store
from keys.card import SignedCard, parse_card
from keys.errors import BadSignature, CardRefused, Malformed, UnknownKey
from keys.identifiers import Digest
from keys.signed import Signed, parse_signed, verify
from keys.trust import Level, Peer, extend
from protocol.channel import EMPTY, Head
from protocol.envelope import read_head
from protocol.errors import PeerFault
from protocol.hello import Hello
from protocol.limits import ELEMENT_BYTES_MAX

NONCE_BYTES = 16
CARDS_MAX = 8


def hello_to(
    store: Store, us: Ourselves, known: KnownPeer, *, answers: Digest, now_ms: int
) -> Hello:
    """Our hello to a peer: our heads, our card version, and cards it is not known to hold."""
    lacking = [c for c in us.chain if c.card.version > known.known_card_version]
    return Hello(
        net=us.net,
        sender=us.node_id,
        receiver=known.peer.node_id,
        nonce=us.entropy(NONCE_BYTES),
        answers=answers,
        sent=_head(store, "envelopes", known, store.channels.sent_head(known.id)),
        received=_head(store, "receptions", known, store.channels.received_head(known.id)),
        audit_head=store.audit.head(),
        card_version=us.card.card.version,
        known_card_version=known.peer.card.version,
        cards=tuple(card.encode() for card in lacking[:CARDS_MAX]),
        give=False,
        at_ms=now_ms,
    )


def learn(store: Store, known: KnownPeer, hello: Hello, *, now_ms: int) -> KnownPeer:
    """Take what any hello of a peer tells about itself: clock, cards, which of our cards it has.

    Cards may extend the chain; they never raise trust. A card that does not follow, or a claim that
    changed, raises an alarm.
    """
    peer = _with_cards(store, known, hello, now_ms)
    learnt = with_peer(known, peer)
    store.peers.save(learnt)
    store.peers.touch(known.id, now_ms=now_ms, skew_ms=hello.at_ms - now_ms)
    store.peers.note_card_version(known.id, hello.known_card_version)
    if peer.claims_changed:
        store.alarms.raise_(
            "claims",
            known.name,
            now_ms=now_ms,
            message=f"{known.name} now claims another name, role or countries than before.",
            advice="Call them on a number you know; what you confirmed holds until you confirm it.",
        )
    return learnt


def must_reopen(store: Store, us: Ourselves, known: KnownPeer, hello: Hello) -> Head | None:
    """The peer's head of our channel if the channel must be opened again from it, else None.

    Going on is possible exactly where the peer holds our last envelope or the one before the one
    that is under way: then what we send next links to what it has.
    """
    theirs = _claimed(us, hello.received) or EMPTY
    under_way = store.channels.under_way(known.id)
    links = {store.channels.sent_head(known.id).digest}
    if under_way is not None:
        links.add(store.channels.digest_before(under_way))
    return None if theirs.digest in links else theirs


def reopen(store: Store, known: KnownPeer, theirs: Head, *, now_ms: int) -> None:
    """Open the channel again after `theirs`; everything the peer may lack waits once more."""
    mine = store.channels.sent_head(known.id)
    incarnation = max(mine.incarnation, theirs.incarnation) + 1
    with store.transaction():
        store.channels.abandon(known.id)
        store.outbox.requeue_after(known.id, theirs)
        store.channels.open_incarnation(known.id, incarnation, theirs.digest, now_ms)
        store.audit.add(
            at_ms=now_ms, actor="system", event="channel_reopened", peer=known.name, to=incarnation
        )
        store.alarms.raise_(
            "reopened",
            known.name,
            now_ms=now_ms,
            message=f"The channel to {known.name} was opened again after an old copy came back.",
            advice="Ask whether a backup was restored on either side; nothing has to be done.",
        )


def _head(store: Store, table: str, known: KnownPeer, head: Head) -> Signed | None:
    signed = store.channels.head_signed(table, known.id, head)
    if not signed:
        return None
    return parse_signed(signed, tag="envelope", bytes_max=ELEMENT_BYTES_MAX)


def _claimed(us: Ourselves, signed: Signed | None) -> Head | None:
    """The head a peer claims of our channel, if it really bears our signature."""
    if signed is None:
        return None
    mine = Peer(node_id=us.node_id, level=Level.VERIFIED, cards=us.chain)
    try:
        verify(signed, mine.signing_key(signed.key_id).public)
        header = read_head(signed)
    except (BadSignature, UnknownKey, PeerFault):
        return None
    return Head(header.incarnation, header.seq, signed.digest)


def _with_cards(store: Store, known: KnownPeer, hello: Hello, now_ms: int) -> Peer:
    try:
        cards: list[SignedCard] = [parse_card(card) for card in hello.cards]
        return extend(known.peer, cards)
    except (Malformed, CardRefused) as fault:
        store.alarms.raise_(
            "card",
            known.name,
            now_ms=now_ms,
            message=f"{known.name} sent a card that was not taken: {fault}",
            advice="Call them: either their keys are misused or their node is damaged.",
        )
        return known.peer
