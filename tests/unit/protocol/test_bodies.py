"""Bodies: strict, closed, and nothing in them that the specification does not name."""

from typing import Any

import pytest
from pydantic import ValidationError
from support.messages import BODIES, id_of

from keys.card_reading import TIME_MS_MAX
from keys.encoding import decode, encode
from protocol.bodies.catalogue import SCHEMAS, encode_body, parse_body
from protocol.bodies.item import ItemBody
from protocol.errors import SchemaRefused
from protocol.limits import MESSAGE_BYTES_MAX
from protocol.vocabulary import HASH_BYTES, HashAlgorithm, Kind, ResultCode

VERDICT = {"jurisdiction": "XA", "result": "not_illegal"}
YES = {"real": "yes", "below_age_limit": "yes", "severity": "yes"}


def wire(kind: Kind) -> dict[str, Any]:
    return encode_body(BODIES[kind])


def refused(kind: Kind, /, **changes: Any) -> str:
    with pytest.raises(SchemaRefused) as fault:
        parse_body(kind, wire(kind) | changes)
    assert fault.value.result is ResultCode.SCHEMA
    return str(fault.value)


def test_every_kind_with_a_schema_is_tried_here() -> None:
    assert set(BODIES) == set(SCHEMAS)


@pytest.mark.parametrize("kind", BODIES)
def test_a_body_survives_its_spelling(kind: Kind) -> None:
    spelled = encode(wire(kind))
    read = parse_body(kind, decode(spelled, bytes_max=MESSAGE_BYTES_MAX))
    assert read == BODIES[kind]
    assert encode(encode_body(read)) == spelled


@pytest.mark.parametrize("kind", BODIES)
def test_a_body_is_frozen(kind: Kind) -> None:
    with pytest.raises(ValidationError):
        setattr(BODIES[kind], "ext", {})  # noqa: B010 (mypy refuses the plain form)


@pytest.mark.parametrize("kind", sorted(set(Kind) - set(SCHEMAS)))
def test_a_kind_without_a_schema_has_no_body(kind: Kind) -> None:
    with pytest.raises(SchemaRefused):
        parse_body(kind, {})


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("value", [None, True, 1, "text", b"bytes", []])
def test_a_body_is_a_map(kind: Kind, value: Any) -> None:
    with pytest.raises(SchemaRefused):
        parse_body(kind, value)


@pytest.mark.parametrize("kind", BODIES)
def test_a_field_more_is_refused_and_its_name_is_not_told(kind: Kind) -> None:
    assert "host.example" not in refused(kind, **{"https://host.example/": 1})
    assert "'unnamed'" in refused(kind, reporter="x")
    assert "'unnamed'" in refused(kind, notes="x")


@pytest.mark.parametrize("kind", BODIES)
def test_a_field_less_is_refused_and_named_unless_it_may_be_left_out(kind: Kind) -> None:
    optional = {"ext", "reason"} if kind is Kind.ACTION else {"ext"}
    if kind is Kind.HOSTING:
        optional |= {"addresses", "asn", "organisation", "cdn"}
    for name in wire(kind):
        fields = {key: value for key, value in wire(kind).items() if key != name}
        if name in optional:
            parse_body(kind, fields)
            continue
        with pytest.raises(SchemaRefused, match=f"wrong at '{name}'"):
            parse_body(kind, fields)


@pytest.mark.parametrize("kind", BODIES)
def test_nothing_is_converted_into_another_type(kind: Kind) -> None:
    for name, value in wire(kind).items():
        others: list[Any] = [None, 1.5, [None], {"x": None}]
        others += [b"\x00"] if isinstance(value, bytes) else [str(value).encode()]
        others += [] if isinstance(value, bool) else [True]
        others += [] if isinstance(value, str) else [str(value)]
        others += [] if isinstance(value, int) else [1]
        for other in others:
            assert name in refused(kind, **{name: other})


