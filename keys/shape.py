"""Readers that turn a decoded `Value` into typed Python, or raise `Malformed`.

They stand between the bytes of a stranger and our dataclasses, so they never raise anything else
and never quote what they read. They know no structure of the protocol.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from keys.encoding import INTEGER_MAX, Value
from keys.errors import Malformed

Item = TypeVar("Item")
Word = TypeVar("Word", bound=StrEnum)


def fixed_list(value: Value, length: int) -> list[Value]:
    """Return `value` if it is an array of exactly `length` items."""
    if not isinstance(value, list) or len(value) != length:
        raise Malformed(f"An array of {length} items is expected.")
    return value


def sequence(value: Value, max_items: int, read: Callable[[Value], Item]) -> tuple[Item, ...]:
    """Return the items of an array of at most `max_items`, each passed through `read`."""
    if not isinstance(value, list) or len(value) > max_items:
        raise Malformed(f"An array of at most {max_items} items is expected.")
    return tuple(read(item) for item in value)


def integer(value: Value, low: int = 0, high: int = INTEGER_MAX) -> int:
    """Return `value` if it is an integer from `low` to `high`; a boolean is none."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise Malformed(f"An integer from {low} to {high} is expected.")
    return value


def boolean(value: Value) -> bool:
    """Return `value` if it is true or false."""
    if not isinstance(value, bool):
        raise Malformed("True or false is expected.")
    return value


def text(value: Value, max_chars: int, min_chars: int = 0) -> str:
    """Return `value` if it is text of `min_chars` to `max_chars` code points."""
    if not isinstance(value, str) or not min_chars <= len(value) <= max_chars:
        raise Malformed(f"A text of {min_chars} to {max_chars} characters is expected.")
    return value


def binary(value: Value, length: int) -> bytes:
    """Return `value` if it is exactly `length` bytes."""
    return binary_between(value, length, length)


def binary_between(value: Value, low: int, high: int) -> bytes:
    """Return `value` if it is `low` to `high` bytes long."""
    if not isinstance(value, bytes) or not low <= len(value) <= high:
        raise Malformed(f"A byte string of {low} to {high} bytes is expected.")
    return value


def one_of(value: Value, words: type[Word]) -> Word:
    """Return the member of `words` that is spelled exactly as `value`."""
    try:
        return words(text(value, 64))
    except ValueError as error:
        raise Malformed("A word is not in the vocabulary.") from error
