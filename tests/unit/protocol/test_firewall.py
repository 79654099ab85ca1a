"""No field can hold a file, whole or in parts; what people write and addresses as they are pass."""

import base64
import hashlib
import uuid
from collections.abc import Callable, Mapping
from urllib.parse import quote, quote_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.encoding import Value
from protocol.errors import ContentsRefused
from protocol.firewall import check_contents, check_text, check_texts

STARTS: Mapping[str, bytes] = {
    "random": b"",
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "png": b"\x89PNG\r\n\x1a\n",
    "gif": b"GIF89a\x40\x01\xf0\x00",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "zip": b"PK\x03\x04\x14\x00",
    "rar": b"Rar!\x1a\x07\x01\x00",
    "7z": b"7z\xbc\xaf\x27\x1c\x00\x04",
    "gzip": b"\x1f\x8b\x08\x00",
    "mp4": b"\x00\x00\x00\x18ftypmp42",
    "riff": b"RIFF\x24\x10\x00\x00WEBPVP8 ",
    "mkv": b"\x1aE\xdf\xa3\x01\x00",
}
HOST = "https://host.example/v?d="


def noise(seed: int, count: int) -> bytes:
    return hashlib.shake_256(b"%d" % seed).digest(count)


def a_file(start: str, size: int, seed: int = 1) -> bytes:
    return (STARTS[start] + noise(seed, size))[:size]


def wrapped(text: str, width: int) -> str:
    return "\n".join(text[at : at + width] for at in range(0, len(text), width))


def xxd(data: bytes) -> str:
    rows = (data[at : at + 16] for at in range(0, len(data), 16))
    return "\n".join(
        f"{n:07x}0: {row.hex(' ', 2)}  "
        + "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        for n, row in enumerate(rows)
    )


def b64(data: bytes, extra: bytes = b"+/") -> str:
    return base64.b64encode(data, extra).decode()


SPELLINGS: Mapping[str, Callable[[bytes], str]] = {
    "raw": lambda data: data.decode("latin-1"),
    "base64": b64,
    "base64-76": lambda data: wrapped(b64(data), 76),
    "base64-64": lambda data: wrapped(b64(data), 64),
    "base64-quoted": lambda data: wrapped(b64(data), 76).replace("\n", "\n> "),
    "base64-wide": lambda data: "".join(chr(ord(c) + 0xFEE0) for c in b64(data)),
    "base64url": lambda data: b64(data, b"-_"),
    "base64url-76": lambda data: wrapped(b64(data, b"-_"), 76),
    "hex": lambda data: data.hex(),
    "hex-spaced": lambda data: data.hex(" "),
    "hex-colons": lambda data: data.hex(":"),
    "hex-array": lambda data: ", ".join(f"0x{byte:02X}" for byte in data),
    "xxd-p": lambda data: wrapped(data.hex(), 60),
    "xxd": xxd,
    "percent": quote_from_bytes,
    "percent-all": lambda data: "".join(f"%{byte:02X}" for byte in data),
    "percent-76": lambda data: wrapped(quote_from_bytes(data), 76),
    "data-url": lambda data: "data:image/png;base64," + b64(data),
}


def refused(texts: Mapping[str, str], *addresses: str) -> bool:
    try:
        check_texts(texts, addresses=frozenset(addresses))
    except ContentsRefused:
        return True
    return False


def passing(text: str, share: float = 0.5) -> list[str]:
    at = int(len(text) * share)
    left, right = text[:at], text[at:]
    first, second = (HOST + quote(part, safe="%+/=,:") for part in (left, right))
    ways = {
        "notes": refused({"notes": text}),
        "address": refused({"address": HOST + text}, "address"),
        "quoted address": refused({"address": HOST + quote(text)}, "address"),
        "notes, reporter": refused({"notes": left, "reporter": right}),
        "notes, address": refused({"notes": left, "address": second}, "address"),
        "two addresses": refused({"one": first, "two": second}, "one", "two"),
    }
    return [way for way, was_refused in ways.items() if not was_refused]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("size", [1024, 3 * 1024, 56 * 1024])
def test_no_spelling_carries_a_file_whole_or_in_two_fields(spelling: str, size: int) -> None:
    for start in STARTS:
        assert passing(SPELLINGS[spelling](a_file(start, size))) == []


FILES = st.builds(a_file, st.sampled_from(sorted(STARTS)), st.just(1024), st.integers(0, 2**32))


