"""Whatever bytes come, only the faults that are named leave the readers, and nothing is quoted."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.messages import (
    ALPHA,
    BETA,
    BODIES,
    fields_of,
    first_envelope,
    hello,
    receipt,
    refusal,
    saying,
    signed_message,
)

from keys.encoding import encode
from keys.errors import CannotOpen
from keys.identifiers import tagged_hash
from protocol.bodies.catalogue import SCHEMAS, encode_body, parse_body
from protocol.element import read_element
from protocol.envelope import Envelope, read_envelope
from protocol.errors import BadContents, PeerFault, SchemaRefused
from protocol.hello import sign_hello
from protocol.message import parse_message
from protocol.receipt import sign_receipt
from protocol.refusal import sign_refusal
from protocol.sealing import open_envelope, padded, unpadded
from protocol.vocabulary import Kind

FIRST = first_envelope()
SPECIMENS = {
    "envelope": FIRST.signed,
    "hello": sign_hello(hello(), ALPHA.signing),
    "receipt": sign_receipt(receipt(), BETA.signing),
    "refusal": sign_refusal(refusal(), BETA.signing),
}
BYTES = [FIRST.encode(), *(signed.encode() for signed in SPECIMENS.values())]
MESSAGES = [signed_message(kind).encode() for kind in BODIES]

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.text(st.characters(exclude_categories=["C"]), max_size=40),
    st.binary(max_size=40),
    st.sampled_from([bytes(16), bytes(32), 0, 1, 2]),
)
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.dictionaries(st.text("abcdefg_", min_size=1, max_size=8), inner, max_size=4),
    ),
    max_leaves=12,
)


@st.composite
def mutated(draw: st.DrawFn, specimens: list[bytes]) -> bytes:
    data = bytearray(draw(st.sampled_from(specimens)))
    for _ in range(draw(st.integers(1, 4))):
        position = draw(st.one_of(st.integers(0, 400), st.integers(0, len(data))))
        removed = draw(st.integers(0, 4))
        data[position : position + removed] = draw(st.binary(max_size=4))
    return bytes(data)


@given(st.one_of(st.binary(max_size=600), anything.map(encode), mutated(BYTES)))
def test_an_element_or_a_fault_of_the_peer(data: bytes) -> None:
    with suppress(PeerFault):
        element = read_element(data)
        if isinstance(element, Envelope):
            assert element.encode() == data
        else:
            assert element.signed.encode() == data


@given(st.one_of(st.binary(max_size=600), anything.map(encode), mutated(MESSAGES)))
def test_a_message_or_a_fault_of_the_peer(data: bytes) -> None:
    with suppress(PeerFault):
        assert parse_message(data).encode() == data


@pytest.mark.parametrize("tag", SPECIMENS)
@given(data=st.data())
def test_any_value_in_any_field_of_an_element(tag: str, data: st.DataObject) -> None:
    fields = fields_of(SPECIMENS[tag])
    place = fields[0] if tag == "envelope" else fields
    place[data.draw(st.integers(0, len(place) - 1))] = data.draw(anything)
    signed = saying(tag, fields)
    with suppress(PeerFault):
        if tag == "envelope":
            header = read_envelope([signed.to_value(), FIRST.sealed]).header
            assert header.to_value() == fields[0]
        else:
            read_element(signed.encode())


@given(data=st.data())
def test_any_value_in_any_field_of_a_message(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(BODIES)))
    fields = fields_of(signed_message(kind).signed)
    fields[data.draw(st.integers(0, len(fields) - 1))] = data.draw(anything)
    with suppress(PeerFault):
        parse_message(saying("message", fields).encode())


@given(kind=st.sampled_from(Kind), body=anything)
def test_any_value_as_a_body(kind: Kind, body: Any) -> None:
    with suppress(SchemaRefused):
        parse_body(kind, body)


@given(data=st.data())
def test_any_value_in_any_field_of_a_body(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(SCHEMAS)))
    fields = encode_body(BODIES[kind])
    name = data.draw(st.sampled_from(sorted(fields)))
    fields[name] = data.draw(anything)
    with suppress(SchemaRefused):
        read = encode_body(parse_body(kind, fields))
        assert encode(read.get(name, {})) == encode(fields[name])


@given(st.one_of(st.binary(max_size=9000), st.binary(max_size=4000).map(padded)))
def test_padding_has_one_inverse(framed: bytes) -> None:
    with suppress(BadContents):
        assert padded(unpadded(framed)) == framed


@given(st.binary(max_size=20_000))
def test_what_was_padded_comes_out_again(plaintext: bytes) -> None:
    framed = padded(plaintext)
    assert unpadded(framed) == plaintext
    assert len(framed) == max(4096, 2 ** (len(plaintext) + 3).bit_length())


@given(
    st.one_of(
        st.binary(max_size=100),
        st.binary(max_size=5000).map(padded),
        anything.map(encode).map(padded),
        st.tuples(st.binary(min_size=32, max_size=32), st.lists(mutated(MESSAGES), max_size=3))
        .map(lambda pair: encode([pair[0], list(pair[1])]))
        .map(padded),
    )
)
def test_whatever_is_under_a_seal_opens_or_is_bad(plaintext: bytes) -> None:
    info = tagged_hash("sealed-info", encode(FIRST.header.to_value()))
    sealed = BETA.sealing[0].public.seal(info, plaintext)
    with pytest.raises(BadContents):
        open_envelope(Envelope(FIRST.signed, FIRST.header, sealed), BETA.sealing)


@given(st.one_of(st.binary(max_size=6000), mutated([FIRST.sealed])))
def test_whatever_is_no_seal_cannot_be_opened(sealed: bytes) -> None:
    if sealed != FIRST.sealed:
        with pytest.raises(CannotOpen):
            open_envelope(Envelope(FIRST.signed, FIRST.header, sealed), BETA.sealing)
