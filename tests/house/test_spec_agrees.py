"""The specification says what the code does: names, numbers, words, fields, tags and example bytes.

A page that is wrong misleads whoever writes the second node, so every list that can be compared is
compared both ways, and every example is read, or made again, by the code.
"""

import ast
import re
from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from inspect import getmembers, isclass
from typing import Any, Final

import pytest
from pydantic import BaseModel
from support.identities import NOW_MS, entropy_of, seeded_node
from support.repository import ROOT, modules

from keys.card import check_first, parse_card
from keys.card_contents import Role
from keys.encoding import Value, decode, encode
from keys.errors import Malformed
from keys.identifiers import NO_DIGEST, Digest, KeyId, tagged_bytes, tagged_hash
from keys.signed import TAGS, Signed, parse_signed, read_signed, verify
from keys.words import card_words
from protocol import vocabulary
from protocol.bodies.assessment import Baseline, Verdict
from protocol.bodies.catalogue import SCHEMAS, encode_body, parse_body
from protocol.bodies.item import HashValue
from protocol.element import read_element
from protocol.envelope import Envelope, payload_of, read_head
from protocol.firewall import check_contents
from protocol.hello import read_hello
from protocol.limits import SIGNED_BYTES_MAX
from protocol.message import parse_message
from protocol.receipt import ReceiptElement, read_receipt
from protocol.refusal import read_refusal
from protocol.sealing import open_envelope, padded
from protocol.vocabulary import HASH_BYTES, HashAlgorithm, Kind, RefusalCode, refusal_class

FOLDER: Final = ROOT / "docs/spec"
PAGES: Final = {page.stem: page.read_text(encoding="utf-8") for page in FOLDER.glob("*.md")}
BLOCK: Final = re.compile(r"^```hex ([^\n]+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
EXAMPLES: Final = [(page, *block) for page, text in PAGES.items() for block in BLOCK.findall(text)]
SECTIONS: Final = re.compile(r"^#{2,3} ([^\n]+)\n(.*?)(?=^#{2,3} |\Z)", re.DOTALL | re.MULTILINE)
ROW: Final = re.compile(r"^\| `([^`]+)` \|(.*)\|$", re.MULTILINE)
ALPHA, ALPHA_CARD = seeded_node("alpha")
BETA, BETA_CARD = seeded_node("beta", countries=("XB",))


def sections(page: str) -> dict[str, dict[str, list[str]]]:
    """Return the tables of a page: by heading, then by the word in the first column."""
    return {
        heading: {name: [c.strip() for c in cells.split("|")] for name, cells in ROW.findall(text)}
        for heading, text in SECTIONS.findall(PAGES[page])
    }


def file_bytes(name: str) -> bytes:
    return bytes.fromhex((FOLDER / "examples" / name).read_text(encoding="ascii"))


def the_envelope() -> Envelope:
    element = read_element(file_bytes("envelope.hex"))
    assert isinstance(element, Envelope)
    return element


def numbers(module: str) -> dict[str, int]:
    """Return the public whole numbers that a module itself defines."""
    tree = dict(modules())[module]
    values = vars(import_module(module.removesuffix(".py").replace("/", ".")))
    names = [
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and not target.id.startswith("_")
    ]
    return {name: values[name] for name in names if type(values[name]) is int}


def tags_in_code() -> set[str]:
    """Return the signing tags, and every tag that some call of a tagged hash spells out."""
    calls = [
        node
        for _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] in {"tagged_hash", "tagged_bytes"}
    ]
    spelled = [call.args[0] for call in calls if call.args]
    return set(TAGS) | {str(tag.value) for tag in spelled if isinstance(tag, ast.Constant)}


LISTED = [heading for heading in sections("limits") if heading.endswith(".py")]
ENUMS = {
    name: words
    for name, words in getmembers(vocabulary, isclass)
    if issubclass(words, StrEnum) and words is not StrEnum
} | {"Role": Role}
SHAPES: dict[str, type[BaseModel]] = {kind.value: SCHEMAS[kind] for kind in SCHEMAS} | {
    shape.__name__: shape for shape in (HashValue, Baseline, Verdict)
}


