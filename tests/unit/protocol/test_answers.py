"""Receipts, hellos and refusals: what a peer signs about our envelopes, read exactly."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from support.identities import seeded_card
from support.messages import (
    ALPHA,
    BETA,
    answering_envelope,
    digest_of,
    fields_of,
    first_envelope,
    hello,
    receipt,
    refusal,
    saying,
    signed_message,
)

from keys.card_reading import TIME_MS_MAX
from keys.identifiers import NO_DIGEST
from keys.signed import Signed, verify
from protocol.channel import Head
from protocol.errors import ElementMalformed, VersionUnknown
from protocol.hello import read_hello, sign_hello
from protocol.limits import SIGNED_BYTES_MAX
from protocol.receipt import RESULTS, read_receipt, sign_receipt
from protocol.refusal import read_refusal, sign_refusal
from protocol.vocabulary import Outcome, RefusalCode, ResultCode

RECEIPT = sign_receipt(receipt(), BETA.signing)
HELLO = sign_hello(hello(), ALPHA.signing)
REFUSAL = sign_refusal(refusal(), BETA.signing)
LONG = 2**63 - 1


class Answer(NamedTuple):
    """One answer: signed, how it is read, and what was said."""

    signed: Signed
    read: Callable[[Signed], Any]
    said: Any


ANSWERS = {
    "receipt": Answer(RECEIPT, read_receipt, receipt()),
    "hello": Answer(HELLO, read_hello, hello()),
    "refusal": Answer(REFUSAL, read_refusal, refusal()),
}


def changed(tag: str, position: int, value: Any) -> Signed:
    fields = fields_of(ANSWERS[tag].signed)
    fields[position] = value
    return saying(tag, fields)


@pytest.mark.parametrize("tag", ANSWERS)
def test_an_answer_survives_its_bytes(tag: str) -> None:
    signed, read, said = ANSWERS[tag]
    element = read(signed)
    assert element.signed == signed
    assert getattr(element, tag) == said
    verify(signed, (ALPHA if tag == "hello" else BETA).signing.public)


@pytest.mark.parametrize("tag", ANSWERS)
def test_an_answer_has_its_number_of_fields(tag: str) -> None:
    fields = fields_of(ANSWERS[tag].signed)
    wrongs: list[Any] = [fields[:-1], [*fields, 0], [1], [], None, {}, 1, b""]
    for wrong in wrongs:
        with pytest.raises(ElementMalformed):
            ANSWERS[tag].read(saying(tag, wrong))


@pytest.mark.parametrize("tag", ANSWERS)
@pytest.mark.parametrize("fields", [[2], [0] * 12, [2] * 40])
def test_another_version_is_told_apart_from_a_mistake(tag: str, fields: list[Any]) -> None:
    with pytest.raises(VersionUnknown):
        ANSWERS[tag].read(saying(tag, fields))


@pytest.mark.parametrize("tag", ANSWERS)
@pytest.mark.parametrize(
    ("position", "value"),
    [
        (0, "1"),
        (0, True),
        (1, "Upper"),
        (1, None),
        (2, bytes(31)),
        (2, "0" * 32),
        (3, bytes(33)),
    ],
)
def test_all_begin_with_version_net_and_both_nodes(tag: str, position: int, value: Any) -> None:
    with pytest.raises(ElementMalformed):
        ANSWERS[tag].read(changed(tag, position, value))


@pytest.mark.parametrize(
    ("tag", "position", "value"),
    [
        ("receipt", 4, 0),
        ("receipt", 5, 0),
        ("receipt", 5, True),
        ("receipt", 6, bytes(31)),
        ("receipt", 7, "unheard-of"),
        ("receipt", 8, None),
        ("receipt", 8, ["accepted"] * 257),
        ("receipt", 9, -1),
        ("receipt", 9, TIME_MS_MAX + 1),
        ("receipt", 10, bytes(9)),
        ("receipt", 11, None),
        ("hello", 4, bytes(15)),
        ("hello", 5, None),
        ("hello", 6, []),
        ("hello", 6, signed_message().signed.to_value()),
        ("hello", 6, answering_envelope().signed.to_value()),
        ("hello", 7, first_envelope().signed.to_value()),
        ("hello", 7, b"head"),
        ("hello", 7, HELLO.to_value()),
        ("hello", 8, bytes(33)),
        ("hello", 9, 0),
        ("hello", 10, -1),
        ("hello", 11, [b"card"] * 9),
        ("hello", 11, [b""]),
        ("hello", 11, [bytes(32_769)]),
        ("hello", 11, ["card"]),
        ("hello", 12, 1),
        ("hello", 12, None),
        ("hello", 13, -1),
        ("hello", 13, TIME_MS_MAX + 1),
        ("refusal", 4, bytes(31)),
        ("refusal", 5, "unheard-of"),
        ("refusal", 5, 1),
        ("refusal", 6, None),
        ("refusal", 6, [0, 0, bytes(32)]),
        ("refusal", 6, [1, -1, bytes(32)]),
        ("refusal", 6, [1, 0, bytes(31)]),
        ("refusal", 6, [1, 0]),
    ],
)
def test_every_field_has_its_shape(tag: str, position: int, value: Any) -> None:
    with pytest.raises(ElementMalformed):
        ANSWERS[tag].read(changed(tag, position, value))


def test_a_result_is_one_of_the_words() -> None:
    verbs = {"accepted", "known"}
    verbs |= {f"{verb}:{code}" for verb in ("parked", "refused") for code in ResultCode}
    assert verbs == RESULTS
    for number, word in enumerate(sorted(RESULTS)):
        said = receipt(results=(word,), seq=number + 1)
        assert read_receipt(sign_receipt(said, BETA.signing)).receipt == said
    for wrong in ("", "Accepted", "accepted:subject", "parked", "refused:", "refused:x", b"known"):
        with pytest.raises(ElementMalformed):
            read_receipt(changed("receipt", 8, ["known", wrong]))


@pytest.mark.parametrize("outcome", Outcome)
def test_results_stand_exactly_where_the_envelope_was_opened(outcome: Outcome) -> None:
    fields = fields_of(RECEIPT)
    fields[7] = outcome.value
    for results in ([], ["accepted"]):
        fields[8] = results
        if bool(results) == (outcome is Outcome.OPENED):
            assert read_receipt(saying("receipt", fields)).receipt.results == tuple(results)
        else:
            with pytest.raises(ElementMalformed):
                read_receipt(saying("receipt", fields))


def test_a_receipt_speaks_of_256_messages() -> None:
    said = receipt(results=("refused:superseded",) * 256, incarnation=LONG, seq=LONG)
    assert read_receipt(sign_receipt(said, BETA.signing)).receipt == said


@pytest.mark.parametrize("code", RefusalCode)
def test_a_refusal_says_why_and_where_the_channel_stands(code: RefusalCode) -> None:
    said = refusal(code=code, head=Head(3, LONG, digest_of("head")))
    assert read_refusal(sign_refusal(said, BETA.signing)).refusal == said


def test_a_hello_asks_with_nothing_or_answers_with_everything() -> None:
    sent, received = first_envelope().signed, answering_envelope().signed
    card = seeded_card("alpha").encode()
    for said in (
        hello(sent=None, received=None, cards=(), known_card_version=0, give=True),
        hello(sent=sent, received=received, answers=HELLO.digest, cards=(card,) * 8),
        hello(cards=(bytes(32_768),) * 8, at_ms=TIME_MS_MAX),
    ):
        signed = sign_hello(said, ALPHA.signing)
        assert len(signed.encode()) <= SIGNED_BYTES_MAX
        assert read_hello(signed).hello == said
    assert hello().answers == NO_DIGEST
