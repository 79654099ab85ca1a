"""A file in small pieces is still a file, whatever stands between the pieces; words are words."""

import base64
import hashlib
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.encoding import Value
from protocol.density import binary_bytes, changes, reads_like_bytes
from protocol.errors import ContentsRefused
from protocol.firewall import check_contents, check_text, check_texts
from protocol.limits import BINARY_BYTES_MAX, CHANGES_MAX, CHANGES_PER_ADDRESS, DIGEST_CHARS_MAX
from protocol.limits import CHANGES_WITH_ADDRESS_MAX as CHANGES_BOTH_MAX

HOST = "https://host.example/"


def noise(seed: int, length: int = 1024) -> bytes:
    return hashlib.shake_256(b"%d" % seed).digest(length)


def pieces(text: str, width: int) -> list[str]:
    return [text[at : at + width] for at in range(0, len(text), width)]


def coded(seed: int) -> str:
    return base64.b64encode(noise(seed)).decode()


SEEDS = st.integers(0, 2**32)
WIDTHS = st.integers(6, 80)
BETWEEN = st.sampled_from([" ", "\n", ", ", ". ", " and ", "\n> ", " | ", "' + '"])


@given(SEEDS, WIDTHS, BETWEEN)
def test_no_kibibyte_of_base64_passes_in_notes_in_pieces_of_any_width(
    seed: int, width: int, between: str
) -> None:
    with pytest.raises(ContentsRefused):
        check_text("notes", between.join(pieces(coded(seed), width)))


@given(SEEDS, st.integers(8, 80), st.sampled_from([".", "/", "&a=", "-", "%20", "~"]))
def test_no_kibibyte_of_base64_passes_in_an_address_with_anything_between(
    seed: int, width: int, between: str
) -> None:
    address = HOST + between.join(quote(piece, "+") for piece in pieces(coded(seed), width))
    with pytest.raises(ContentsRefused):
        check_text("address", address, address=True)


@given(SEEDS, st.integers(16, 80), st.floats(0, 1))
def test_no_kibibyte_of_base64_passes_half_in_notes_and_half_in_an_address(
    seed: int, width: int, share: float
) -> None:
    text = coded(seed)
    at = int(len(text) * share)
    notes, rest = (", ".join(pieces(part, width)) for part in (text[:at], text[at:]))
    texts = {"notes": notes, "address": HOST + quote(rest)}
    with pytest.raises(ContentsRefused):
        check_texts(texts, addresses=frozenset({"address"}))


@given(SEEDS, st.sampled_from([16, 24, 31, 48, 63]))
def test_no_kibibyte_of_base64_passes_in_the_values_of_extensions(seed: int, width: int) -> None:
    values: dict[str, Value] = {f"k{n}": part for n, part in enumerate(pieces(coded(seed), width))}
    with pytest.raises(ContentsRefused):
        check_contents({"ext": {"example": values}})


@pytest.mark.parametrize("width", [16, 31, 32, 40, 60, 64])
def test_no_kibibyte_of_hex_or_base32_passes_in_labels(width: int) -> None:
    for text in (noise(1).hex(), base64.b32encode(noise(2)).decode().lower()):
        labels: list[Value] = [
            f"demo@1:{n:02d}.{part}" for n, part in enumerate(pieces(text, width))
        ]
        with pytest.raises(ContentsRefused):
            check_contents({"labels": labels})


def test_letters_alone_in_many_values_are_coded_runs_though_they_change_nothing() -> None:
    letters = noise(1, 520).translate(bytes(97 + byte % 26 for byte in range(256))).decode()
    values: dict[str, Value] = {f"k{n}": part for n, part in enumerate(pieces(letters, 40))}
    assert not reads_like_bytes(map(str, values.values()))
    with pytest.raises(ContentsRefused, match="over 512 characters over fields"):
        check_contents({"ext": {"example": values}})


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("word", 0),
        ("Word", 0),
        ("WORD", 0),
        ("1234", 0),
        ("wOrd", 2),
        ("WOrd", 1),
        ("a1", 1),
        ("A1b2", 3),
        ("aB", 1),
        ("Ab Cd", 0),
        ("", 0),
    ],
)
def test_a_change_is_counted_inside_a_word_but_for_its_first_capital(word: str, count: int) -> None:
    assert changes([word]) == count


def test_the_bounds_are_where_they_are_said_to_be() -> None:
    def word(number: int) -> str:
        return f"a{number:03d}"

    def text(count: int, start: int = 0) -> str:
        return " ".join(map(word, range(start, start + count)))

    most, both, more = CHANGES_MAX, CHANGES_BOTH_MAX, CHANGES_PER_ADDRESS
    assert not reads_like_bytes([text(most)])
    assert reads_like_bytes([text(most), "b1"])
    assert not reads_like_bytes([text(most)], addresses=[text(both - most, most)])
    assert reads_like_bytes([text(most)], addresses=[text(both - most + 1, most)])
    assert not reads_like_bytes([], addresses=[text(both), text(more, both)])
    assert reads_like_bytes([], addresses=[text(both), text(more + 1, both)])


def test_a_word_counts_once() -> None:
    assert not reads_like_bytes(["a1 b2C " * 250])


def test_a_dozen_files_may_be_named_by_two_digests_each() -> None:
    digests = [noise(n, length).hex() for n in range(12) for length in (16, 32)]
    assert sum(map(len, digests)) == DIGEST_CHARS_MAX
    assert changes(digests) == changes([digest.upper() for digest in digests]) == 0
    assert changes([*digests, noise(13, 20).hex()]) == 20
    assert changes([noise(14, 17).hex()]) > 0
    assert reads_like_bytes([noise(n, 32).hex() for n in range(32)])


@given(
    st.lists(
        st.sampled_from(["Page", "closed", "on", "Monday", "10:30", "room", "4b", "A4", "iPad"])
    )
)
def test_sentences_pass_however_long(found: list[str]) -> None:
    assert not reads_like_bytes([" ".join(found)])


@pytest.mark.parametrize(("count", "length", "passes"), [(16, 32, True), (4, 144, False)])
def test_the_hashes_of_one_body_have_room_for_no_file(
    count: int,
    length: int,
    passes: bool,  # noqa: FBT001
) -> None:
    body: Value = {
        "report_id": bytes(16),
        "hashes": [{"value": noise(n, length)} for n in range(count)],
    }
    assert (binary_bytes(body) <= BINARY_BYTES_MAX) is passes
    if passes:
        check_contents(body)
    else:
        with pytest.raises(ContentsRefused, match="528 bytes"):
            check_contents(body)
