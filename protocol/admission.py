"""Who may come in: the receiver's checks, in their order (spec: channel).

    1 size and shape     `read_element`, before this room
    2 net, receiver      is it meant for us
    3 peer               known and verified, else a stranger
    4 key, signature     a key of the peer's own chain; both halves of the signature
    5 place              next, known, conflict, gap, stale

Until a verified peer's signature was checked, every fault is a `Stranger` and gets no answer that
tells anything: an outsider learns neither whom we know nor what we speak.
"""

from typing import Protocol

from keys.errors import BadSignature, UnknownKey
from keys.identifiers import Digest, NodeId
from keys.signed import Signed, verify
from keys.trust import Level, Peer
from protocol.channel import Head, Place, place
from protocol.envelope import Envelope
from protocol.errors import NetDiffers, NotForUs, Stranger


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

    Raises:
        Stranger: Nobody we verified proved to have sent it.
        NetDiffers, NotForUs: A verified peer sent it to the wrong place.
    """
    if peer is None or peer.level is not Level.VERIFIED or said.sender != peer.node_id:
        raise Stranger("Nobody we verified sent this.")
    try:
        verify(signed, peer.signing_key(signed.key_id).public)
    except (BadSignature, UnknownKey) as fault:
        raise Stranger("The signature is none of this peer's.") from fault
    if said.net != net:
        raise NetDiffers("It belongs to another network.")
    if said.receiver != me:
        raise NotForUs("It names another receiver.")


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
        Stranger, NetDiffers, NotForUs: As `admit_signed`.
    """
    admit_signed(envelope.signed, envelope.header, me=me, net=net, peer=peer)
    return place(head, envelope.header.position, envelope.digest, stored)