def test_the_limits_of_the_wire_and_of_keys_are_all_listed() -> None:
    rooms = {name for name, _ in modules() if name.startswith("keys/") and numbers(name)}
    local = {"keys/vault.py", "keys/identity.py", "keys/certificate.py"}
    assert rooms - local | {"protocol/limits.py"} <= set(LISTED)


@pytest.mark.parametrize("module", LISTED)
def test_every_limit_has_its_name_and_value_in_the_page(module: str) -> None:
    listed = {name: int(cells[0]) for name, cells in sections("limits")[module].items()}
    assert listed == numbers(module)


def test_the_vocabulary_lists_every_closed_list() -> None:
    assert {name for name, rows in sections("vocabulary").items() if rows} == set(ENUMS)


@pytest.mark.parametrize("name", ENUMS)
def test_every_word_stands_in_the_page_in_its_order(name: str) -> None:
    assert list(sections("vocabulary")[name]) == [word.value for word in ENUMS[name]]


def test_refusal_codes_and_hashes_have_their_class_and_length() -> None:
    page = sections("vocabulary")
    classes = {RefusalCode(code): cells[1] for code, cells in page["RefusalCode"].items()}
    lengths = {HashAlgorithm(h): int(cells[0]) for h, cells in page["HashAlgorithm"].items()}
    assert classes == {code: refusal_class(code).value for code in RefusalCode}
    assert lengths == HASH_BYTES


def test_every_tag_is_listed_and_used() -> None:
    assert set(sections("bytes")["All tags"]) == tags_in_code()


def test_every_kind_with_a_body_has_a_table() -> None:
    tables = {name for name, rows in sections("message").items() if rows}
    assert tables == set(SHAPES)


@pytest.mark.parametrize("name", SHAPES)
def test_every_body_has_its_fields_in_the_page(name: str) -> None:
    fields = {n: f for n, f in SHAPES[name].model_fields.items() if n != "ext"}
    listed = sections("message")[name]
    assert list(listed) == list(fields)
    assert {n for n, cells in listed.items() if cells[-1] == "yes"} == {
        n for n, field in fields.items() if field.is_required()
    }


def a_signed(tag: str, payload: bytes) -> Signed:
    """Return a container around the payload of an example, under a signature of zeros."""
    return Signed(tag, payload, KeyId(bytes(8)), bytes(64 if tag == "message" else 3373))


def read_payload(tag: str, data: bytes) -> None:
    """Let the code read a payload, and make it again where nothing in it is random."""
    signed = a_signed(tag, data)
    if tag == "message":
        assert parse_message(signed.encode()).message.origin == ALPHA.node_id
    elif tag == "envelope":
        assert data == the_envelope().signed.payload
        assert read_head(signed) == the_envelope().header
    elif tag == "receipt":
        element = read_element(file_bytes("receipt.hex"))
        assert isinstance(element, ReceiptElement)
        assert read_receipt(signed).receipt == element.receipt
        assert element.receipt.envelope == the_envelope().digest
    elif tag == "refusal":
        assert read_refusal(signed).refusal.regarding == the_envelope().digest
    else:
        assert read_hello(signed).hello.answers == NO_DIGEST
    assert signed.digest.hex() in " ".join(PAGES.values()) or tag in {"receipt", "refusal"}


def read_body(kind: str, data: bytes) -> None:
    value = decode(data, bytes_max=len(data))
    check_contents(value)
    assert encode(encode_body(parse_body(Kind(kind), value))) == data


def read_message(tag: str, data: bytes) -> None:
    signed = parse_signed(data, tag=tag, bytes_max=len(data))
    verify(signed, BETA.signing.public)
    assert signed.digest.hex() in PAGES["container"]
    assert f"payload of {len(signed.payload)} bytes" in PAGES["container"]


def read_start(of: str, data: bytes) -> None:
    assert whole(of).startswith(data)


def read_end(of: str, data: bytes) -> None:
    assert whole(of).endswith(data)