@given(FILES, st.sampled_from(sorted(SPELLINGS)), st.floats(0, 1))
def test_no_kibibyte_passes_wherever_it_is_cut(data: bytes, spelling: str, share: float) -> None:
    assert passing(SPELLINGS[spelling](data), share) == []


@given(FILES, st.sampled_from(["base64url", "hex", "percent-all"]))
def test_three_and_four_addresses_are_no_better_than_two(data: bytes, spelling: str) -> None:
    text = SPELLINGS[spelling](data)
    for parts in (3, 4):
        width = -(-len(text) // parts)
        texts = {str(at): HOST + text[at : at + width] for at in range(0, len(text), width)}
        assert refused(texts, *texts)


@pytest.mark.parametrize("start", sorted(STARTS.keys() - {"random"}))
@pytest.mark.parametrize("spelling", ["base64", "base64url", "hex", "hex-spaced", "percent", "raw"])
def test_the_beginning_of_a_small_file_is_refused(start: str, spelling: str) -> None:
    text = SPELLINGS[spelling](a_file(start, 72))
    assert refused({"notes": text})
    assert refused({"notes": "see " + text})
    assert refused({"address": HOST + quote(quote(text))}, "address")


@pytest.mark.parametrize("start", ["", "see ", "https://host.example/?u="])
@pytest.mark.parametrize(
    "text", ["data:image/png,A", "DATA:,hello", "data:a;base64,A", "dAtA%253Avideo%252Fmp4"]
)
def test_a_data_url_is_refused_in_notes_and_inside_an_address(start: str, text: str) -> None:
    for address in (False, True):
        with pytest.raises(ContentsRefused, match="data: URL"):
            check_text("notes", start + text, address=address)


@pytest.mark.parametrize("width", [76, 10_000])
def test_other_alphabets_fare_no_better_in_notes(width: int) -> None:
    text = wrapped(base64.b85encode(a_file("random", 1024)).decode(), width)
    assert refused({"notes": text})
    assert refused({"notes": text[:640], "reporter": text[640:]})


@pytest.mark.parametrize("mark", "./=&:")
def test_delimiters_do_not_let_a_file_into_an_address(mark: str) -> None:
    for data in (noise(seed, 1024) for seed in range(10)):
        text = HOST + wrapped(b64(data, b"-_"), 64).replace("\n", mark)
        assert refused({"address": text}, "address")
        assert refused({"address": HOST + data[:300].hex(mark)}, "address")


@pytest.mark.parametrize(
    ("text", "address", "passes"),
    [
        ("a" * 256, False, True),
        ("a" * 257, False, False),
        ("word " * 400, False, True),
        ("word " * 400 + "w", False, False),
        ("https://host.example/" + "a" * 512, True, True),
        ("https://host.example/" + "a" * 513, True, False),
        ("https://host.example/" + "/x-y" * 400, True, True),
        ("https://host.example/?q=" + "x-y," * 506, True, True),
        ("https://host.example/?q=" + "x-y," * 507, True, False),
        (HOST + "/xyz" * 159, True, True),
        (HOST + "/xyz" * 160, True, False),
        ("\n".join(noise(n, 32).hex() for n in range(4)), False, True),
        ("\n".join(noise(n, 32).hex() for n in range(5)), False, False),
        ("\n> ".join(noise(n, 32).hex() for n in range(5)), False, False),
        (xxd(noise(1, 128)), False, True),
        (xxd(noise(1, 144)), False, False),
        ("line\n\ttab\r\n", False, True),
        ("a\x00b", False, False),
        ("a\x85b", False, False),
    ],
)
def test_every_bound_is_where_it_is_said_to_be(text: str, address: bool, passes: bool) -> None:  # noqa: FBT001
    assert refused({"field": text}, *(["field"] if address else [])) is not passes


def test_coded_runs_of_one_report_add_up_to_at_most_512() -> None:
    texts = {str(n): noise(n, 128).hex() for n in range(3)}
    assert refused(texts)
    texts.popitem()
    assert not refused(texts)


def test_a_long_piece_of_an_address_is_refused_as_such() -> None:
    with pytest.raises(ContentsRefused, match="piece of over 512"):
        check_text("address", HOST + "a" * 513, address=True)


def test_what_repeats_counts_once() -> None:
    token = noise(1, 200).hex()
    texts = {str(n): f"https://host.example/{n}?t={token}" for n in range(50)}
    assert not refused(texts, *texts)


def test_a_refusal_names_the_field_and_nothing_that_the_sender_chose() -> None:
    secret = noise(7, 300).hex()
    with pytest.raises(ContentsRefused, match=r"^The field notes [^0-9]* 256 [a-z ]*\.$"):
        check_text("notes", secret)
    with pytest.raises(ContentsRefused, match=r"^The field unnamed [^0-9]* 256 [a-z ]*\.$"):
        check_contents({"Chosen by the sender": secret})


ORDINARY = (
    "",
    "Caller says the page was up at 14:05 on 2026-03-01; asks to be told (+49 30 123 45 67).",
    "Case 7f3a: add a face? Be sure. DE AD BE EF. data: see the form; metadata:none. 100% sure.",
    "Разместили на форуме, затем переместили на другой сервер хостинга без уведомления. " * 20,
    "举报人说该网页在三月一日仍可访问随后被转移到另一台服务器我们已经通知了托管服务商。" * 45,
    "这是一个没有标点也没有空格的很长的句子" * 100,
    "Die Rechtsschutzversicherungsgesellschaften und die Datenschutzgrundverordnung. " * 20,
    "ที่อยู่นี้ถูกย้ายไปยังเซิร์ฟเวอร์อื่นแล้ว" * 30,
    "विवरण यह है कि पृष्ठ अब उपलब्ध नहीं है। " * 30,
    "Forwarded\n" + "-" * 72 + "\nFrom: desk\n" + "\nBye\n".join("=" * n for n in range(70, 80)),
    f"Reports {uuid.UUID(int=7**40)} and {uuid.UUID(int=11**35)}, "
    + " ".join(f"sha256 {noise(n, 32).hex()} md5: {noise(n, 16).hex()}" for n in range(12)),
    "\n".join(f"https://host.example/{noise(n, 20).hex()}/{n}.html" for n in range(20)),
    "The server sent a GIF89a picture and a PDF; the archive said Rar! and PK. " + "👍" * 40,
)

ADDRESSES = (
    "http://[2001:db8:0:1:2:3:4:5]:8080/2026/03/01/12/a.php?id=5",
    "https://host.example/a?token=" + ".".join(noise(n, 170).hex() for n in range(3)),
    "https://host.example/a?jwt=eyJhbGciOiJSUzI1NiJ9." + "b" * 340 + "." + noise(1, 171).hex(),
    "https://host.example/" + quote("форум/раздел/очень-длинное-название-темы/" * 8),
    "https://host.example/" + quote("论坛分区很长的主题名称" * 18),
    "https://host.example/" + quote("тема-старого-форума".encode("cp1251") * 4),
    "https://host.example/go?u=" + quote("https://other.example/a?b=" + noise(1, 30).hex(), ""),
    "http://" + "a2b3c4d5e6f7" * 4 + "abcdefgh.onion/board/thread/12",
    "magnet:?xt=urn:btih:" + noise(1, 20).hex() + "&dn=name",
    "https://host.example/" + "/".join(["a-rather-long-slug-of-a-thread"] * 60),
    HOST + quote(" ".join(f"word{n}.html/" + "path/to/the/next/page/" * 4 for n in range(10))),
    "https://host.example/q?s=" + quote("many words in a search with spaces " * 30),
    "https://host.example/9j/4AAQ/What-is-GIF89a-and-JVBERi0",
)


@pytest.mark.parametrize("text", ORDINARY + ADDRESSES)
def test_what_people_write_and_addresses_as_they_are_pass(text: str) -> None:
    check_text("field", text[:2000], address=text in ADDRESSES)


@given(st.integers(0, 2**32), st.integers(20, 32))
def test_two_hundred_addresses_with_a_hash_each_pass_in_one_report(seed: int, length: int) -> None:
    paths = [noise(seed + n, length).hex() for n in range(200)]
    texts = {f"items[{n}]": f"https://cdn{n}.host.example/i/{p}.jpg" for n, p in enumerate(paths)}
    assert not refused(texts | {"notes": ORDINARY[1]}, *texts)


def test_older_alphabets_and_telephone_numbers_do_not_add_up_over_a_report() -> None:
    title = quote("оченьстарыйфорум".encode("cp1251") * 5)
    texts = {f"address {n}": f"https://host{n}.example/{n}{title}" for n in range(20)}
    notes = {f"notes {n}": f"0301 2345 6789 0123 4567 89{n}" for n in range(10, 60)}
    assert not refused(texts | notes, *texts)


WORDS = st.one_of(
    st.text(st.characters(whitelist_categories=["Ll", "Lu"], max_codepoint=0x24F), max_size=30),
    st.text(st.sampled_from("абвгдежзиклмнопрстуфхцчшщыьэюя"), max_size=24),
    st.text(st.sampled_from("的一是在不了有和人这中大为上个国我以要他"), max_size=80),
    st.sampled_from(["2026-03-01", "14:05", "192.0.2.7", "+49 30 1234567", "(ok)", "—", "№ 5"]),
    st.uuids().map(str),
)


@given(st.lists(WORDS, max_size=60))
def test_words_dates_and_identifiers_in_any_order_pass(words: list[str]) -> None:
    check_text("notes", " and ".join(words)[:2000])


SEGMENTS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789-_"), max_size=40)


@given(st.lists(SEGMENTS, max_size=20), st.sampled_from("/&=?"))
def test_paths_and_queries_of_ordinary_lengths_pass(segments: list[str], mark: str) -> None:
    check_text("address", f"https://host.example/{mark.join(segments)}", address=True)


def a_body(**changes: Value) -> dict[str, Value]:
    hashes: list[Value] = [{"algorithm": "any", "value": noise(1, n)} for n in (16, 20, 32, 144)]
    address = "https://host.example/" + "a" * 300
    ext: Value = {"org.example": {"flag": True, "none": None, "count": 7}}
    body: dict[str, Value] = {"report_id": noise(1, 16), "address": address, "hashes": hashes}
    return body | {"ext": ext} | changes


def test_a_body_with_digests_and_an_identifier_passes() -> None:
    check_contents(a_body())


STRAY: Mapping[str, Value] = {
    "report_id": noise(1, 32),
    "picture": noise(1, 32),
    "address": noise(1, 16),
    "hashes": [{"value": noise(1, 33)}],
    "hashes.other": [{"other": noise(1, 32)}],
    "hashes.bare": [noise(1, 32)],
    "hashes.deep": [[{"value": noise(1, 32)}]],
    "ext": {"hashes": [{"value": noise(1, 32)}]},
}


@pytest.mark.parametrize("case", STRAY)
def test_bytes_stand_only_where_digests_and_the_identifier_do(case: str) -> None:
    field = case.split(".", maxsplit=1)[0]
    with pytest.raises(ContentsRefused, match=rf"{field}.* bytes"):
        check_contents(a_body(**{field: STRAY[case]}))


def test_bytes_that_are_the_whole_body_are_refused() -> None:
    with pytest.raises(ContentsRefused, match="field body"):
        check_contents(noise(1, 16))


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_field_of_a_body_holds_a_file(spelling: str) -> None:
    text = SPELLINGS[spelling](a_file("jpeg", 1024))
    halves: list[Value] = [text[: len(text) // 2], text[len(text) // 2 :]]
    bodies: tuple[dict[str, Value], ...] = ({"reason": text}, {"labels": halves}, {text: "key"})
    for changes in bodies:
        with pytest.raises(ContentsRefused):
            check_contents(a_body(**changes))


def test_only_the_top_address_is_an_address() -> None:
    long = "https://host.example/" + "x-y/" * 80
    check_contents(a_body(address=long))
    with pytest.raises(ContentsRefused, match=r"ext\.address .* white space"):
        check_contents(a_body(ext={"address": long}))


def test_many_short_values_and_many_short_names_do_not_add_up_to_a_file() -> None:
    lines = [b64(noise(n, 30)) for n in range(40)]
    values: dict[str, Value] = {f"k{n}": line for n, line in enumerate(lines)}
    names: dict[str, Value] = dict.fromkeys(lines, 1)
    for ext in (values, names):
        with pytest.raises(ContentsRefused, match="over fields"):
            check_contents(a_body(ext={"org.example": ext}))


def test_digits_too_few_in_any_field_add_up_over_all_fields() -> None:
    def digits(field: int) -> str:
        groups = (int.from_bytes(noise(10 * field + part, 6)) % 10**9 for part in range(6))
        return " ".join(f"{group:09}" for group in groups)

    values: dict[str, Value] = {f"field_{n}": digits(n) for n in range(10)}
    with pytest.raises(ContentsRefused, match="The field body is coded bytes"):
        check_contents(a_body(ext={"org.example": values}))
    check_contents(a_body(ext={"org.example": dict(list(values.items())[:8])}))
