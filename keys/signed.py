"""One container for every signature: `[tag, payload, key_id, signature]` (spec: container).

The signature covers the exact payload bytes under their tag, so a signature made for one structure
is worth nothing for another and nobody re-serialises to verify. This room does not know what a
payload means, nor whose key belongs to whom.
"""

from dataclasses import dataclass, field
from typing import Final

from keys.encoding import Value, decode, encode
from keys.errors import BadSignature, Malformed
from keys.identifiers import KEY_ID_BYTES, Digest, KeyId, tagged_bytes, tagged_hash
from keys.shape import binary, binary_between, fixed_list
from keys.suite import (
    HYBRID_SIGNATURE_BYTES,
    SHORT_SIGNATURE_BYTES,
    SigningPublic,
    SigningSecret,
)

TAGS: Final = frozenset(
    ("card", "message", "envelope", "receipt", "hello", "refusal", "pairing", "endorsement")
)
SHORT_TAGS: Final = frozenset(("message",))
"""Signed with Ed25519 alone; the envelope around a message carries the other half."""

PAYLOAD_BYTES_MAX: Final = 2**20


@dataclass(frozen=True, slots=True)
class Signed:
    """A payload and somebody's signature of it, verified or not.

    Attributes:
        tag: What the payload is, one of `TAGS`.
        payload: The exact bytes that were signed.
        key_id: Which key of the signer, to be looked up in the signer's cards.
        signature: 64 bytes for a message, 3373 for everything else.
        digest: The name of this payload: the tagged hash of it, whoever signed.
    """

    tag: str
    payload: bytes = field(repr=False)
    key_id: KeyId
    signature: bytes = field(repr=False)
    digest: Digest = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", tagged_hash(self.tag, self.payload))

    def to_value(self) -> list[Value]:
        """Return the container as it stands inside another structure."""
        return [self.tag, self.payload, bytes(self.key_id), self.signature]

    def encode(self) -> bytes:
        """Return the container as bytes."""
        return encode(self.to_value())


def read_signed(value: Value, *, tag: str) -> Signed:
    """Return the container that `value` is, if it carries exactly `tag`.

    Raises:
        Malformed: It is no container, or one for another structure.
    """
    found, payload, key_id, signature = fixed_list(value, 4)
    if tag not in TAGS or found != tag:
        raise Malformed("The container carries another tag than expected here.")
    return Signed(
        tag,
        binary_between(payload, 1, PAYLOAD_BYTES_MAX),
        KeyId(binary(key_id, KEY_ID_BYTES)),
        binary(signature, _signature_bytes(tag)),
    )


def parse_signed(data: bytes, *, tag: str, bytes_max: int) -> Signed:
    """Return the container that `data` encodes.

    Raises:
        Malformed: It is longer than `bytes_max`, or no container with this tag.
    """
    return read_signed(decode(data, bytes_max=bytes_max), tag=tag)


def sign(tag: str, payload: bytes, secret: SigningSecret) -> Signed:
    """Sign `payload` as what `tag` says, in the way that this tag asks for.

    Raises:
        Malformed: The specification has no such tag, or the payload is empty or over 1 MiB.
    """
    if tag not in TAGS or not 1 <= len(payload) <= PAYLOAD_BYTES_MAX:
        raise Malformed("There is no such tag, or the payload has no lawful length.")
    covered = tagged_bytes(tag, payload)
    signature = secret.sign_short(covered) if tag in SHORT_TAGS else secret.sign_hybrid(covered)
    return Signed(tag, payload, secret.public.key_id, signature)


def verify(signed: Signed, public: SigningPublic) -> None:
    """Check that `public` signed this container.

    Raises:
        BadSignature: It names another key, or a signature in it does not verify.
    """
    if signed.key_id != public.key_id:
        raise BadSignature("The signature names another key.")
    covered = tagged_bytes(signed.tag, signed.payload)
    if signed.tag in SHORT_TAGS:
        public.verify_short(covered, signed.signature)
    else:
        public.verify_hybrid(covered, signed.signature)


def _signature_bytes(tag: str) -> int:
    return SHORT_SIGNATURE_BYTES if tag in SHORT_TAGS else HYBRID_SIGNATURE_BYTES
