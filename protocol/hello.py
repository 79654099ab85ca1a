"""Hello: where my channels stand, which card I have, which of yours I know (spec: hello).

Heads travel as the signed headers themselves, so nobody can claim a head that the other side never
signed. Cards ride along when the peer is not known to hold them.
"""

from dataclasses import dataclass

from keys.card import CARD_BYTES_MAX
from keys.card_reading import TIME_MS_MAX, read_net
from keys.encoding import Value, decode, encode
from keys.errors import Malformed
from keys.identifiers import DIGEST_BYTES, NODE_ID_BYTES, Digest, NodeId
from keys.shape import binary, binary_between, boolean, integer, sequence
from keys.signed import Signed, read_signed, sign
from keys.suite import SigningSecret
from protocol.envelope import TAG as ENVELOPE_TAG
from protocol.envelope import read_head
from protocol.errors import ElementMalformed
from protocol.limits import HELLO_CARDS_MAX, NONCE_BYTES, PROTOCOL_VERSION, SIGNED_BYTES_MAX
from protocol.version import versioned

TAG = "hello"
FIELDS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """One side of a greeting.

    Attributes:
        nonce: 16 fresh random bytes, so that no hello can be played again as an answer.
        answers: Digest of the hello this one answers; zeros if it asks.
        sent: Signed header of my last envelope to you, or None.
        received: Signed header of your last envelope that I took in, or None.
        card_version: My newest card.
        known_card_version: Your newest card that I hold.
        cards: Cards of mine, oldest first, that you are not known to hold.
        give: I only poll: answer with your next envelope.
        at_ms: My clock; shown to people, decides nothing.
    """

    net: str
    sender: NodeId
    receiver: NodeId
    nonce: bytes
    answers: Digest
    sent: Signed | None
    received: Signed | None
    audit_head: Digest
    card_version: int
    known_card_version: int
    cards: tuple[bytes, ...]
    give: bool
    at_ms: int


@dataclass(frozen=True, slots=True)
class HelloElement:
    """A hello with its signature."""

    signed: Signed
    hello: Hello


def sign_hello(hello: Hello, secret: SigningSecret) -> Signed:
    """Sign a hello of ours."""
    fields: list[Value] = [
        PROTOCOL_VERSION,
        hello.net,
        bytes(hello.sender),
        bytes(hello.receiver),
        hello.nonce,
        bytes(hello.answers),
        hello.sent.to_value() if hello.sent else None,
        hello.received.to_value() if hello.received else None,
        bytes(hello.audit_head),
        hello.card_version,
        hello.known_card_version,
        list(hello.cards),
        hello.give,
        hello.at_ms,
    ]
    return sign(TAG, encode(fields), secret)


def read_hello(signed: Signed) -> HelloElement:
    """Read a hello; the signatures, its own and those of the heads, are not checked here.

    Raises:
        VersionUnknown, SuiteUnknown: We do not speak it, or what a head in it was written in.
        ElementMalformed: Another shape, or a head of another channel than that of the two nodes.
    """
    try:
        fields = versioned(decode(signed.payload, bytes_max=SIGNED_BYTES_MAX), FIELDS)
        hello = _read(fields)
        _check_head(hello.sent, hello.net, hello.sender, hello.receiver)
        _check_head(hello.received, hello.net, hello.receiver, hello.sender)
    except Malformed as fault:
        raise ElementMalformed(str(fault)) from fault
    return HelloElement(signed, hello)


def _read(fields: list[Value]) -> Hello:
    return Hello(
        net=read_net(fields[1]),
        sender=NodeId(binary(fields[2], NODE_ID_BYTES)),
        receiver=NodeId(binary(fields[3], NODE_ID_BYTES)),
        nonce=binary(fields[4], NONCE_BYTES),
        answers=Digest(binary(fields[5], DIGEST_BYTES)),
        sent=_head(fields[6]),
        received=_head(fields[7]),
        audit_head=Digest(binary(fields[8], DIGEST_BYTES)),
        card_version=integer(fields[9], 1),
        known_card_version=integer(fields[10]),
        cards=sequence(fields[11], HELLO_CARDS_MAX, _card),
        give=boolean(fields[12]),
        at_ms=integer(fields[13], 0, TIME_MS_MAX),
    )


def _head(value: Value) -> Signed | None:
    return None if value is None else read_signed(value, tag=ENVELOPE_TAG)


def _check_head(signed: Signed | None, net: str, sender: NodeId, receiver: NodeId) -> None:
    """Refuse a header of another channel: it proves nothing about the one that is asked for."""
    if signed is None:
        return
    header = read_head(signed)
    if (header.net, header.sender, header.receiver) != (net, sender, receiver):
        raise Malformed("A head in a hello belongs to another channel.")


def _card(value: Value) -> bytes:
    return binary_between(value, 1, CARD_BYTES_MAX)
