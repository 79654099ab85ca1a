"""A message: said once by its origin, read exactly, and never a file or a surprise."""

from dataclasses import replace
from typing import Any

import pytest
from support.identities import seeded_node_id
from support.messages import (
    ALPHA,
    ALPHA_ID,
    BETA_ID,
    BODIES,
    fields_of,
    message,
    padded_message,
    saying,
    signed_message,
)

from keys.card_reading import TIME_MS_MAX
from keys.identifiers import MessageId, NodeId, tagged_hash
from keys.signed import sign, verify
from protocol.bodies.catalogue import encode_body
from protocol.bodies.item import ItemBody
from protocol.errors import (
    ContentsRefused,
    ElementMalformed,
    PeerFault,
    SchemaRefused,
    TooBig,
    UsageFault,
    VersionUnknown,
)
from protocol.message import parse_message, sign_message
from protocol.vocabulary import Colour, Kind, ResultCode

NODES = tuple(NodeId(number.to_bytes(32)) for number in range(65))


def changed(position: int, value: Any, kind: Kind = Kind.ITEM) -> bytes:
    fields = fields_of(signed_message(kind).signed)
    fields[position] = value
    return saying("message", fields).encode()


@pytest.mark.parametrize("kind", BODIES)
def test_a_message_survives_its_bytes(kind: Kind) -> None:
    made = signed_message(kind)
    read = parse_message(made.encode())
    assert read == made
    assert read.message == message(kind)
    assert read.encode() == made.encode()
    verify(read.signed, ALPHA.signing.public)


def test_the_digest_names_the_signed_payload() -> None:
    made = signed_message()
    assert made.digest == made.signed.digest == tagged_hash("message", made.signed.payload)


def test_the_salt_hides_a_short_body() -> None:
    other = sign_message(message(salt=bytes(16)), ALPHA.signing)
    assert other.digest != signed_message().digest


def test_a_payload_is_the_array_of_the_specification() -> None:
    said = message(to=(BETA_ID,), colour=Colour.RED)
    assert fields_of(sign_message(said, ALPHA.signing).signed) == [
        1,
        said.net,
        said.id,
        "item",
        ALPHA_ID,
        said.made_at_ms,
        said.subject,
        "red",
        [BETA_ID],
        encode_body(said.body),
        said.salt,
    ]


@pytest.mark.parametrize(
    ("position", "value"),
    [
        (0, "1"),
        (0, True),
        (1, "Upper"),
        (1, ""),
        (1, "a" * 33),
        (2, bytes(15)),
        (2, "0" * 16),
        (3, "unheard-of"),
        (3, b"item"),
        (4, bytes(31)),
        (5, -1),
        (5, TIME_MS_MAX + 1),
        (5, True),
        (6, bytes(17)),
        (7, "blue"),
        (8, None),
        (8, [bytes(31)]),
        (8, [NODES[2], NODES[1]]),
        (8, [NODES[1], NODES[1]]),
        (8, list(NODES)),
        (10, bytes(15)),
        (10, bytes(17)),
    ],
)
def test_every_field_has_its_shape(position: int, value: Any) -> None:
    with pytest.raises(ElementMalformed) as fault:
        parse_message(changed(position, value))
    assert fault.value.result is ResultCode.MALFORMED


def test_a_message_has_eleven_fields() -> None:
    fields = fields_of(signed_message().signed)
    wrongs: list[Any] = [fields[:-1], [*fields, 0], [], {}, None, 1]
    for wrong in wrongs:
        with pytest.raises(ElementMalformed):
            parse_message(saying("message", wrong).encode())


@pytest.mark.parametrize("fields", [[2], [2] * 30, [0, 1, 2]])
def test_another_version_is_told_apart_from_a_mistake(fields: list[Any]) -> None:
    with pytest.raises(VersionUnknown):
        parse_message(saying("message", fields).encode())


def test_sixty_four_receivers_are_read() -> None:
    read = parse_message(changed(8, list(NODES[:64])))
    assert read.message.to == NODES[:64]


def test_the_firewall_comes_before_the_schema() -> None:
    stray = {"unheard-of": bytes(100)}
    with pytest.raises(ContentsRefused) as fault:
        parse_message(changed(9, stray))
    assert fault.value.result is ResultCode.CONTENTS
    bodies: list[Any] = [{"epoch": 1}, None, []]
    for body in bodies:
        with pytest.raises(SchemaRefused):
            parse_message(changed(9, body))
    with pytest.raises(ContentsRefused):
        parse_message(changed(9, stray, Kind.ACCEPTANCE))


@pytest.mark.parametrize("kind", sorted(set(Kind) - set(BODIES)))
def test_the_firewall_is_asked_for_kinds_that_are_not_understood_yet(kind: Kind) -> None:
    fields = fields_of(signed_message().signed)
    fields[3], fields[9] = kind.value, {"anything": bytes(100)}
    with pytest.raises(ContentsRefused):
        parse_message(saying("message", fields).encode())
    fields[9] = {"anything": 1}
    with pytest.raises(SchemaRefused):
        parse_message(saying("message", fields).encode())


def test_56_kib_are_looked_at_and_not_a_byte_more() -> None:
    with pytest.raises(ElementMalformed):
        parse_message(padded_message(57_344))
    with pytest.raises(TooBig):
        parse_message(padded_message(57_345))


@pytest.mark.parametrize("tag", ["hello", "envelope", "card"])
def test_another_container_is_no_message(tag: str) -> None:
    made = sign(tag, signed_message().signed.payload, ALPHA.signing)
    with pytest.raises(ElementMalformed):
        parse_message(made.encode())


@pytest.mark.parametrize(
    "changes",
    [
        {"net": "Upper"},
        {"id": MessageId(bytes(15))},
        {"origin": NodeId(bytes(31))},
        {"made_at_ms": -1},
        {"made_at_ms": TIME_MS_MAX + 1},
        {"subject": MessageId(b"")},
        {"to": (NODES[2], NODES[1])},
        {"to": (NODES[1], NODES[1])},
        {"to": NODES},
        {"salt": bytes(32)},
    ],
)
def test_we_sign_nothing_that_a_peer_would_not_read(changes: dict[str, Any]) -> None:
    with pytest.raises(UsageFault):
        sign_message(message(**changes), ALPHA.signing)


def test_our_own_messages_meet_firewall_and_schema_before_they_are_signed() -> None:
    item = BODIES[Kind.ITEM]
    assert isinstance(item, ItemBody)
    smuggled = item.model_copy(update={"address": "data:image/png;base64,AAAA"})
    with pytest.raises(ContentsRefused):
        sign_message(message(body=smuggled), ALPHA.signing)
    with pytest.raises(SchemaRefused):
        sign_message(message(Kind.ITEM, body=BODIES[Kind.OFFER]), ALPHA.signing)
    with pytest.raises(SchemaRefused):
        sign_message(message(Kind.CLAIM), ALPHA.signing)


def test_a_fault_never_quotes_what_came() -> None:
    for position in range(11):
        with pytest.raises(PeerFault) as fault:
            parse_message(changed(position, {"https://secret.example/": "secret words"}))
        assert "secret" not in str(fault.value)


def test_the_same_name_may_carry_another_digest_and_both_read() -> None:
    first = signed_message()
    twin = sign_message(replace(first.message, made_at_ms=1), ALPHA.signing)
    named = {(read.message.origin, read.message.id) for read in (first, twin)}
    assert len(named) == 1
    assert first.digest != twin.digest
    assert seeded_node_id("gamma") != first.message.origin
