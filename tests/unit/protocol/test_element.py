"""One element in, one value or one fault out."""

from typing import Any

import pytest
from support.messages import (
    ALPHA,
    BETA,
    first_envelope,
    hello,
    receipt,
    refusal,
    saying,
    signed_message,
)

from keys.encoding import encode
from keys.signed import TAGS, sign
from protocol.element import read_element
from protocol.envelope import Envelope
from protocol.errors import ElementMalformed, TooBig, VersionUnknown
from protocol.hello import HelloElement, sign_hello
from protocol.limits import ELEMENT_BYTES_MAX, SIGNED_BYTES_MAX
from protocol.receipt import ReceiptElement, sign_receipt
from protocol.refusal import RefusalElement, sign_refusal


def test_each_element_is_known_by_its_shape() -> None:
    assert read_element(first_envelope().encode()) == first_envelope()
    greeting = sign_hello(hello(), ALPHA.signing)
    assert read_element(greeting.encode()) == HelloElement(greeting, hello())
    receipted = sign_receipt(receipt(), BETA.signing)
    assert read_element(receipted.encode()) == ReceiptElement(receipted, receipt())
    refused = sign_refusal(refusal(), BETA.signing)
    assert read_element(refused.encode()) == RefusalElement(refused, refusal())
    assert isinstance(read_element(first_envelope().encode()), Envelope)


@pytest.mark.parametrize("tag", sorted(TAGS - {"hello", "receipt", "refusal"}))
def test_other_signed_things_are_no_elements(tag: str) -> None:
    with pytest.raises(ElementMalformed):
        read_element(sign(tag, b"payload", ALPHA.signing).encode())


def test_a_message_outside_an_envelope_is_no_element() -> None:
    with pytest.raises(ElementMalformed):
        read_element(signed_message().encode())


@pytest.mark.parametrize(
    "value",
    [
        None,
        1,
        "hello",
        b"hello",
        [],
        {},
        [None],
        [[]],
        [1, 2],
        ["hello"],
        ["hello", 1, 2, 3],
        ["hello", b"x", bytes(8), bytes(64)],
        [["hello"], b"x", bytes(8), b""],
        [{}, {}, {}],
    ],
)
def test_anything_else_is_no_element(value: Any) -> None:
    with pytest.raises(ElementMalformed):
        read_element(encode(value))


@pytest.mark.parametrize(
    "data", [b"", b"\xc1", b"\x91" * 5000, b"\xdd\xff\xff\xff\xff", b"\x00" * 9]
)
def test_what_is_no_canonical_msgpack_is_no_element(data: bytes) -> None:
    with pytest.raises(ElementMalformed):
        read_element(data)


def test_an_element_has_one_spelling() -> None:
    data = sign_refusal(refusal(), BETA.signing).encode()
    assert data[:1] == b"\x94"
    for other in (b"\xdc\x00\x04" + data[1:], data + b"\x00", data[:-1]):
        with pytest.raises(ElementMalformed):
            read_element(other)


def test_size_is_looked_at_before_anything_else() -> None:
    with pytest.raises(TooBig, match="1 MiB"):
        read_element(bytes(ELEMENT_BYTES_MAX + 1))
    with pytest.raises(ElementMalformed):
        read_element(bytes(ELEMENT_BYTES_MAX))


def test_only_an_envelope_may_be_longer_than_512_kib() -> None:
    around = len(saying("hello", bytes(70_000)).encode()) - 70_000
    with pytest.raises(ElementMalformed):
        read_element(saying("hello", bytes(SIGNED_BYTES_MAX - around)).encode())
    with pytest.raises(TooBig, match="512 KiB"):
        read_element(saying("hello", bytes(SIGNED_BYTES_MAX - around + 1)).encode())


@pytest.mark.parametrize("tag", ["hello", "receipt", "refusal"])
def test_another_version_is_told_apart_from_a_mistake(tag: str) -> None:
    with pytest.raises(VersionUnknown):
        read_element(saying(tag, [2, "of", "tomorrow"]).encode())
