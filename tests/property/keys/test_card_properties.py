"""Cards: round trips, and no bit of a signed card can be flipped unseen."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.identities import sealing_secret, seeded_card, signing_secret

from keys.card import (
    Card,
    Endpoint,
    Organisation,
    Role,
    SealingEntry,
    SigningEntry,
    check_first,
    parse_card,
)
from keys.card_reading import TIME_MS_MAX, read_card
from keys.encoding import decode, encode
from keys.errors import CardRefused, Malformed
from keys.identifiers import Digest, NodeId
from keys.signed import Signed

FIRST = seeded_card()
BYTES = FIRST.encode()
PAYLOAD_AT = BYTES.index(FIRST.signed.payload)
SIGNATURE_AT = BYTES.index(FIRST.signed.signature)
ED25519_BYTES = 64

times = st.integers(0, TIME_MS_MAX - 1)
lines = st.text(st.characters(exclude_categories=["C"]), max_size=100)
digests = st.binary(min_size=32, max_size=32)
countries = st.sets(st.text("ABCXYZ", min_size=2, max_size=2), max_size=6)
labels = st.integers(0, 3).map(str)


@st.composite
def windows(draw: st.DrawFn) -> dict[str, int]:
    from_ms = draw(times)
    until_ms = draw(st.integers(from_ms + 1, TIME_MS_MAX))
    return {"from_ms": from_ms, "until_ms": until_ms, "compromised_since_ms": draw(times)}


@st.composite
def cards(draw: st.DrawFn) -> Card:
    signers = draw(st.lists(labels, min_size=1, max_size=3, unique=True))
    sealers = draw(st.lists(labels, min_size=1, max_size=3, unique=True))
    low, high = sorted(draw(st.tuples(st.integers(1, 65535), st.integers(1, 65535))))
    pins = st.lists(digests, min_size=1, max_size=4).map(tuple)
    urls = st.from_regex(
        r"https://[a-z0-9.-]{1,40}(:[0-9]{1,5})?(/[a-z0-9_.~/-]{0,40})?", fullmatch=True
    )
    return Card(
        net=draw(st.from_regex("[a-z0-9][a-z0-9-]{0,31}", fullmatch=True)),
        node_id=NodeId(draw(digests)),
        version=draw(st.integers(1, 2**63 - 1)),
        previous=Digest(draw(digests)),
        issued_at_ms=draw(times),
        root=signing_secret(draw(labels)).public,
        next_root=Digest(draw(digests)),
        signing=tuple(
            SigningEntry(public=signing_secret(label).public, **draw(windows()))
            for label in signers
        ),
        sealing=tuple(
            SealingEntry(public=sealing_secret(label).public, **draw(windows()))
            for label in sealers
        ),
        endpoints=tuple(draw(st.lists(st.builds(Endpoint, urls, pins), max_size=4))),
        organisation=Organisation(
            name=draw(lines.filter(bool)),
            role=draw(st.sampled_from(Role)),
            countries=tuple(sorted(draw(countries))),
            contact=draw(lines),
        ),
        protocol=(low, high),
        suites=tuple(sorted(draw(st.sets(st.integers(1, 65535), min_size=1, max_size=16)))),
    )


def refused(data: bytes) -> bool:
    """Say whether these bytes fail as a first card, in one of the two ways allowed."""
    try:
        check_first(parse_card(data))
    except (Malformed, CardRefused):
        return True
    return False


@given(cards())
def test_a_card_survives_its_spelling(card: Card) -> None:
    spelled = encode(card.to_value())
    assert read_card(decode(spelled, bytes_max=len(spelled))) == card


@given(cards())
def test_a_signed_card_survives_its_bytes(card: Card) -> None:
    payload = encode(card.to_value())
    signed = Signed("card", payload, FIRST.signed.key_id, FIRST.signed.signature)
    parsed = parse_card(signed.encode())
    assert (parsed.signed, parsed.card) == (signed, card)
    assert parsed.encode() == signed.encode()


@given(st.binary(max_size=400))
def test_arbitrary_bytes_are_no_card(data: bytes) -> None:
    with pytest.raises(Malformed):
        parse_card(data)


@given(st.data())
def test_mutated_bytes_are_a_card_or_malformed(data: st.DataObject) -> None:
    mutated = bytearray(BYTES)
    for _ in range(data.draw(st.integers(1, 3))):
        position = data.draw(st.one_of(st.integers(0, 500), st.integers(0, len(mutated))))
        removed = data.draw(st.integers(0, 3))
        mutated[position : position + removed] = data.draw(st.binary(max_size=3))
    assert bytes(mutated) == BYTES or refused(bytes(mutated))


@given(st.data())
def test_a_mutated_field_is_a_shape_or_malformed(data: st.DataObject) -> None:
    fields: Any = FIRST.card.to_value()
    anything = st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.binary()),
        lambda inner: st.lists(inner, max_size=5),
        max_leaves=10,
    )
    fields[data.draw(st.integers(0, len(fields) - 1))] = data.draw(anything)
    try:
        card = read_card(fields)
    except Malformed:
        return
    assert card.to_value() == fields


def flipped(bit: int) -> bytes:
    mutated = bytearray(BYTES)
    mutated[bit // 8] ^= 1 << bit % 8
    return bytes(mutated)


@pytest.mark.parametrize(
    ("start", "length", "step"),
    [
        (0, PAYLOAD_AT, 1),
        (PAYLOAD_AT, 400, 1),
        (PAYLOAD_AT + 400, SIGNATURE_AT - PAYLOAD_AT - 400, 61),
        (SIGNATURE_AT, ED25519_BYTES, 1),
        (SIGNATURE_AT + ED25519_BYTES, len(BYTES) - SIGNATURE_AT - ED25519_BYTES, 61),
    ],
    ids=["container", "payload", "rest of payload", "Ed25519", "ML-DSA-65"],
)
def test_no_bit_of_a_signed_card_flips_unseen(start: int, length: int, step: int) -> None:
    assert not refused(BYTES)
    bits = range(start * 8, (start + length) * 8, step)
    assert [bit for bit in bits if not refused(flipped(bit))] == []


def test_both_halves_of_the_root_signature_are_checked() -> None:
    other = replace(FIRST.signed, signature=seeded_card("beta").signed.signature)
    ours, theirs = FIRST.signed.signature, other.signature
    for mixed in (ours[:64] + theirs[64:], theirs[:64] + ours[64:]):
        assert refused(replace(FIRST.signed, signature=mixed).encode())
