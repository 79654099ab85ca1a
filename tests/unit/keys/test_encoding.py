"""The canonical encoding: what may not travel, and spellings that msgpack takes but we do not."""

from typing import Any

import pytest

from keys.encoding import ARRAY_ITEMS_MAX, DEPTH_MAX, MAP_ENTRIES_MAX, decode, encode
from keys.errors import Malformed

LIMIT = 1 << 20


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth - 1):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        (None, "c0"),
        (False, "c2"),
        (True, "c3"),
        (0, "00"),
        (127, "7f"),
        (128, "cc80"),
        (256, "cd0100"),
        (-1, "ff"),
        (-33, "d0df"),
        (2**63 - 1, "cf7fffffffffffffff"),
        (-(2**63), "d38000000000000000"),
        ("", "a0"),
        ("\n\t", "a20a09"),
        ("é", "a2c3a9"),
        ("x" * 32, "d920" + "78" * 32),
        (b"", "c400"),
        (b"\xff" * 256, "c50100" + "ff" * 256),
        ([], "90"),
        ({}, "80"),
        ({"b": 1, "a": [True]}, "82a16191c3a16201"),
        ({"a": 0, "Z": 0, "é": 0}, "83a15a00a16100a2c3a900"),
    ],
)
def test_every_value_has_one_spelling(value: Any, spelled: str) -> None:
    assert encode(value).hex() == spelled
    assert decode(bytes.fromhex(spelled), bytes_max=LIMIT) == value


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        (1, 2),
        {1, 2},
        bytearray(b"x"),
        object(),
        2**63,
        -(2**63) - 1,
        "\x00",
        "\x0d",
        "\x1f",
        "\x7f",
        "\x80",
        "\x9f",
        "\ud800",
        {1: 1},
        {b"a": 1},
        {"": 1},
        {"x" * 65: 1},
        {"é" * 33: 1},
        {"\x01": 1},
        {"a": [{"b": 1.5}]},
        nested(DEPTH_MAX + 1),
        {"a": nested(DEPTH_MAX)},
        [{"a": [{"a": [{"a": [{"a": {}}]}]}]}],
        [0] * (ARRAY_ITEMS_MAX + 1),
        {str(number): 0 for number in range(MAP_ENTRIES_MAX + 1)},
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_what_may_not_travel_is_not_encoded(value: Any) -> None:
    with pytest.raises(Malformed):
        encode(value)


@pytest.mark.parametrize(
    "value",
    [
        nested(DEPTH_MAX),
        {"a": [{"a": [{"a": [{"a": []}]}]}]},
        [0] * ARRAY_ITEMS_MAX,
        {f"{number:03}": 0 for number in range(MAP_ENTRIES_MAX)},
        {"x" * 64: 1},
        {"é" * 32: 1},
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_the_limits_themselves_may_be_reached(value: Any) -> None:
    assert decode(encode(value), bytes_max=LIMIT) == value


@pytest.mark.parametrize(
    "spelled",
    [
        "",  # nothing
        "c1",  # never used by msgpack
        "92c0",  # truncated
        "c0c0",  # a byte after the value
        "cc01",  # wide integers (Keybase's and our own list of bad spellings)
        "cd0001",
        "ce00000001",
        "cf0000000000000001",
        "d0ff",
        "d3ffffffffffffffff",
        "cf8000000000000000",  # beyond int64
        "d90161",  # long forms of short things
        "da000161",
        "db0000000161",
        "c5000161",
        "dc0001c0",
        "de0001a16101",
        "df00000000",
        "dd00000000",
        "dcffff",  # more announced than there is
        "ddffffffff",
        "dfffffffff",
        "82a16201a16100",  # keys not sorted
        "82a16101a16102",  # a key twice
        "8101c0",  # an integer, bytes, nothing as a key
        "81c40161c0",
        "81c0c0",
        "80c0",
        "81a0c0",  # an empty key
        "a1ff",  # not UTF-8
        "a3eda080",  # a surrogate
        "a100",  # control characters
        "a17f",
        "a2c285",
        "ca00000000",  # floats
        "cb7ff8000000000000",
        "d4ff00",  # extensions and timestamps
        "d6ff00000000",
        "c700ff",
        "c70001",
        "d40100",
        "91" * 8 + "90",  # too deep
        "91" * 600 + "c0",
        "91" * 5000 + "c0",
    ],
    ids=lambda spelled: spelled[:20] or "nothing",
)
def test_other_spellings_are_malformed(spelled: str) -> None:
    with pytest.raises(Malformed):
        decode(bytes.fromhex(spelled), bytes_max=LIMIT)


def test_input_beyond_its_limit_is_refused_unseen() -> None:
    data = encode("x" * 100)
    assert decode(data, bytes_max=len(data)) == "x" * 100
    with pytest.raises(Malformed, match="longer than"):
        decode(data, bytes_max=len(data) - 1)


def test_two_bytes_at_most_mean_one_value_or_none() -> None:
    accepted = 0
    for number in range(256 + 65536):
        data = bytes((number,)) if number < 256 else (number - 256).to_bytes(2)
        try:
            value = decode(data, bytes_max=2)
        except Malformed:
            continue
        accepted += 1
        assert encode(value) == data
    one_byte = 128 + 32 + 3 + 3  # small integers, nil and booleans, empty text, array, map
    text, integers, arrays, binary = 97, 128 + 96, 128 + 32 + 6, 1
    assert accepted == one_byte + text + integers + arrays + binary
