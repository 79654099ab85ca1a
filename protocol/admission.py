"""Who may come in: the receiver's checks, in their order (spec: channel).

    1 size and shape     `read_element`, before this room
    2 peer               known and verified, else a stranger
    3 key, signature     a key of the peer's own chain, both halves, else a stranger
    4 net, receiver      is it meant for us
    5 key                not reported as stolen
    6 place              next, known, conflict, gap, stale

Until a verified peer's signature was checked, every fault is a `Stranger` and gets no answer that
tells anything: an outsider learns neither whom we know nor what we speak. No clock is asked: the
windows of keys raise alarms elsewhere and refuse nothing here.
"""

from typing import Protocol

from keys.card import SigningEntry, parse_card
from keys.errors import BadSignature, CardRefused, Malformed, UnknownKey
from keys.identifiers import Digest, NodeId
from keys.signed import Signed, verify
from keys.trust import Level, Peer, extend
from protocol.channel import Head, Place, place
from protocol.envelope import Envelope
from protocol.errors import KeyCompromised, NetDiffers, NotForUs, Stranger
from protocol.hello import Hello


class Addressed(Protocol):
    """Whatever names its network, its sender and its receiver."""

    @property
    def net(self) -> str:
        """The network."""

    @property
    def sender(self) -> NodeId:
        """Who sends."""

    @property
    def receiver(self) -> NodeId:
        """Who is meant."""


def admit_signed(
    signed: Signed, said: Addressed, *, me: NodeId, net: str, peer: Peer | None
) -> None:
    """Let a signed element of a verified peer pass.

    A hello may be signed with a key of a card that it brings along, if that card follows on those
    known here: otherwise a peer that changed its key could never tell us.

    Raises:
        Stranger: Nobody we verified proved to have sent it.
        NetDiffers, NotForUs: A verified peer sent it to the wrong place.
        KeyCompromised: The peer has reported as stolen the key that it is signed with.
    """
    if peer is None or peer.level is not Level.VERIFIED or said.sender != peer.node_id:
        raise Stranger("Nobody we verified sent this.")
    try:
        entry = _signing_entry(signed, said, peer)
        verify(signed, entry.public)
    except (BadSignature, CardRefused, Malformed, UnknownKey) as fault:
        raise Stranger("The signature is none of this peer's.") from fault
    if said.net != net:
        raise NetDiffers("It belongs to another network.")
    if said.receiver != me:
        raise NotForUs("It names another receiver.")
    if entry.compromised_since_ms:
        raise KeyCompromised("It is signed with a key that its owner reported as stolen.")


def admit(  # noqa: PLR0913 (what came, whom it should be for, and what we know)
    envelope: Envelope,
    *,
    me: NodeId,
    net: str,
    peer: Peer | None,
    head: Head,
    stored: Digest | None,
) -> Place:
    """Judge an envelope before it is opened.

    Args:
        envelope: What came.
        me: Our node id.
        net: Our network.
        peer: The peer it names as its sender, as we know it, or None.
        head: Where that peer's channel to us stands.
        stored: The digest taken in at the place it claims, or None.

    Raises:
        Stranger, NetDiffers, NotForUs, KeyCompromised: As `admit_signed`.
    """
    admit_signed(envelope.signed, envelope.header, me=me, net=net, peer=peer)
    return place(head, envelope.header.position, envelope.digest, stored)


def _signing_entry(signed: Signed, said: Addressed, peer: Peer) -> SigningEntry:
    """Return the key that a container names, from the cards known here or those of a hello.

    Raises:
        UnknownKey: No card holds it.
        CardRefused, Malformed: The cards of the hello do not follow on those known here.
    """
    try:
        return peer.signing_key(signed.key_id)
    except UnknownKey:
        if not isinstance(said, Hello):
            raise
    extended = extend(peer, [parse_card(card) for card in said.cards])
    if extended.level is not Level.VERIFIED:
        raise CardRefused("These cards take the confirmation away.")
    return extended.signing_key(signed.key_id)