def test_words_are_text_in_parts_of_bodies_too() -> None:
    refused(Kind.ASSESSMENT, baseline=YES | {"real": b"yes"})
    refused(Kind.ASSESSMENT, verdicts=[VERDICT | {"result": b"not_illegal"}])
    refused(Kind.ITEM, hashes=[{"algorithm": b"md5", "value": bytes(16)}])
    refused(Kind.ITEM, hashes=[{"algorithm": "md5", "value": bytes(16), "more": 1}])


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (Kind.ITEM, {"report_id": bytes(15)}),
        (Kind.ITEM, {"report_id": bytes(17)}),
        (Kind.ITEM, {"address": ""}),
        (Kind.ITEM, {"address": "https://host.example/a b"}),
        (Kind.ITEM, {"address": "https://host.example/ä"}),
        (Kind.ITEM, {"address": "https://host.example/\n"}),
        (Kind.ITEM, {"address": "a" * 2049}),
        (Kind.ITEM, {"kind": "unheard-of"}),
        (Kind.ITEM, {"kind": "Page"}),
        (Kind.ITEM, {"received_at_ms": -1}),
        (Kind.ITEM, {"received_at_ms": TIME_MS_MAX + 1}),
        (Kind.ITEM, {"hashes": [{"algorithm": "md5", "value": bytes(16)}] * 17}),
        (Kind.ASSESSMENT, {"assessor": ""}),
        (Kind.ASSESSMENT, {"assessor": "a" * 65}),
        (Kind.ASSESSMENT, {"labels": ["demo@1:beta", "demo@1:alpha"]}),
        (Kind.ASSESSMENT, {"labels": ["demo@1:alpha", "demo@1:alpha"]}),
        (Kind.ASSESSMENT, {"labels": ["alpha"]}),
        (Kind.ASSESSMENT, {"labels": ["demo@1:alpha\n"]}),
        (Kind.ASSESSMENT, {"labels": [f"demo@1:{n:03}" for n in range(65)]}),
        (Kind.ASSESSMENT, {"verdicts": []}),
        (Kind.ASSESSMENT, {"verdicts": list(reversed(wire(Kind.ASSESSMENT)["verdicts"]))}),
        (Kind.ASSESSMENT, {"verdicts": [wire(Kind.ASSESSMENT)["verdicts"][0]] * 2}),
        (Kind.HOSTING, {"country": "xb"}),
        (Kind.HOSTING, {"country": "XBB"}),
        (Kind.HOSTING, {"country": "XB\n"}),
        (Kind.HOSTING, {"asn": -1}),
        (Kind.HOSTING, {"asn": 2**32}),
        (Kind.HOSTING, {"organisation": "a" * 201}),
        (Kind.HOSTING, {"addresses": [""]}),
        (Kind.HOSTING, {"addresses": ["host.example"]}),
        (Kind.HOSTING, {"addresses": ["face"]}),
        (Kind.HOSTING, {"addresses": ["192.0.2.256"]}),
        (Kind.HOSTING, {"addresses": ["2001:DB8::7"]}),
        (Kind.HOSTING, {"addresses": ["192.0.2.7"] * 9}),
        (Kind.OFFER, {"epoch": 0}),
        (Kind.OFFER, {"epoch": 2**31 + 1}),
        (Kind.ACCEPTANCE, {"epoch": 0}),
        (Kind.RETURN, {"reason": "because"}),
        (Kind.ACTION, {"epoch": -1}),
        (Kind.ACTION, {"reason": "a" * 501}),
        (Kind.ACTION, {"action": "unheard-of"}),
    ],
)
def test_every_bound_holds(kind: Kind, changes: dict[str, Any]) -> None:
    assert next(iter(changes)) in refused(kind, **changes)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (Kind.ITEM, {"address": "a" * 2048, "received_at_ms": TIME_MS_MAX, "hashes": []}),
        (Kind.ITEM, {"hashes": [{"algorithm": "md5", "value": bytes(16)}] * 16}),
        (Kind.ASSESSMENT, {"labels": [f"demo@1:{n:03}" for n in range(64)]}),
        (Kind.HOSTING, {"asn": 2**32 - 1, "organisation": "", "addresses": ["::1"] * 8}),
        (Kind.OFFER, {"epoch": 2**31, "lease_until_ms": 0}),
        (Kind.ACTION, {"epoch": 0, "reason": "a" * 500}),
    ],
)
def test_every_bound_can_be_reached(kind: Kind, changes: dict[str, Any]) -> None:
    assert encode_body(parse_body(kind, wire(kind) | changes)) == wire(kind) | changes


@pytest.mark.parametrize("algorithm", HashAlgorithm)
def test_a_hash_has_the_length_of_its_algorithm(algorithm: HashAlgorithm) -> None:
    right = HASH_BYTES[algorithm]
    for length in {0, 1, 16, 20, 32, 144, right - 1, right + 1}:
        hashes = [{"algorithm": algorithm.value, "value": bytes(length)}]
        if length == right:
            read = parse_body(Kind.ITEM, wire(Kind.ITEM) | {"hashes": hashes})
            assert isinstance(read, ItemBody)
            assert len(read.hashes[0].value) == length
        else:
            refused(Kind.ITEM, hashes=hashes)


@pytest.mark.parametrize("question", YES)
@pytest.mark.parametrize("answer", ["no", "unknown"])
def test_baseline_is_the_verdict_exactly_when_all_three_answers_are_yes(
    question: str, answer: str
) -> None:
    baseline, other = [VERDICT | {"result": "baseline"}], [VERDICT]
    parse_body(Kind.ASSESSMENT, wire(Kind.ASSESSMENT) | {"baseline": YES, "verdicts": baseline})
    refused(Kind.ASSESSMENT, baseline=YES, verdicts=other)
    unlike = YES | {question: answer}
    parse_body(Kind.ASSESSMENT, wire(Kind.ASSESSMENT) | {"baseline": unlike, "verdicts": other})
    refused(Kind.ASSESSMENT, baseline=unlike, verdicts=baseline)


@pytest.mark.parametrize(
    "ext",
    [
        {"ns": {"key": None}},
        {"ns": {"key": b"x"}},
        {"ns": {"key": [1]}},
        {"ns": {"key": "a" * 65}},
        {"ns": {f"key{n}": n for n in range(17)}},
        {"ns": 1},
        {"Ns": {}},
        {"ns": {"Key": 1}},
        {f"ns{n}": {} for n in range(5)},
        [],
        None,
    ],
)
@pytest.mark.parametrize("kind", BODIES)
def test_an_extension_is_small_flat_and_named_in_lower_case(kind: Kind, ext: Any) -> None:
    told = refused(kind, ext=ext)
    assert "ext" in told
    assert "key" not in told.lower()


def test_an_extension_keeps_the_types_of_its_values() -> None:
    ext: Any = {"ns.example": {"a": True, "b": 1, "c": "x" * 64, "d": -(2**63), "e": 2**63 - 1}}
    read = parse_body(Kind.ACCEPTANCE, {"epoch": 1, "ext": ext})
    assert encode(encode_body(read)) == encode({"epoch": 1, "ext": ext})


def test_an_empty_extension_is_not_sent() -> None:
    assert encode_body(parse_body(Kind.ACCEPTANCE, {"epoch": 1, "ext": {}})) == {"epoch": 1}


def test_identifiers_of_items_are_bytes_not_text() -> None:
    refused(Kind.ITEM, report_id=id_of("report").hex()[:16])
