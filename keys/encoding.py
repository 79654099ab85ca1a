"""Canonical msgpack: one value has exactly one spelling (spec: bytes).

Every structure that is signed, hashed or stored passes here. `decode` unpacks, walks the types,
encodes again and compares bytes, so what it accepts is exactly what `encode` writes. This room
never interprets a value; shapes are `keys.shape`'s business.
"""

import re
from typing import Any, Final, TypeAlias

import msgpack

from keys.errors import Malformed

Value: TypeAlias = "bool | int | str | bytes | list[Value] | dict[str, Value] | None"

DEPTH_MAX: Final = 8
ARRAY_ITEMS_MAX: Final = 1024
MAP_ENTRIES_MAX: Final = 256
MAP_KEY_BYTES_MAX: Final = 64
INTEGER_MIN: Final = -(2**63)
INTEGER_MAX: Final = 2**63 - 1

# C0 but LF and TAB, then DEL and C1: what Unicode calls Cc.
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def encode(value: Value) -> bytes:
    """Return the one canonical encoding of `value`.

    Raises:
        Malformed: It holds what may not travel: a float, an integer beyond int64, a control
            character, a lone surrogate, a key that is not 1 to 64 bytes of text, too many entries,
            or arrays and maps nested more than 8 deep.
    """
    packed: bytes = msgpack.packb(_canonical(value, DEPTH_MAX), use_bin_type=True)
    return packed


def decode(data: bytes, *, bytes_max: int) -> Value:
    """Return the value that `data` encodes; the inverse of `encode`, and nothing beyond it.

    Args:
        data: What arrived or was stored.
        bytes_max: Longer input is refused before it is looked at.

    Raises:
        Malformed: It is too long, is no msgpack, holds what may not travel, or is spelled in
            another way than `encode` spells it.
    """
    if len(data) > bytes_max:
        raise Malformed(f"The data is longer than {bytes_max} bytes.")
    value = _unpacked(data)
    if encode(value) != data:
        raise Malformed("The data is not in canonical form.")
    return value


def _unpacked(data: bytes) -> Value:
    """Unpack with every limit that the library has; types are checked by the walk that follows."""
    try:
        value: Value = msgpack.unpackb(
            data,
            raw=False,
            strict_map_key=True,
            max_array_len=ARRAY_ITEMS_MAX,
            max_map_len=MAP_ENTRIES_MAX,
            max_ext_len=0,
        )
    except (ValueError, TypeError, RecursionError, msgpack.UnpackException) as error:
        raise Malformed("The data is not valid msgpack.") from error
    return value


def _canonical(value: Any, depth_left: int) -> Any:
    """Return `value` with sorted maps, after checking that all of it may travel."""
    match value:
        case None | bool() | bytes():
            return value
        case int():
            return _bounded(value)
        case str():
            return _clean(value)
        case list():
            return _canonical_array(value, depth_left)
        case dict():
            return _canonical_map(value, depth_left)
        case _:
            raise Malformed("The data holds a type that may not travel.")


def _canonical_array(items: list[Any], depth_left: int) -> list[Any]:
    if depth_left == 0:
        raise Malformed(f"The data is nested more than {DEPTH_MAX} deep.")
    if len(items) > ARRAY_ITEMS_MAX:
        raise Malformed(f"An array has more than {ARRAY_ITEMS_MAX} items.")
    return [_canonical(item, depth_left - 1) for item in items]


def _canonical_map(entries: dict[Any, Any], depth_left: int) -> dict[str, Any]:
    if depth_left == 0:
        raise Malformed(f"The data is nested more than {DEPTH_MAX} deep.")
    if len(entries) > MAP_ENTRIES_MAX:
        raise Malformed(f"A map has more than {MAP_ENTRIES_MAX} entries.")
    keys = sorted(_map_key(key) for key in entries)  # by code point, which is by UTF-8 bytes
    return {key: _canonical(entries[key], depth_left - 1) for key in keys}


def _map_key(key: Any) -> str:
    if not isinstance(key, str):
        raise Malformed("A map has a key that is not text.")
    if not 1 <= len(_clean(key).encode()) <= MAP_KEY_BYTES_MAX:
        raise Malformed(f"A map has a key that is not 1 to {MAP_KEY_BYTES_MAX} bytes long.")
    return key


def _bounded(number: int) -> int:
    if not INTEGER_MIN <= number <= INTEGER_MAX:
        raise Malformed("An integer is outside the 64 bits with sign.")
    return number


def _clean(text: str) -> str:
    if _CONTROL.search(text):
        raise Malformed("A text holds a control character.")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise Malformed("A text holds a lone surrogate.") from error
    return text
