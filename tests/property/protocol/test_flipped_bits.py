"""No bit of anything real flips unseen: a flipped message, envelope or answer is never admitted.

Every bit of a container, of a short payload and of an Ed25519 signature is tried; of long parts
(sealed bytes, cards, ML-DSA-65) a sample spread over all of them.
"""

from collections.abc import Callable

import pytest
from support.identities import NET, seeded_card, verified_peer
from support.messages import (
    ALPHA,
    ALPHA_ID,
    BETA,
    BETA_ID,
    BODIES,
    first_envelope,
    hello,
    receipt,
    refusal,
    signed_message,
)

from keys.errors import BadSignature, Malformed
from keys.signed import parse_signed, verify
from protocol.admission import admit_signed
from protocol.element import read_element
from protocol.envelope import Envelope
from protocol.errors import PeerFault, Stranger
from protocol.hello import HelloElement, sign_hello
from protocol.message import parse_message
from protocol.receipt import ReceiptElement, sign_receipt
from protocol.refusal import sign_refusal
from protocol.vocabulary import Kind

ALPHA_PEER, BETA_PEER = verified_peer(seeded_card("alpha")), verified_peer(seeded_card("beta"))
STEP = 211
SHORT_PAYLOAD_BYTES = 400

FIRST = first_envelope()
HELLO = sign_hello(hello(), ALPHA.signing)
ELEMENTS = {
    "envelope": (FIRST.encode(), FIRST.signed),
    "hello": (HELLO.encode(), HELLO),
    "receipt": ((made := sign_receipt(receipt(), BETA.signing)).encode(), made),
    "refusal": ((made := sign_refusal(refusal(), BETA.signing)).encode(), made),
}


def admitted(data: bytes) -> bool:
    """Say whether beta, or alpha for an answer, would believe these bytes."""
    try:
        element = read_element(data)
        if isinstance(element, Envelope):
            said, me, peer = element.header, BETA_ID, ALPHA_PEER
            admit_signed(element.signed, said, me=me, net=NET, peer=peer)
        elif isinstance(element, HelloElement):
            admit_signed(element.signed, element.hello, me=BETA_ID, net=NET, peer=ALPHA_PEER)
        else:
            answer = element.receipt if isinstance(element, ReceiptElement) else element.refusal
            admit_signed(element.signed, answer, me=ALPHA_ID, net=NET, peer=BETA_PEER)
    except (PeerFault, Stranger):
        return False
    return True


def heard(data: bytes) -> bool:
    """Say whether beta would believe that alpha said this message."""
    try:
        verify(parse_message(data).signed, ALPHA.signing.public)
    except (PeerFault, BadSignature):
        return False
    return True


def said_by_alpha(data: bytes) -> bool:
    """Say whether alpha signed this container, whatever it says; quicker than `heard`."""
    try:
        verify(parse_signed(data, tag="message", bytes_max=len(data)), ALPHA.signing.public)
    except (Malformed, BadSignature):
        return False
    return True


def unseen(data: bytes, bits: range, believed: Callable[[bytes], bool]) -> list[int]:
    found = []
    for bit in bits:
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        if believed(bytes(flipped)):
            found.append(bit)
    return found


@pytest.mark.parametrize("kind", BODIES)
def test_no_bit_of_a_message_flips_unseen(kind: Kind) -> None:
    data = signed_message(kind).encode()
    assert heard(data)
    assert unseen(data, range(len(data) * 8), said_by_alpha) == []
    assert unseen(data, range(0, len(data) * 8, 13), heard) == []


@pytest.mark.parametrize("name", ELEMENTS)
def test_no_bit_of_an_element_flips_unseen(name: str) -> None:
    data, signed = ELEMENTS[name]
    assert admitted(data)
    payload_at, signature_at = data.index(signed.payload), data.index(signed.signature)
    short_end = min(payload_at + SHORT_PAYLOAD_BYTES, signature_at)
    parts = [
        range(short_end * 8),
        range(short_end * 8, signature_at * 8, STEP),
        range(signature_at * 8, (signature_at + 64) * 8),
        range((signature_at + 64) * 8, len(data) * 8, STEP),
    ]
    assert [unseen(data, bits, admitted) for bits in parts] == [[], [], [], []]


@pytest.mark.parametrize("name", ELEMENTS)
def test_no_byte_less_and_no_byte_more(name: str) -> None:
    data, _ = ELEMENTS[name]
    for length in {0, 1, 2, len(data) // 2, len(data) - 64, len(data) - 1}:
        assert not admitted(data[:length])
    assert not admitted(data + b"\x00")
