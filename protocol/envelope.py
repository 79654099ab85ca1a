"""An envelope: how messages travel to one peer (spec: envelope).

Wire: `[signed, sealed]`. The signed payload is `[header, SHA-256(sealed)]`, so the header alone,
kept with its signature, proves a place in the channel after the sealed bytes are gone.
"""

import hashlib
from dataclasses import dataclass

from keys.card_reading import TIME_MS_MAX, read_net
from keys.encoding import Value, decode, encode
from keys.errors import Malformed
from keys.identifiers import DIGEST_BYTES, KEY_ID_BYTES, NODE_ID_BYTES, Digest, KeyId, NodeId
from keys.shape import binary, binary_between, fixed_list, integer
from keys.signed import Signed, read_signed
from protocol.channel import Position
from protocol.errors import ElementMalformed, SuiteUnknown
from protocol.limits import PROTOCOL_VERSION, SEALED_BYTES_MAX, SUITE
from protocol.version import versioned

TAG = "envelope"
FIELDS = 12
HEADER_BYTES_MAX = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What stands outside the seal.

    Attributes:
        previous: Digest of the envelope before it in the channel.
        card_version: The sender's newest card.
        sealing_key_id: Which key of the receiver it is sealed for.
        contents: Commitment to the messages inside.
        sent_at_ms: By the sender's clock; decides nothing.
    """

    suite: int
    net: str
    sender: NodeId
    receiver: NodeId
    incarnation: int
    seq: int
    previous: Digest
    card_version: int
    sealing_key_id: KeyId
    contents: Digest
    sent_at_ms: int

    @property
    def position(self) -> Position:
        """The place it claims in the channel."""
        return Position(self.incarnation, self.seq, self.previous)

    def to_value(self) -> list[Value]:
        """The fixed-length array of the wire."""
        return [
            PROTOCOL_VERSION,
            self.suite,
            self.net,
            bytes(self.sender),
            bytes(self.receiver),
            self.incarnation,
            self.seq,
            bytes(self.previous),
            self.card_version,
            bytes(self.sealing_key_id),
            bytes(self.contents),
            self.sent_at_ms,
        ]


@dataclass(frozen=True, slots=True)
class Envelope:
    """A header under its signature, with the sealed bytes it speaks of."""

    signed: Signed
    header: Header
    sealed: bytes

    @property
    def digest(self) -> Digest:
        """Digest of the signed part; the next envelope names it."""
        return self.signed.digest

    def encode(self) -> bytes:
        """The element that travels."""
        return encode([self.signed.to_value(), self.sealed])


def payload_of(header: Header, sealed: bytes) -> bytes:
    """The bytes that the sender signs."""
    return encode([header.to_value(), hashlib.sha256(sealed).digest()])


def read_envelope(value: Value) -> Envelope:
    """Read the decoded element; the signature is not checked here.

    Raises:
        VersionUnknown, SuiteUnknown: We do not speak it.
        ElementMalformed: Another shape, or the sealed bytes are not those that were signed.
    """
    try:
        wire = fixed_list(value, 2)
        signed = read_signed(wire[0], tag=TAG)
        sealed = binary_between(wire[1], 1, SEALED_BYTES_MAX)
        header, digest = _payload(signed)
    except Malformed as fault:
        raise ElementMalformed(str(fault)) from fault
    if hashlib.sha256(sealed).digest() != digest:
        raise ElementMalformed("The sealed bytes are not those that were signed.")
    return Envelope(signed, header, sealed)


def read_head(signed: Signed) -> Header:
    """The header of a kept envelope whose sealed bytes are gone.

    Raises:
        VersionUnknown, SuiteUnknown, ElementMalformed: As `read_envelope`.
    """
    try:
        return _payload(signed)[0]
    except Malformed as fault:
        raise ElementMalformed(str(fault)) from fault


def _payload(signed: Signed) -> tuple[Header, bytes]:
    fields = fixed_list(decode(signed.payload, bytes_max=HEADER_BYTES_MAX), 2)
    return _header(fields[0]), binary(fields[1], DIGEST_BYTES)


def _header(value: Value) -> Header:
    fields = versioned(value, FIELDS)
    if integer(fields[1]) != SUITE:
        raise SuiteUnknown("Only suite 1 is known here.")
    return Header(
        suite=SUITE,
        net=read_net(fields[2]),
        sender=NodeId(binary(fields[3], NODE_ID_BYTES)),
        receiver=NodeId(binary(fields[4], NODE_ID_BYTES)),
        incarnation=integer(fields[5], 1),
        seq=integer(fields[6], 1),
        previous=Digest(binary(fields[7], DIGEST_BYTES)),
        card_version=integer(fields[8], 1),
        sealing_key_id=KeyId(binary(fields[9], KEY_ID_BYTES)),
        contents=Digest(binary(fields[10], DIGEST_BYTES)),
        sent_at_ms=integer(fields[11], 0, TIME_MS_MAX),
    )
