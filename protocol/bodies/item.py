"""The body of `item`: one address as the finder tells of it.

There is no field for a reporter or for notes, and none is ever added: what is private to a house
has no way to leave it.
"""

from typing import Annotated, Self

from pydantic import Field, model_validator

from protocol.bodies.base import Lax, TimeMs, WireBody, WirePart, Word
from protocol.limits import ADDRESS_CHARS_MAX, ITEM_HASHES_MAX
from protocol.vocabulary import (
    HASH_BYTES,
    Commerciality,
    HashAlgorithm,
    IntakeChannel,
    ItemKind,
    SiteType,
    Urgency,
)


class HashValue(WirePart):
    """One digest or perceptual hash, computed elsewhere; its length is fixed by its algorithm."""

    algorithm: Annotated[HashAlgorithm, Lax, Word]
    value: bytes

    @model_validator(mode="after")
    def check_length(self) -> Self:
        """Let only the one right length pass: nothing longer can hide here."""
        if len(self.value) != HASH_BYTES[self.algorithm]:
            raise ValueError("the hash has not the length of its algorithm")
        return self


class ItemBody(WireBody):
    """One address.

    Attributes:
        report_id: UUID of the report; siblings share it and nothing else.
        address: Exactly as handed in, printable ASCII.
        received_at_ms: When the public reported it.
    """

    report_id: Annotated[bytes, Field(min_length=16, max_length=16)]
    address: Annotated[str, Field(pattern=rf"^[!-~]{{1,{ADDRESS_CHARS_MAX}}}$")]
    kind: Annotated[ItemKind, Lax, Word]
    site_type: Annotated[SiteType, Lax, Word]
    commerciality: Annotated[Commerciality, Lax, Word]
    channel: Annotated[IntakeChannel, Lax, Word]
    urgency: Annotated[Urgency, Lax, Word]
    received_at_ms: TimeMs
    hashes: Annotated[tuple[HashValue, ...], Field(strict=False, max_length=ITEM_HASHES_MAX)]
