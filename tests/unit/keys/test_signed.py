"""The container: one shape, one purpose per signature."""

from dataclasses import replace
from typing import Any

import pytest
from support.identities import signing_secret

from keys.encoding import encode
from keys.errors import BadSignature, Malformed
from keys.identifiers import KeyId, tagged_hash
from keys.signed import (
    PAYLOAD_BYTES_MAX,
    SHORT_TAGS,
    TAGS,
    Signed,
    parse_signed,
    read_signed,
    sign,
    verify,
)

ALPHA, BETA = signing_secret("alpha"), signing_secret("beta")


def test_the_tags_are_those_of_the_specification() -> None:
    assert sorted(TAGS) == [
        "card",
        "endorsement",
        "envelope",
        "hello",
        "message",
        "pairing",
        "receipt",
        "refusal",
    ]
    assert set(SHORT_TAGS) == {"message"}


@pytest.mark.parametrize("tag", sorted(TAGS))
def test_a_signature_under_one_tag_verifies_under_no_other(tag: str) -> None:
    signed = sign(tag, b"payload", ALPHA)
    verify(signed, ALPHA.public)
    for other in TAGS - {tag}:
        with pytest.raises(BadSignature):
            verify(Signed(other, signed.payload, signed.key_id, signed.signature), ALPHA.public)


@pytest.mark.parametrize("tag", sorted(TAGS))
def test_the_short_half_of_a_signature_is_worth_nothing_elsewhere(tag: str) -> None:
    signed = sign(tag, b"payload", ALPHA)
    for other in TAGS - {tag}:
        short = Signed(other, signed.payload, signed.key_id, signed.signature[:64])
        with pytest.raises(BadSignature):
            verify(short, ALPHA.public)


@pytest.mark.parametrize("tag", sorted(TAGS))
def test_a_container_survives_its_encoding(tag: str) -> None:
    signed = sign(tag, b"payload", ALPHA)
    assert parse_signed(signed.encode(), tag=tag, bytes_max=5000) == signed
    assert read_signed(signed.to_value(), tag=tag) == signed


def test_the_digest_covers_tag_and_payload_but_not_who_signed() -> None:
    signed = sign("hello", b"payload", ALPHA)
    assert signed.digest == tagged_hash("hello", b"payload")
    assert signed.digest == sign("hello", b"payload", BETA).digest
    assert signed.digest != sign("refusal", b"payload", ALPHA).digest
    assert replace(signed, payload=b"other").digest == tagged_hash("hello", b"other")


def test_a_container_of_another_kind_is_malformed() -> None:
    signed = sign("hello", b"payload", ALPHA)
    for tag in ("receipt", "message", "unheard-of"):
        with pytest.raises(Malformed):
            read_signed(signed.to_value(), tag=tag)
    with pytest.raises(Malformed):
        read_signed(["unheard-of", *signed.to_value()[1:]], tag="unheard-of")


@pytest.mark.parametrize(
    ("position", "value"),
    [
        (0, b"hello"),
        (1, "payload"),
        (1, b""),
        (1, bytes(PAYLOAD_BYTES_MAX + 1)),
        (2, bytes(7)),
        (2, bytes(9)),
        (3, bytes(64)),
        (3, bytes(3372)),
        (3, None),
    ],
)
def test_every_field_has_its_shape(position: int, value: Any) -> None:
    fields = sign("hello", b"payload", ALPHA).to_value()
    fields[position] = value
    with pytest.raises(Malformed):
        read_signed(fields, tag="hello")


@pytest.mark.parametrize("value", [None, [], ["hello"], {}, ["hello", b"x", bytes(8), b"", b""]])
def test_anything_else_is_no_container(value: Any) -> None:
    with pytest.raises(Malformed):
        read_signed(value, tag="hello")
    with pytest.raises(Malformed):
        parse_signed(encode(value), tag="hello", bytes_max=5000)


def test_only_known_tags_and_lawful_payloads_are_signed() -> None:
    for tag, payload in (("words", b"x"), ("hello", b""), ("hello", bytes(PAYLOAD_BYTES_MAX + 1))):
        with pytest.raises(Malformed):
            sign(tag, payload, ALPHA)


def test_the_key_must_be_the_one_that_is_named() -> None:
    signed = sign("hello", b"payload", ALPHA)
    with pytest.raises(BadSignature, match="another key"):
        verify(signed, BETA.public)
    with pytest.raises(BadSignature, match="another key"):
        verify(replace(signed, key_id=KeyId(bytes(8))), ALPHA.public)
    with pytest.raises(BadSignature):
        verify(replace(signed, key_id=BETA.public.key_id), BETA.public)


def test_neither_payload_nor_signature_shows_in_a_repr() -> None:
    shown = repr(sign("hello", b"payload", ALPHA))
    assert "payload" not in shown
    assert len(shown) < 300
