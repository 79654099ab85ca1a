"""Round trips and hostile bytes through the canonical encoding."""

import string
from typing import Any

import msgpack
from hypothesis import given
from hypothesis import strategies as st

from keys.encoding import decode, encode
from keys.errors import Malformed

LIMIT = 1 << 20

clean_text = st.text(
    st.one_of(
        st.sampled_from("\n\t" + string.ascii_letters), st.characters(exclude_categories=["C"])
    )
)
integers = st.integers(-(2**63), 2**63 - 1)
scalars = st.one_of(st.none(), st.booleans(), integers, clean_text, st.binary())
map_keys = clean_text.filter(lambda key: 1 <= len(key.encode()) <= 64)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=6), st.dictionaries(map_keys, inner, max_size=6)
    ),
    max_leaves=20,
).filter(lambda value: depth(value) <= 8)
# Whatever msgpack itself can spell, lawful here or not.
foreign = st.recursive(
    st.one_of(scalars, st.floats(), st.text(), st.integers(2**63, 2**64 - 1)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=6),
        st.dictionaries(st.one_of(st.text(max_size=3), integers), inner, max_size=6),
    ),
    max_leaves=12,
)


def depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0


def value_or_none(data: bytes) -> Any:
    """Return what `data` spells, after checking the promise, or None if it is refused."""
    try:
        value = decode(data, bytes_max=LIMIT)
    except Malformed:
        return None
    assert encode(value) == data
    return value


@given(values)
def test_what_is_encoded_decodes_to_the_same_value(value: Any) -> None:
    decoded = decode(encode(value), bytes_max=LIMIT)
    assert decoded == value
    assert repr(sorted_maps(decoded)) == repr(sorted_maps(value))


def sorted_maps(value: Any) -> Any:
    if isinstance(value, dict):
        return [(key, sorted_maps(value[key])) for key in sorted(value)]
    if isinstance(value, list):
        return [sorted_maps(item) for item in value]
    return value


@given(values)
def test_the_order_of_making_a_map_does_not_matter(value: Any) -> None:
    assert encode(reversed_maps(value)) == encode(value)


def reversed_maps(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: reversed_maps(value[key]) for key in reversed(list(value))}
    if isinstance(value, list):
        return [reversed_maps(item) for item in value]
    return value


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_canonical_or_malformed(data: bytes) -> None:
    value_or_none(data)


@given(foreign)
def test_whatever_msgpack_spells_is_canonical_or_malformed(value: Any) -> None:
    packed: bytes = msgpack.packb(value, unicode_errors="surrogatepass")
    value_or_none(packed)


@given(values, st.data())
def test_mutated_bytes_are_canonical_or_malformed(value: Any, data: st.DataObject) -> None:
    spelled = bytearray(encode(value))
    for _ in range(data.draw(st.integers(1, 3))):
        position = data.draw(st.integers(0, len(spelled)))
        removed = data.draw(st.integers(0, 2))
        spelled[position : position + removed] = data.draw(st.binary(max_size=2))
    value_or_none(bytes(spelled))


@given(values, st.binary(min_size=1, max_size=3))
def test_nothing_may_follow_a_value(value: Any, tail: bytes) -> None:
    assert value_or_none(encode(value) + tail) is None
