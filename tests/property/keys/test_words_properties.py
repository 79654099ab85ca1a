"""Words: any card's own words pass, everything else is mistyped or differs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.errors import WordsDiffer, WordsMistyped
from keys.identifiers import Digest
from keys.words import card_words, check_words

digests = st.binary(min_size=32, max_size=32).map(Digest)


@given(digests, st.data())
def test_a_card_is_confirmed_by_its_own_words(digest: Digest, data: st.DataObject) -> None:
    lengths = data.draw(st.lists(st.integers(4, 8), min_size=12, max_size=12))
    words = [word[:length] for word, length in zip(card_words(digest), lengths, strict=True)]
    check_words(data.draw(st.sampled_from([" ", "  ", "\n"])).join(words), digest)


@given(digests, digests)
def test_no_card_is_confirmed_by_the_words_of_another(digest: Digest, other: Digest) -> None:
    if digest != other:
        with pytest.raises(WordsDiffer):
            check_words(" ".join(card_words(other)), digest)


@given(digests, st.text(max_size=500))
def test_any_other_text_is_mistyped(digest: Digest, typed: str) -> None:
    with pytest.raises(WordsMistyped):
        check_words(typed, digest)


@given(digests, st.integers(0, 11), st.text("abcdefghijklmnopqrstuvwxyz", max_size=8))
def test_one_changed_word_never_passes(digest: Digest, position: int, changed: str) -> None:
    words = list(card_words(digest))
    original, words[position] = words[position], changed
    same = len(changed) >= 4 and original.startswith(changed)
    if not same and changed != original:
        with pytest.raises((WordsMistyped, WordsDiffer)):
            check_words(" ".join(words), digest)
