"""Ids survive being shown, and tagged bytes never collide."""

from hypothesis import given
from hypothesis import strategies as st

from keys.errors import Malformed
from keys.identifiers import parse_node_id, parse_uuid, show_id, show_uuid, tagged_bytes, uuid7

tags = st.text("abcdefghijklmnopqrstuvwxyz-", max_size=20)
parts = st.lists(st.binary(max_size=40), max_size=4)


@given(st.binary(min_size=32, max_size=32))
def test_node_ids_survive_being_shown(node_id: bytes) -> None:
    assert parse_node_id(show_id(node_id)) == node_id


@given(st.binary(min_size=16, max_size=16))
def test_uuids_survive_being_shown(identifier: bytes) -> None:
    assert parse_uuid(show_uuid(identifier)) == identifier


@given(st.text())
def test_typed_ids_are_read_or_malformed(typed: str) -> None:
    for parse in (parse_node_id, parse_uuid):
        try:
            parse(typed)
        except Malformed:
            continue
        raise AssertionError(typed)


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_a_uuid7_carries_its_time_and_its_marks(now_ms: int, entropy: bytes) -> None:
    made = uuid7(now_ms, entropy)
    assert int.from_bytes(made[:6]) == now_ms
    assert (made[6] >> 4, made[8] >> 6) == (7, 2)
    assert made[9:] == entropy[3:]


@given(tags, parts, tags, parts)
def test_different_things_have_different_tagged_bytes(
    tag: str, some: list[bytes], other_tag: str, others: list[bytes]
) -> None:
    same = (tag, some) == (other_tag, others)
    assert (tagged_bytes(tag, *some) == tagged_bytes(other_tag, *others)) is same
