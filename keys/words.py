"""Twelve words for a card, for two people who compare over the telephone (spec: meeting).

The words are the BIP-39 English spelling of the first 128 bits of a tagged hash of the card's
digest, with BIP-39's checksum of 4 bits. Typing what one hears is the confirmation; nothing here
changes trust, and no error repeats what was typed.
"""

import hmac
from functools import lru_cache
from typing import Final

from mnemonic import Mnemonic

from keys.errors import WordsDiffer, WordsMistyped
from keys.identifiers import Digest, tagged_hash

WORDS_COUNT: Final = 12
ABBREVIATION_CHARS_MIN: Final = 4
TYPED_CHARS_MAX: Final = 400

_WORDS_ENTROPY_BYTES: Final = 16


def card_words(digest: Digest) -> tuple[str, ...]:
    """Return the twelve words of the card with this digest."""
    entropy = tagged_hash("words", digest)[:_WORDS_ENTROPY_BYTES]
    spelled: str = _language().to_mnemonic(entropy)
    return tuple(spelled.split())


def check_words(typed: str, digest: Digest) -> None:
    """Compare what a person typed with the words of a card, in constant time.

    Capitals and extra white space do not matter; of each word the first four letters are enough,
    because no two words of the list share them.

    Raises:
        WordsMistyped: These cannot be the words of any card: type them again.
        WordsDiffer: They are the words of another card: stop and find out why.
    """
    words = _whole_words(typed)
    if not _language().check(" ".join(words)):
        raise WordsMistyped("The words do not fit together: one is wrong or out of order.")
    if not hmac.compare_digest(" ".join(words), " ".join(card_words(digest))):
        raise WordsDiffer("These are the words of another card.")


def _whole_words(typed: str) -> list[str]:
    """Return the words of the list that were meant."""
    words = typed.lower().split() if len(typed) <= TYPED_CHARS_MAX else []
    if len(words) != WORDS_COUNT:
        raise WordsMistyped(f"Exactly {WORDS_COUNT} words are needed.")
    return [_whole_word(word, position) for position, word in enumerate(words, start=1)]


def _whole_word(typed: str, position: int) -> str:
    wordlist = _language().wordlist
    if typed in wordlist:
        return typed
    meant = [word for word in wordlist if word.startswith(typed)]
    if len(typed) < ABBREVIATION_CHARS_MIN or not meant:
        raise WordsMistyped(f"Word {position} is not in the list of words.")
    return meant[0]


@lru_cache(maxsize=1)
def _language() -> Mnemonic:
    return Mnemonic("english")
