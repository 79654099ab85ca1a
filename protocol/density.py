"""Measures how much of a text, or of a body, could be bytes in disguise (spec: firewall).

Words of a language, names and numbers hardly ever change between lower case, upper case and digits;
any coding of bytes in letters does so at every second place, into however small pieces it was cut
and whatever stands between them. Counting those changes therefore sees what counting long runs
cannot. A score of digests is left out, for they are what such texts are about. Nothing here
refuses: `protocol.firewall` does.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from keys.encoding import Value
from protocol.limits import (
    CHANGES_MAX,
    CHANGES_PER_ADDRESS,
    CHANGES_WITH_ADDRESS_MAX,
    DIGEST_CHARS_MAX,
)

_WORD: Final = re.compile("[A-Za-z0-9]{2,}")
_DIGEST: Final = re.compile("(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})", re.IGNORECASE)
_CHANGE: Final = re.compile("(?=[a-z][A-Z0-9]|[A-Z][0-9]|[0-9][A-Za-z]|(?<=[A-Za-z0-9])[A-Z][a-z])")


def reads_like_bytes(texts: Iterable[str], *, addresses: Sequence[str] = ()) -> bool:
    """Say whether all these texts of one body or report together have too many changes.

    Args:
        texts: Those that are no addresses.
        addresses: Those that are, without percent-encoding; each may hold a token of its own.
    """
    free = _words(texts)
    further = CHANGES_PER_ADDRESS * max(0, len(addresses) - 1)
    together = changes(free | _words(addresses))
    return changes(free) > CHANGES_MAX or together > CHANGES_WITH_ADDRESS_MAX + further


def changes(words: Collection[str]) -> int:
    """Return how often lower case, upper case and digits follow each other inside these words.

    The capital that begins a word is no change. Digests in hex have none, up to `DIGEST_CHARS_MAX`
    of them; beyond that every second character of a digest counts as one.
    """
    digests = sum(len(word) for word in words if _DIGEST.fullmatch(word))
    others = " ".join(word for word in words if not _DIGEST.fullmatch(word))
    return len(_CHANGE.findall(others)) + max(0, digests - DIGEST_CHARS_MAX) // 2


def binary_bytes(value: Value) -> int:
    """Return how many bytes of binary a decoded body holds in all its fields together."""
    match value:
        case bytes():
            return len(value)
        case list():
            return sum(map(binary_bytes, value))
        case dict():
            return sum(map(binary_bytes, value.values()))
        case _:
            return 0


def _words(texts: Iterable[str]) -> frozenset[str]:
    """Return the stretches of letters and digits of these texts, each once."""
    return frozenset(word for text in texts for word in _WORD.findall(text))
