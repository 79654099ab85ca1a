"""Twelve words: forgiving about spelling, unforgiving about which card."""

import pytest
from mnemonic import Mnemonic

from keys.errors import WordsDiffer, WordsMistyped
from keys.identifiers import Digest, tagged_hash
from keys.words import card_words, check_words

DIGEST = Digest(bytes(32))
WORDS = card_words(DIGEST)
OTHER_WORDS = card_words(Digest(b"\x01" * 32))


def typed(*words: str) -> str:
    return " ".join(words)


def test_the_words_are_those_of_the_standard() -> None:
    spelled = Mnemonic("english").to_mnemonic(tagged_hash("words", DIGEST)[:16])
    assert typed(*WORDS) == spelled
    assert spelled == "only soft error dragon uphold kind monitor safe dignity lend tone absurd"


def test_another_card_has_other_words() -> None:
    assert len({card_words(Digest(bytes((number,)) * 32)) for number in range(100)}) == 100


@pytest.mark.parametrize(
    "spelling",
    [
        typed(*WORDS),
        typed(*WORDS).upper(),
        "  " + "\n\t ".join(WORDS) + " ",
        typed(*(word[:4] for word in WORDS)),
        typed(*(word[:5] for word in WORDS)),
        typed(*(word[:4].title() for word in WORDS)),
    ],
)
def test_spelling_may_be_sloppy(spelling: str) -> None:
    check_words(spelling, DIGEST)


def test_words_of_another_card_differ() -> None:
    with pytest.raises(WordsDiffer):
        check_words(typed(*OTHER_WORDS), DIGEST)


@pytest.mark.parametrize("position", range(1, 13))
@pytest.mark.parametrize("wrong", ["onlyy", "sof", "x", "zzzz", "ünly"])
def test_a_word_outside_the_list_is_named_by_its_position(position: int, wrong: str) -> None:
    words = list(WORDS)
    words[position - 1] = wrong
    with pytest.raises(WordsMistyped, match=rf"^Word {position} ") as refusal:
        check_words(typed(*words), DIGEST)
    assert wrong not in str(refusal.value).split()


def test_swapped_words_are_mistyped_or_differ() -> None:
    for position in range(11):
        words = list(WORDS)
        words[position], words[position + 1] = words[position + 1], words[position]
        with pytest.raises((WordsMistyped, WordsDiffer)):
            check_words(typed(*words), DIGEST)


def test_a_failed_checksum_is_a_typing_error() -> None:
    with pytest.raises(WordsMistyped, match="fit together"):
        check_words(typed(*(["only"] * 12)), DIGEST)


@pytest.mark.parametrize(
    "spelling",
    [
        "",
        " ",
        typed(*WORDS[:11]),
        typed(*WORDS, "absurd"),
        typed(*WORDS, *WORDS),
        (" " * 40).join(WORDS),
    ],
)
def test_exactly_twelve_words_are_needed(spelling: str) -> None:
    with pytest.raises(WordsMistyped, match="12"):
        check_words(spelling, DIGEST)


def test_no_two_words_of_the_list_share_four_letters() -> None:
    wordlist = Mnemonic("english").wordlist
    assert len({word[:4] for word in wordlist}) == len(wordlist) == 2048
