"""Ids, their spelling for people, and the tagged hash."""

import hashlib
import itertools
import uuid

import pytest

from keys.errors import Malformed
from keys.identifiers import (
    NO_DIGEST,
    PROTOCOL,
    NodeId,
    parse_node_id,
    parse_uuid,
    show_id,
    show_uuid,
    tagged_bytes,
    tagged_hash,
    uuid7,
)


def test_tagged_bytes_are_spelled_as_specified() -> None:
    length = (2).to_bytes(8, "big")
    assert tagged_bytes("card", b"ab") == b"inhope-exchange/1\x00\x04card" + length + b"ab"
    assert tagged_bytes("card") == PROTOCOL + b"\x00\x04card"
    assert tagged_hash("card", b"ab") == hashlib.sha256(tagged_bytes("card", b"ab")).digest()


def test_no_tag_and_no_cut_gives_the_same_bytes_twice() -> None:
    cuts: list[tuple[bytes, ...]] = [(), (b"",), (b"", b""), (b"ab",), (b"a", b"b"), (b"", b"ab")]
    made = [tagged_bytes(tag, *parts) for tag, parts in itertools.product(("a", "ab", ""), cuts)]
    assert len(set(made)) == len(made)


def test_no_digest_is_32_zeros() -> None:
    assert bytes(32) == NO_DIGEST


def test_a_node_id_survives_being_shown() -> None:
    node_id = NodeId(tagged_hash("node", b"anything"))
    assert parse_node_id(show_id(node_id)) == node_id


@pytest.mark.parametrize(
    "typed", ["", "00", "0" * 63, "0" * 65, "A" * 64, "g" * 64, "0" * 64 + "\n", " " + "0" * 63]
)
def test_a_node_id_has_one_spelling(typed: str) -> None:
    with pytest.raises(Malformed):
        parse_node_id(typed)


def test_uuid7_is_what_the_standard_says() -> None:
    # RFC 9562, appendix A.6
    made = uuid7(0x017F22E279B0, bytes.fromhex("0CC3" + "18C4DC0C0C07398F"))
    assert show_uuid(made) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
    known = uuid.UUID(bytes=bytes(made))
    assert (known.version, known.variant) == (7, uuid.RFC_4122)
    assert parse_uuid(str(known)) == made


def test_later_uuids_sort_later() -> None:
    made = [uuid7(now_ms, b"\xff" * 10) for now_ms in (0, 1, 255, 256, 2**47, 2**48 - 1)]
    assert made == sorted(made)


@pytest.mark.parametrize(
    ("now_ms", "entropy"), [(-1, bytes(10)), (2**48, bytes(10)), (0, bytes(9)), (0, bytes(11))]
)
def test_uuid7_takes_only_what_fits(now_ms: int, entropy: bytes) -> None:
    with pytest.raises(Malformed):
        uuid7(now_ms, entropy)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",
        "017f22e279b07cc398c4dc0c0c07398f",
        "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n",
    ],
)
def test_a_uuid_has_one_spelling(typed: str) -> None:
    with pytest.raises(Malformed):
        parse_uuid(typed)