def whole(of: str) -> bytes:
    """Return the bytes that the page shows the beginning or the end of."""
    if of.endswith(".hex"):
        return file_bytes(of)
    if of == "card":
        return ALPHA_CARD.signed.payload
    if of == "covered":
        signed = bytes.fromhex(next(hexes for _, n, hexes in EXAMPLES if n == "signed:message"))
        return tagged_bytes(
            "message", parse_signed(signed, tag="message", bytes_max=len(signed)).payload
        )
    messages: list[Value] = list(open_envelope(the_envelope(), BETA.sealing))
    return padded(encode([bytes(range(32)), messages]))


def read_refused(_: str, data: bytes) -> None:
    with pytest.raises(Malformed):
        decode(data, bytes_max=len(data))


def read_value(_: str, data: bytes) -> None:
    decode(data, bytes_max=len(data))


def read_seed(_: str, data: bytes) -> None:
    assert ALPHA.root is not None
    assert data == entropy_of("alpha")(64) == ALPHA.root.seed


def read_tagged(_: str, data: bytes) -> None:
    assert data == tagged_bytes("root", b"ab", b"")
    assert tagged_hash("root", b"ab", b"").hex() in PAGES["bytes"]


def read_words(_: str, data: bytes) -> None:
    assert data == tagged_hash("words", ALPHA_CARD.digest)[:16]
    assert " ".join(card_words(ALPHA_CARD.digest)) in PAGES["meeting"]


def read_header(_: str, data: bytes) -> None:
    envelope = the_envelope()
    assert data == encode(envelope.header.to_value())
    assert payload_of(envelope.header, envelope.sealed) == envelope.signed.payload
    shown = (tagged_hash("sealed-info", data), envelope.header.contents, envelope.digest)
    assert [d.hex() for d in shown if d.hex() not in PAGES["envelope"]] == []


def read_found(_: str, data: bytes) -> None:
    payload = next(hexes for _, name, hexes in EXAMPLES if name == "payload:message")
    assert data in bytes.fromhex(payload)


def read_number(_: str, data: bytes) -> None:
    assert int.from_bytes(data) == len(the_envelope().sealed)


READERS: Final[dict[str, Callable[[str, bytes], Any]]] = {
    "payload": read_payload,
    "body": read_body,
    "signed": read_message,
    "start": read_start,
    "end": read_end,
    "refused": read_refused,
    "value": read_value,
    "word": read_value,
    "seed": read_seed,
    "tagged": read_tagged,
    "words-entropy": read_words,
    "header": read_header,
    "find": read_found,
    "number": read_number,
}


@pytest.mark.parametrize(("name", "hexes"), [example[1:] for example in EXAMPLES])
def test_every_example_is_what_the_code_reads_or_writes(name: str, hexes: str) -> None:
    reader, _, of = name.partition(":")
    each = hexes.split("\n")[:-1] if reader == "refused" else [hexes]
    for one in each:
        READERS[reader](of, bytes.fromhex(one))


def test_every_page_shows_bytes() -> None:
    assert set(PAGES) - {page for page, _, _ in EXAMPLES} == set()


@pytest.mark.parametrize("label", ["alpha", "beta"])
def test_the_example_cards_are_those_of_the_seeded_nodes(label: str) -> None:
    card = parse_card(file_bytes(f"card-{label}.hex"))
    check_first(card)
    assert card.card == {"alpha": ALPHA_CARD, "beta": BETA_CARD}[label].card
    assert card.card.issued_at_ms == NOW_MS


def test_the_example_envelope_and_receipt_are_signed_by_their_nodes() -> None:
    verify(the_envelope().signed, ALPHA.signing.public)
    receipt = read_signed(
        decode(file_bytes("receipt.hex"), bytes_max=SIGNED_BYTES_MAX), tag="receipt"
    )
    verify(receipt, BETA.signing.public)


def test_the_example_envelope_opens_to_the_messages_of_the_page() -> None:
    inside = [parse_message(message) for message in open_envelope(the_envelope(), BETA.sealing)]
    assert [m.message.kind for m in inside] == [Kind.ITEM, Kind.OFFER]
    for message in inside:
        verify(message.signed, ALPHA.signing.public)
        assert Digest(message.digest).hex() in PAGES["envelope"]
