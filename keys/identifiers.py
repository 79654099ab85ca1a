"""Names of things as bytes, and the tagged hash that makes most of them (spec: bytes).

Every hash and every signature of the protocol covers `tagged_bytes`, so nothing computed for one
purpose can stand for another. Nothing here draws randomness or asks a clock.
"""

import hashlib
import re
from typing import Final, NewType

from keys.errors import Malformed

NodeId = NewType("NodeId", bytes)
"""32 bytes: which node, for ever."""
KeyId = NewType("KeyId", bytes)
"""8 bytes: which key, within one node's chain of cards."""
Digest = NewType("Digest", bytes)
"""32 bytes: a SHA-256."""
MessageId = NewType("MessageId", bytes)
"""16 bytes: a UUIDv7, unique for its origin."""

PROTOCOL: Final = b"inhope-exchange/1"
NO_DIGEST: Final = Digest(bytes(32))
NODE_ID_BYTES: Final = 32
KEY_ID_BYTES: Final = 8
DIGEST_BYTES: Final = 32
MESSAGE_ID_BYTES: Final = 16
UUID_ENTROPY_BYTES: Final = 10

_NODE_ID: Final = re.compile("[0-9a-f]{64}")
_UUID: Final = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def tagged_bytes(tag: str, *parts: bytes) -> bytes:
    """Join `parts` under `tag` so that no other tag and no other parts give the same bytes.

    `PROTOCOL 0x00 | u8 len(tag) | tag`, then per part `u64be len(part) | part`.
    """
    name = tag.encode("ascii")
    pieces = [PROTOCOL, b"\x00", len(name).to_bytes(1), name]
    for part in parts:
        pieces += (len(part).to_bytes(8), part)
    return b"".join(pieces)


def tagged_hash(tag: str, *parts: bytes) -> Digest:
    """Return SHA-256 of `tagged_bytes(tag, *parts)`."""
    return Digest(hashlib.sha256(tagged_bytes(tag, *parts)).digest())


def show_id(identifier: bytes) -> str:
    """Return an id or a digest as a person sees it: hex, lower case."""
    return identifier.hex()


def parse_node_id(text: str) -> NodeId:
    """Return the node id that `show_id` wrote.

    Raises:
        Malformed: It is not 64 hex digits in lower case.
    """
    if not _NODE_ID.fullmatch(text):
        raise Malformed("A node id is 64 hexadecimal digits in lower case.")
    return NodeId(bytes.fromhex(text))


def uuid7(now_ms: int, entropy: bytes) -> MessageId:
    """Return the UUIDv7 (RFC 9562, 5.7) of this moment.

    Args:
        now_ms: Milliseconds since 1970 UTC, below 2**48.
        entropy: 10 random bytes, of which 74 bits are kept.

    Raises:
        Malformed: The time does not fit, or there are not 10 bytes.
    """
    if not 0 <= now_ms < 2**48 or len(entropy) != UUID_ENTROPY_BYTES:
        raise Malformed("A UUIDv7 needs a time below 2**48 ms and 10 random bytes.")
    data = bytearray(now_ms.to_bytes(6) + entropy)
    data[6] = 0x70 | (data[6] & 0x0F)
    data[8] = 0x80 | (data[8] & 0x3F)
    return MessageId(bytes(data))


def show_uuid(identifier: bytes) -> str:
    """Return 16 bytes in the usual spelling of a UUID, lower case with hyphens."""
    digits = identifier.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def parse_uuid(text: str) -> MessageId:
    """Return the 16 bytes that `show_uuid` wrote, of any UUID version.

    Raises:
        Malformed: It is not spelled so.
    """
    if not _UUID.fullmatch(text):
        raise Malformed("An id is written as 8-4-4-4-12 hexadecimal digits in lower case.")
    return MessageId(bytes.fromhex(text.replace("-", "")))
