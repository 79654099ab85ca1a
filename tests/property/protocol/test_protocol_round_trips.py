"""Whatever a node may lawfully say, its peer reads the same and would spell it the same."""

from hypothesis import given
from hypothesis import strategies as st
from support.messages import ALPHA, BETA, BODIES, fields_of, message, saying

from keys.card_reading import TIME_MS_MAX
from keys.encoding import encode
from keys.identifiers import NO_DIGEST, Digest, KeyId, MessageId, NodeId
from protocol.bodies.catalogue import encode_body
from protocol.channel import Head
from protocol.delivery import fill, retry_delay_ms
from protocol.element import read_element
from protocol.envelope import Header, read_head
from protocol.hello import Hello, HelloElement, sign_hello
from protocol.message import Message, parse_message, sign_message
from protocol.receipt import RESULTS, Receipt, ReceiptElement, sign_receipt
from protocol.refusal import Refusal, RefusalElement, sign_refusal
from protocol.vocabulary import Colour, Outcome, RefusalCode

long_numbers = st.integers(1, 2**63 - 1)
times = st.integers(0, TIME_MS_MAX)
digests = st.binary(min_size=32, max_size=32).map(Digest)
nodes = st.binary(min_size=32, max_size=32).map(NodeId)
key_ids = st.binary(min_size=8, max_size=8).map(KeyId)
ids = st.binary(min_size=16, max_size=16).map(MessageId)
nets = st.from_regex("[a-z0-9][a-z0-9-]{0,31}", fullmatch=True)


@st.composite
def messages(draw: st.DrawFn) -> Message:
    return message(
        draw(st.sampled_from(sorted(BODIES))),
        net=draw(nets),
        id=draw(ids),
        origin=draw(nodes),
        made_at_ms=draw(times),
        subject=draw(ids),
        colour=draw(st.sampled_from(Colour)),
        to=tuple(sorted(draw(st.sets(nodes, max_size=4)))),
        salt=draw(st.binary(min_size=16, max_size=16)),
    )


headers = st.builds(
    Header,
    suite=st.just(1),
    net=nets,
    sender=nodes,
    receiver=nodes,
    incarnation=long_numbers,
    seq=long_numbers,
    previous=digests,
    card_version=long_numbers,
    sealing_key_id=key_ids,
    contents=digests,
    sent_at_ms=times,
)
results = st.lists(st.sampled_from(sorted(RESULTS)), min_size=1, max_size=5).map(tuple)
receipts = st.sampled_from(Outcome).flatmap(
    lambda outcome: st.builds(
        Receipt,
        net=nets,
        sender=nodes,
        receiver=nodes,
        incarnation=long_numbers,
        seq=long_numbers,
        envelope=digests,
        outcome=st.just(outcome),
        results=results if outcome is Outcome.OPENED else st.just(()),
        received_at_ms=times,
        sealing_key_id=key_ids,
        audit_head=digests,
    )
)
hellos = st.builds(
    Hello,
    net=nets,
    sender=nodes,
    receiver=nodes,
    nonce=st.binary(min_size=16, max_size=16),
    answers=st.one_of(st.just(NO_DIGEST), digests),
    sent=st.none(),
    received=st.none(),
    audit_head=digests,
    card_version=long_numbers,
    known_card_version=st.integers(0, 2**63 - 1),
    cards=st.lists(st.binary(min_size=1, max_size=100), max_size=8).map(tuple),
    give=st.booleans(),
    at_ms=times,
)
refusals = st.builds(
    Refusal,
    net=nets,
    sender=nodes,
    receiver=nodes,
    regarding=digests,
    code=st.sampled_from(RefusalCode),
    head=st.builds(Head, long_numbers, st.integers(0, 2**63 - 1), digests),
)


@given(messages())
def test_a_message(said: Message) -> None:
    made = sign_message(said, ALPHA.signing)
    read = parse_message(made.encode())
    assert (read, read.message) == (made, said)
    assert encode(encode_body(read.message.body)) == encode(fields_of(made.signed)[9])


@given(headers)
def test_a_header(header: Header) -> None:
    signed = saying("envelope", [header.to_value(), bytes(32)])
    assert read_head(signed) == header
    assert encode(read_head(signed).to_value()) == encode(fields_of(signed)[0])


@given(receipts)
def test_a_receipt(said: Receipt) -> None:
    signed = sign_receipt(said, BETA.signing)
    assert read_element(signed.encode()) == ReceiptElement(signed, said)


@given(hellos)
def test_a_hello(said: Hello) -> None:
    signed = sign_hello(said, ALPHA.signing)
    assert read_element(signed.encode()) == HelloElement(signed, said)


@given(refusals)
def test_a_refusal(said: Refusal) -> None:
    signed = sign_refusal(said, BETA.signing)
    assert read_element(signed.encode()) == RefusalElement(signed, said)


@given(st.lists(st.integers(1, 57_344), max_size=300))
def test_an_envelope_is_filled_to_the_brim_and_never_over_it(sizes: list[int]) -> None:
    count = fill(sizes)
    assert count <= 256
    assert 4 + 1 + 34 + 3 + sum(sizes[:count]) + 5 * count <= 2**20
    if count < min(len(sizes), 256):
        assert 64 + sum(sizes[: count + 1]) + 5 * (count + 1) > 2**20
    assert bool(count) == bool(sizes)


@given(st.integers(0, 100), st.floats(0, 1, exclude_max=True))
def test_waiting_has_bounds_and_grows(tries: int, spread: float) -> None:
    delay_ms = retry_delay_ms(tries, spread)
    assert 1000 <= delay_ms <= 15 * 60_000
    assert delay_ms <= retry_delay_ms(tries + 1, spread)
