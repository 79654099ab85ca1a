"""An envelope: sealed for one peer, bound to its header, padded to few sizes, signed as a whole."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from support.identities import (
    NOW_MS,
    sealing_secret,
    seeded_identity,
    seeded_node_id,
    signing_secret,
)
from support.messages import (
    ALPHA,
    BETA,
    BODIES,
    digest_of,
    envelope,
    fields_of,
    first_envelope,
    padded_message,
    saying,
    signed_message,
)

from keys.card_reading import TIME_MS_MAX
from keys.encoding import encode
from keys.errors import CannotOpen, Malformed
from keys.identifiers import tagged_hash
from keys.signed import Signed, verify
from protocol.envelope import Envelope, payload_of, read_envelope, read_head
from protocol.errors import (
    BadContents,
    ElementMalformed,
    SuiteUnknown,
    UsageFault,
    VersionUnknown,
)
from protocol.limits import ENVELOPE_BYTES_MAX, SEALED_BYTES_MAX
from protocol.sealing import open_envelope, padded, unpadded

FIRST = first_envelope()
SIZES = [2**power for power in range(12, 21)]
ITEM = signed_message().encode()
SALT = bytes(range(32))


def holding(plaintext: bytes) -> Envelope:
    """Return the first envelope with exactly these bytes under the seal, lawful or not."""
    info = tagged_hash("sealed-info", encode(FIRST.header.to_value()))
    sealed = BETA.sealing[0].public.seal(info, plaintext)
    return Envelope(FIRST.signed, FIRST.header, sealed)


def holding_value(value: Any) -> Envelope:
    return holding(padded(encode(value)))


def wire(header: Any, sealed: Any = FIRST.sealed, digest: Any = None) -> list[Any]:
    """Return the element with any header and any sealed bytes, the digest of them right."""
    found = hashlib.sha256(FIRST.sealed).digest() if digest is None else digest
    return [saying("envelope", [header, found]).to_value(), sealed]


def changed(position: int, value: Any) -> list[Any]:
    header = FIRST.header.to_value()
    header[position] = value
    return header


def test_messages_come_out_as_they_went_in() -> None:
    inside = tuple(signed_message(kind).encode() for kind in BODIES)
    assert open_envelope(FIRST, BETA.sealing) == inside


def test_an_envelope_survives_its_bytes() -> None:
    read = read_envelope([FIRST.signed.to_value(), FIRST.sealed])
    assert read == FIRST
    assert read.encode() == FIRST.encode() == encode([FIRST.signed.to_value(), FIRST.sealed])
    assert read.digest == FIRST.signed.digest
    verify(read.signed, ALPHA.signing.public)


def test_the_header_is_the_array_of_the_specification() -> None:
    assert fields_of(FIRST.signed) == [
        [
            1,
            1,
            "demo-net",
            seeded_node_id("alpha"),
            seeded_node_id("beta"),
            1,
            1,
            bytes(32),
            1,
            BETA.sealing[0].public.key_id,
            FIRST.header.contents,
            NOW_MS,
        ],
        hashlib.sha256(FIRST.sealed).digest(),
    ]


def test_a_kept_head_proves_its_place_without_the_sealed_bytes() -> None:
    assert read_head(FIRST.signed) == FIRST.header
    for wrong in (saying("envelope", []), saying("envelope", [[], bytes(32)])):
        with pytest.raises(ElementMalformed):
            read_head(wrong)
    with pytest.raises(VersionUnknown):
        read_head(saying("envelope", [changed(0, 2), bytes(32)]))


def test_contents_commit_to_salt_and_messages_in_their_order() -> None:
    digests = [signed_message(kind).digest for kind in BODIES]
    assert FIRST.header.contents == tagged_hash("contents", SALT, *digests)
    assert FIRST.header.contents != tagged_hash("contents", SALT, *reversed(digests))
    assert envelope().header.contents != envelope(salt=bytes(32)).header.contents


@pytest.mark.parametrize(
    "change",
    [
        {"suite": 2},
        {"net": "other-net"},
        {"sender": seeded_node_id("gamma")},
        {"receiver": seeded_node_id("gamma")},
        {"incarnation": 2},
        {"seq": 2},
        {"previous": digest_of("other")},
        {"card_version": 2},
        {"contents": digest_of("other")},
        {"sent_at_ms": NOW_MS + 1},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_seal_opens_under_its_own_header_only(change: dict[str, Any]) -> None:
    header = replace(FIRST.header, **change)
    with pytest.raises(CannotOpen):
        open_envelope(Envelope(FIRST.signed, header, FIRST.sealed), BETA.sealing)


def test_the_key_is_found_among_ours_and_no_other_opens() -> None:
    old, new = sealing_secret("old"), sealing_secret("new")
    sealed = envelope(recipient=old.public)
    assert open_envelope(sealed, (new, old)) == (ITEM,)
    for keys in ((), (new,), seeded_identity("alpha").sealing):
        with pytest.raises(CannotOpen, match="not here"):
            open_envelope(sealed, keys)
    header = replace(sealed.header, sealing_key_id=new.public.key_id)
    with pytest.raises(CannotOpen):
        open_envelope(Envelope(sealed.signed, header, sealed.sealed), (new, old))


@pytest.mark.parametrize("length", [1, 16, 1119, 1120, 1135, 1136, len(FIRST.sealed) - 1])
def test_a_shortened_seal_does_not_open(length: int) -> None:
    with pytest.raises(CannotOpen):
        open_envelope(replace(FIRST, sealed=FIRST.sealed[:length]), BETA.sealing)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        [SALT],
        [SALT, []],
        [SALT, ITEM],
        [SALT, [ITEM], 0],
        [SALT[1:], [ITEM]],
        [[SALT], [ITEM]],
        [SALT, [b""]],
        [SALT, [b"no message"]],
        [SALT, [padded_message(57_345)]],
        [SALT, [FIRST.signed.encode()]],
        [SALT, ["text"]],
        [SALT, [ITEM] * 257],
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_inside_has_one_shape(value: Any) -> None:
    with pytest.raises(BadContents, match="well formed"):
        open_envelope(holding_value(value), BETA.sealing)


def test_contents_that_the_header_does_not_commit_to_are_bad() -> None:
    inside = [signed_message(kind).encode() for kind in BODIES]
    assert open_envelope(holding_value([SALT, inside]), BETA.sealing) == tuple(inside)
    others: Sequence[Any] = (
        [bytes(32), inside],
        [SALT, inside[:-1]],
        [SALT, [*inside, ITEM]],
        [SALT, inside[::-1]],
    )
    for value in others:
        with pytest.raises(BadContents, match="commits"):
            open_envelope(holding_value(value), BETA.sealing)


def test_another_spelling_of_the_inside_is_bad() -> None:
    lawful = encode([SALT, [signed_message(kind).encode() for kind in BODIES]])
    longer = b"\xdc\x00\x02" + lawful[1:]
    for plaintext in (longer, lawful + b"\x00", lawful[:-1], b""):
        with pytest.raises(BadContents):
            open_envelope(holding(padded(plaintext)), BETA.sealing)


def test_an_envelope_holds_1_to_256_messages() -> None:
    with pytest.raises(UsageFault):
        envelope([])
    with pytest.raises(UsageFault):
        envelope([ITEM] * 257)
    assert len(open_envelope(envelope([ITEM] * 256), BETA.sealing)) == 256


def test_a_message_of_56_kib_is_sealed_and_a_longer_one_is_not() -> None:
    longest = padded_message(57_344)
    assert open_envelope(envelope([longest]), BETA.sealing) == (longest,)
    with pytest.raises(Malformed):
        envelope([padded_message(57_345)])


@pytest.mark.parametrize("salt", [b"", bytes(16), bytes(31), bytes(33)])
def test_the_salt_of_an_envelope_has_32_bytes(salt: bytes) -> None:
    with pytest.raises(UsageFault):
        envelope(salt=salt)


def test_sizes_are_powers_of_two_from_4_kib_to_1_mib() -> None:
    edges = {edge + step for edge in (0, *SIZES) for step in range(-6, 3)}
    for length in sorted(edges & set(range(2**20 - 3))):
        framed = padded(bytes([1]) * length)
        assert len(framed) in SIZES
        assert len(framed) == 4096 or len(framed) < 2 * (length + 4)
        assert unpadded(framed) == bytes([1]) * length
    with pytest.raises(UsageFault):
        padded(bytes(2**20 - 3))


def test_every_padding_byte_is_zero() -> None:
    framed = padded(b"plain")
    for position in range(9, len(framed)):
        wrong = bytearray(framed)
        wrong[position] = 1 + position % 255
        with pytest.raises(BadContents):
            unpadded(bytes(wrong))


def test_padding_is_no_longer_and_no_shorter_than_the_rule_gives() -> None:
    framed = padded(b"plain")
    for wrong in (
        b"",
        b"\x00\x00\x00",
        b"\x00\x00\x00\x05plain",
        framed[:-1],
        framed + b"\x00",
        framed + bytes(4096),
        (4093).to_bytes(4) + framed[4:],
        b"\xff\xff\xff\xff" + framed[4:],
        (2**20).to_bytes(4) + bytes(2**20),
        (2**20 - 3).to_bytes(4) + bytes(2**20 + 1),
        (2**20 - 3).to_bytes(4) + bytes(2**21 - 4),
    ):
        with pytest.raises(BadContents):
            unpadded(wrong)


def test_the_longest_envelope_is_within_its_limit() -> None:
    full = envelope([padded_message(57_344)] * 18)
    assert len(full.sealed) <= SEALED_BYTES_MAX
    assert len(full.encode()) <= ENVELOPE_BYTES_MAX


@pytest.mark.parametrize(
    ("position", "value"),
    [
        (0, "1"),
        (1, True),
        (2, "Upper"),
        (3, bytes(31)),
        (4, bytes(33)),
        (5, 0),
        (5, True),
        (6, 0),
        (6, -1),
        (7, bytes(31)),
        (7, None),
        (8, 0),
        (9, bytes(7)),
        (10, bytes(33)),
        (11, -1),
        (11, TIME_MS_MAX + 1),
        (11, "now"),
    ],
)
def test_every_field_of_a_header_has_its_shape(position: int, value: Any) -> None:
    assert read_envelope(wire(FIRST.header.to_value())).header == FIRST.header
    with pytest.raises(ElementMalformed):
        read_envelope(wire(changed(position, value)))


def test_a_header_has_twelve_fields_and_a_payload_two() -> None:
    header = FIRST.header.to_value()
    wrongs: Sequence[Any] = ([1], header[:-1], [*header, 0], [], None, {})
    for wrong in wrongs:
        with pytest.raises(ElementMalformed):
            read_envelope(wire(wrong))
    for payload in ([header], [header, bytes(32), 0], [header, bytes(31)], None):
        with pytest.raises(ElementMalformed):
            read_envelope([saying("envelope", payload).to_value(), FIRST.sealed])


def test_another_version_or_suite_is_told_apart_from_a_mistake() -> None:
    for header in (changed(0, 2), changed(0, 0), [2], [2] * 20):
        with pytest.raises(VersionUnknown):
            read_envelope(wire(header))
    for suite in (0, 2):
        with pytest.raises(SuiteUnknown):
            read_envelope(wire(changed(1, suite)))


def test_the_sealed_bytes_are_those_that_were_signed() -> None:
    header = FIRST.header.to_value()
    for sealed in (FIRST.sealed + b"\x00", FIRST.sealed[:-1], b"\x00"):
        with pytest.raises(ElementMalformed, match="not those"):
            read_envelope(wire(header, sealed))
    for wrong in (b"", "text", None, bytes(SEALED_BYTES_MAX + 1)):
        digest = hashlib.sha256(wrong).digest() if isinstance(wrong, bytes) else bytes(32)
        with pytest.raises(ElementMalformed):
            read_envelope(wire(header, wrong, digest))


@pytest.mark.parametrize("value", [None, [], [1], [[], b"x"], {}, b"x"])
def test_anything_else_is_no_envelope(value: Any) -> None:
    with pytest.raises(ElementMalformed):
        read_envelope(value)


def test_the_signature_covers_header_and_sealed_bytes() -> None:
    made = envelope(secret=signing_secret("somebody"))
    assert made.signed.payload == payload_of(made.header, made.sealed)
    assert made.signed.payload != payload_of(made.header, b"other")
    verify(made.signed, signing_secret("somebody").public)
    assert isinstance(made.signed, Signed)
