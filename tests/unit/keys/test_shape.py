"""The readers of shapes: typed values, or `Malformed` and nothing else."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import pytest

from keys.errors import Malformed
from keys.shape import (
    binary,
    binary_between,
    boolean,
    fixed_list,
    integer,
    one_of,
    sequence,
    text,
)


class Colour(StrEnum):
    """Two words of a vocabulary."""

    RED = "red"
    GREEN = "green"


SAMPLES: list[Any] = [None, False, True, 0, 1, -1, 2**62, "", "red", b"", b"abc", [], [1], {}, 1.5]
READERS: list[tuple[str, Callable[[Any], object], list[Any]]] = [
    ("fixed_list", lambda value: fixed_list(value, 1), [[1]]),
    ("sequence", lambda value: sequence(value, 1, integer), [[], [1]]),
    ("integer", lambda value: integer(value, 0, 1), [0, 1]),
    ("boolean", boolean, [False, True]),
    ("text", lambda value: text(value, 3, 1), ["red"]),
    ("binary", lambda value: binary(value, 3), [b"abc"]),
    ("binary_between", lambda value: binary_between(value, 0, 2), [b""]),
    ("one_of", lambda value: one_of(value, Colour), ["red"]),
]


def is_among(value: Any, accepted: list[Any]) -> bool:
    return any(type(value) is type(other) and value == other for other in accepted)


@pytest.mark.parametrize("sample", SAMPLES, ids=repr)
@pytest.mark.parametrize(("name", "read", "accepted"), READERS, ids=[row[0] for row in READERS])
def test_every_reader_meets_every_type(
    name: str, read: Callable[[Any], object], accepted: list[Any], sample: Any
) -> None:
    if is_among(sample, accepted):
        found = read(sample)
        assert found == (tuple(sample) if name == "sequence" else sample)
    else:
        with pytest.raises(Malformed):
            read(sample)


def test_a_sequence_passes_each_item_through_its_reader() -> None:
    assert sequence([1, 2], 2, lambda value: integer(value) * 2) == (2, 4)
    with pytest.raises(Malformed):
        sequence([1, "2"], 2, integer)


def test_a_word_becomes_its_member() -> None:
    assert one_of("green", Colour) is Colour.GREEN
    for spelled in ("Green", "green ", "x" * 65):
        with pytest.raises(Malformed):
            one_of(spelled, Colour)


def test_bounds_belong_to_the_range() -> None:
    assert [integer(number, 3, 5) for number in (3, 5)] == [3, 5]
    assert text("abc", 3, 3) == "abc"
    assert binary_between(b"abc", 3, 3) == b"abc"
    assert integer(2**63 - 1) == 2**63 - 1
    for number in (2, 6):
        with pytest.raises(Malformed):
            integer(number, 3, 5)


def test_a_refusal_never_quotes_what_it_read() -> None:
    for _, read, _ in READERS:
        with pytest.raises(Malformed) as refusal:
            read("https://secret.example/")
        assert "secret" not in str(refusal.value)
