"""The shape of a card: every field within its bounds, or `Malformed` (spec: card).

Nothing here says whether a card may be believed; that is `keys.card`'s question.
"""

import re
from itertools import pairwise
from typing import Final, TypeVar

from keys.card_contents import (
    CARD_FORMAT,
    Card,
    Endpoint,
    Organisation,
    Role,
    SealingEntry,
    SigningEntry,
)
from keys.encoding import Value
from keys.errors import Malformed
from keys.identifiers import DIGEST_BYTES, NODE_ID_BYTES, Digest, NodeId
from keys.shape import binary, fixed_list, integer, one_of, sequence, text
from keys.suite import (
    ED25519_PUBLIC_BYTES,
    MLDSA_PUBLIC_BYTES,
    SEALING_PUBLIC_BYTES,
    SealingPublic,
    SigningPublic,
)

COUNTRIES_MAX: Final = 64
ENDPOINTS_MAX: Final = 4
PINS_MAX: Final = 4
PIN_BYTES: Final = 32
SIGNING_KEYS_MAX: Final = 8
SEALING_KEYS_MAX: Final = 8
SUITES_MAX: Final = 16
SMALL_NUMBER_MAX: Final = 65535
NET_CHARS_MAX: Final = 32
NAME_CHARS_MAX: Final = 100
CONTACT_CHARS_MAX: Final = 200
URL_CHARS_MAX: Final = 200
TIME_MS_MAX: Final = 253_402_300_799_999
"""The last millisecond of the year 9999, the last that calendars can show."""

_NET: Final = re.compile("[a-z0-9][a-z0-9-]*")
_COUNTRY: Final = re.compile("[A-Z]{2}")
_URL: Final = re.compile(
    r"https://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[A-Za-z0-9_.~/-]*)?"
)
_Ordered = TypeVar("_Ordered", str, int)
_Item = TypeVar("_Item")
_Entry = TypeVar("_Entry", SigningEntry, SealingEntry)


def read_card(value: Value) -> Card:
    """Return the card that `value` spells.

    Raises:
        Malformed: A field does not have its shape.
    """
    fields = fixed_list(value, 14)
    integer(fields[0], CARD_FORMAT, CARD_FORMAT)
    return Card(
        net=read_net(fields[1]),
        node_id=NodeId(binary(fields[2], NODE_ID_BYTES)),
        version=integer(fields[3], 1),
        previous=Digest(binary(fields[4], DIGEST_BYTES)),
        issued_at_ms=_time(fields[5]),
        root=_signing_public(fixed_list(fields[6], 2)),
        next_root=Digest(binary(fields[7], DIGEST_BYTES)),
        signing=_distinct(sequence(fields[8], SIGNING_KEYS_MAX, _signing_entry)),
        sealing=_distinct(sequence(fields[9], SEALING_KEYS_MAX, _sealing_entry)),
        endpoints=sequence(fields[10], ENDPOINTS_MAX, _endpoint),
        organisation=read_organisation(fields[11]),
        protocol=_protocol(fields[12]),
        suites=_some(_ascending(sequence(fields[13], SUITES_MAX, _small_number))),
    )


def read_net(value: Value) -> str:
    """Return the name of a network: lower case letters, digits and hyphens, at most 32."""
    return _matching(_NET, text(value, NET_CHARS_MAX))


def read_organisation(value: Value) -> Organisation:
    """Return the organisation that `value` spells, or raise `Malformed`."""
    name, role, countries, contact = fixed_list(value, 4)
    return Organisation(
        name=_line(name, NAME_CHARS_MAX, 1),
        role=one_of(role, Role),
        countries=_ascending(sequence(countries, COUNTRIES_MAX, _country)),
        contact=_line(contact, CONTACT_CHARS_MAX, 0),
    )


def _signing_entry(value: Value) -> SigningEntry:
    ed25519, mldsa, *window = fixed_list(value, 5)
    from_ms, until_ms, compromised_since_ms = _window(window)
    return SigningEntry(
        public=_signing_public([ed25519, mldsa]),
        from_ms=from_ms,
        until_ms=until_ms,
        compromised_since_ms=compromised_since_ms,
    )


def _sealing_entry(value: Value) -> SealingEntry:
    key, *window = fixed_list(value, 4)
    from_ms, until_ms, compromised_since_ms = _window(window)
    return SealingEntry(
        public=SealingPublic(binary(key, SEALING_PUBLIC_BYTES)),
        from_ms=from_ms,
        until_ms=until_ms,
        compromised_since_ms=compromised_since_ms,
    )


def _window(fields: list[Value]) -> tuple[int, int, int]:
    from_ms, until_ms, compromised_since_ms = map(_time, fields)
    if until_ms <= from_ms:
        raise Malformed("The window of a key ends before it starts.")
    return from_ms, until_ms, compromised_since_ms


def _signing_public(halves: list[Value]) -> SigningPublic:
    ed25519, mldsa = halves
    return SigningPublic(binary(ed25519, ED25519_PUBLIC_BYTES), binary(mldsa, MLDSA_PUBLIC_BYTES))


def _endpoint(value: Value) -> Endpoint:
    url, pins = fixed_list(value, 2)
    return Endpoint(
        _matching(_URL, text(url, URL_CHARS_MAX)),
        _some(sequence(pins, PINS_MAX, lambda pin: binary(pin, PIN_BYTES))),
    )


def _protocol(value: Value) -> tuple[int, int]:
    lowest, highest = map(_small_number, fixed_list(value, 2))
    if highest < lowest:
        raise Malformed("The protocol range is upside down.")
    return lowest, highest


def _time(value: Value) -> int:
    return integer(value, 0, TIME_MS_MAX)


def _small_number(value: Value) -> int:
    return integer(value, 1, SMALL_NUMBER_MAX)


def _country(value: Value) -> str:
    return _matching(_COUNTRY, text(value, 2))


def _line(value: Value, max_chars: int, min_chars: int) -> str:
    line = text(value, max_chars, min_chars)
    if "\n" in line or "\t" in line:
        raise Malformed("One line without tabs is expected.")
    return line


def _matching(pattern: re.Pattern[str], found: str) -> str:
    if not pattern.fullmatch(found):
        raise Malformed("A text does not have the form that its field asks for.")
    return found


def _ascending(items: tuple[_Ordered, ...]) -> tuple[_Ordered, ...]:
    if any(left >= right for left, right in pairwise(items)):
        raise Malformed("A list is not sorted, or names something twice.")
    return items


def _some(items: tuple[_Item, ...]) -> tuple[_Item, ...]:
    if not items:
        raise Malformed("A list that needs at least one entry is empty.")
    return items


def _distinct(entries: tuple[_Entry, ...]) -> tuple[_Entry, ...]:
    if len({entry.public.key_id for entry in entries}) < len(entries):
        raise Malformed("A key stands twice in one card.")
    return _some(entries)
