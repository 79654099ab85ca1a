"""The firewall: no text and no field of a body can hold a file (spec: messages, firewall).

It runs before the schema and before anything is stored, on the way in and on the way out. It
measures how much of a text reads like coded bytes; it never decides what a text means, and its
refusals name the field and the rule, never the content. A text that a person could type passes.
What can still be hidden in ordinary words is said in the threat model.
"""

import base64
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple
from urllib.parse import unquote

from keys.encoding import Value
from protocol.density import binary_bytes, reads_like_bytes
from protocol.errors import ContentsRefused
from protocol.limits import (
    ADDRESS_CHARS_MAX,
    ADDRESS_RUN_CHARS_MAX,
    BINARY_BYTES_MAX,
    FREE_TEXT_CHARS_MAX,
    RUN_CHARS_MAX,
)

DIGEST_LENGTHS_BYTES: Final = frozenset({16, 20, 32, 144})
REPORT_ID_BYTES: Final = 16
COUNTED_CHARS_MIN: Final = 65
"""A shorter run is as likely a digest (64 hexadecimal characters) as a part of a file."""
JOINED_CHARS_MAX: Final = 512
"""Of all coded runs of one body, or of one report, together."""
ADDRESS_JOINED_CHARS_MAX: Final = 1280
"""Of all pieces of one address from 32 characters on: less than a file of 1 KiB needs."""

_ADDRESS_PIECE_CHARS_MIN: Final = 32
_SEQUENCE_TOKENS_MIN: Final = 4
_SEQUENCE_CHARS_MIN: Final = 24
_PERCENT_ROUNDS_MAX: Final = 4
_CONTROL_WEIGHT_CHARS: Final = 8  # an eighth of random bytes are control characters

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_RULE: Final = re.compile(r"([-=_*~.#])\1{3,}")  # a line that a person draws between paragraphs
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")

# Letters and digits outside ASCII end a run: Chinese is written without white space.
_RUN: Final = re.compile(r"(?:[A-Za-z0-9_]|[^\w\s])+")
_PIECE: Final = re.compile("(?:[A-Za-z0-9_]|[^\\w\\s/?&=#;,:.|\ufffd])+")
_URL: Final = re.compile(r"\W*(?:[a-z][a-z0-9+.-]*://|www\.|magnet:)", re.IGNORECASE)
_TOKEN: Final = re.compile(  # three segments joined by dots, as in RFC 7515
    r"(?<![\w.-])[\w-]{8,342}\.[\w-]{8,342}\.[\w-]{8,342}(?![\w.-])", re.ASCII
)
_CODED: Final = re.compile(r"[A-Za-z0-9+/=_%-]{32,}|(?:0x|\\x)?[0-9a-fA-F]{1,31}[,;]?")
_CODED_MARK: Final = re.compile(r"0x|\\x|[,;]")
_SKIPPED: Final = re.compile(r"[0-9a-fA-F]{4,16}:|[^\w+/]+")  # the offsets and quote marks of lines
_SLASHED: Final = re.compile(r"[A-Za-z0-9+/=]{641,}")  # half a file of 1 KiB in base64 is 684
_SHORT_HEX: Final = re.compile(r"(?:[0-9a-f]{1,8}[^0-9a-z]{1,3}){32,}", re.IGNORECASE)

_DATA_URL: Final = re.compile(
    r"(?<![a-z0-9])data:(?:(?:image|video|audio|application|text|font|model|multipart|message"
    r"|x-[\w-]+)/|[^\s,]*;base64|[;,]\S)|;\s*base64\s*,",
    re.IGNORECASE,
)

_MAGIC: Final = (
    b"\xff\xd8\xff",  # JPEG
    b"\x89PNG\r\n\x1a\n",
    b"GIF8",
    b"%PDF-",
    b"PK\x03\x04",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b\x08",  # gzip
    b"BZh",
    b"\xfd7zXZ\x00",
    b"RIFF",
    b"\x1aE\xdf\xa3",  # Matroska, WebM
    b"II*\x00",  # TIFF
    b"MM\x00*",
)


def _alphabetic_magic() -> str:
    """The whole base64 characters that each magic fixes, in both alphabets."""
    starts = [base64.b64encode(m).decode()[: len(m) * 8 // 6] for m in _MAGIC]
    spelled = [re.escape(s) for s in starts] + [re.escape(s.replace("/", "_")) for s in starts]
    return "|".join([*spelled, "AAAA[A-Za-z0-9+/_-][GWm2]Z0eX"])  # MP4: four bytes, then ftyp


_BASE64_MAGIC: Final = re.compile(
    rf"(?<![A-Za-z0-9])(?:{_alphabetic_magic()})[A-Za-z0-9+/_=-]{{61,}}"
)
_HEX_MAGIC: Final = re.compile(
    rf"(?<![0-9a-z])(?:{'|'.join(m.hex() for m in _MAGIC)}|000000..66747970)[0-9a-f]{{59,}}",
    re.IGNORECASE,
)
_RAW_MAGIC: Final = re.compile(
    "\xff\xd8\xff|\x89PNG|GIF8[79]a.?[\x00-\x1f]|%PDF-[0-9]|PK\x03\x04|Rar!\x1a|7z\xbc\xaf|\x1f\x8b"
    "|\x1aE\xdf\xa3|\x00\x00\x00.ftyp|RIFF.{4}(?:WEBP|AVI |WAVE)|II[*]\x00|MM\x00[*]|\xfd7zXZ",
    re.DOTALL,
)


class _Text(NamedTuple):
    name: str
    text: str
    address: bool


def check_contents(value: Value) -> None:
    """Let a decoded body pass, or refuse it: bytes only as digests, text never as a file.

    Args:
        value: The body as `keys.encoding.decode` returned it. Its field `address` is the address.

    Raises:
        ContentsRefused: A field holds what could be a file, alone or together with others.
    """
    texts = list(_texts_of(value, ()))
    if binary_bytes(value) > BINARY_BYTES_MAX:
        raise _refused("body", f"holds over {BINARY_BYTES_MAX} bytes in its hashes")
    _check_all(texts)
    beside = "\n".join(found.text for found in texts if not found.address)
    if sum(_weights(_folded(beside), address=False).values()) > JOINED_CHARS_MAX:
        raise _refused("body", f"is coded bytes of over {JOINED_CHARS_MAX} characters over fields")


def check_text(name: str, text: str, *, address: bool = False) -> None:
    """Let one text pass, or refuse it.

    Args:
        name: What the refusal calls the text.
        text: What somebody wrote or sent.
        address: The text is the address of a report, which may be longer than a word.

    Raises:
        ContentsRefused: The text is too long or could be a file.
    """
    _check_all([_Text(name, text, address)])


def check_texts(texts: Mapping[str, str], *, addresses: frozenset[str]) -> None:
    """Let all texts of one report pass, or refuse it: each alone, then all together.

    Args:
        texts: Every text under the name by which a refusal calls it.
        addresses: The names of those that are addresses.

    Raises:
        ContentsRefused: A text could be a file, or they are parts of one.
    """
    _check_all([_Text(name, text, name in addresses) for name, text in texts.items()])


def _check_all(texts: Iterable[_Text]) -> None:
    """Check every text alone; what repeats over several counts once, for it says nothing new."""
    seen: dict[str, int] = {}
    plains: dict[bool, list[str]] = {False: [], True: []}
    for name, text, address in texts:
        plain = _check_shape(name, text, address=address)
        plains[address].append(plain)
        weights = _weights(plain, address=address)
        if not address and sum(weights.values()) > RUN_CHARS_MAX:
            raise _refused(name, f"holds over {RUN_CHARS_MAX} characters of coded lines or digits")
        if sum(weights.values()) >= COUNTED_CHARS_MIN:
            seen |= weights
        if sum(seen.values()) > JOINED_CHARS_MAX:
            raise _refused(name, f"brings all coded runs over {JOINED_CHARS_MAX} characters")
    if reads_like_bytes(plains[False], addresses=plains[True]):
        raise _refused("body", "reads like coded bytes in pieces, over fields")


def _check_shape(name: str, text: str, *, address: bool) -> str:
    """Apply every rule that needs no sum, and return the text as it is to be counted."""
    limit = ADDRESS_CHARS_MAX if address else FREE_TEXT_CHARS_MAX
    if len(text) > limit:
        raise _refused(name, f"is longer than {limit} characters")
    if _CONTROL.search(text):
        raise _refused(name, "holds control characters")
    folded = _folded(text)
    plain = _unquoted(folded, "utf-8")
    if _DATA_URL.search(plain):
        raise _refused(name, "holds a data: URL")
    if _has_magic(text, plain):
        raise _refused(name, "holds the beginning of a file")
    counted = plain if address else folded
    _check_runs(name, counted, address=address)
    return counted


def _check_runs(name: str, text: str, *, address: bool) -> None:
    if not address:
        if _longest(_RUN, text) > RUN_CHARS_MAX:
            raise _refused(name, f"has over {RUN_CHARS_MAX} characters without white space")
        return
    pieces = [piece for piece in _PIECE.findall(text) if len(piece) >= _ADDRESS_PIECE_CHARS_MIN]
    too_long = any(len(piece) > ADDRESS_RUN_CHARS_MAX for piece in pieces)
    if too_long or _SLASHED.search(text):
        raise _refused(name, f"has a piece of over {ADDRESS_RUN_CHARS_MAX} characters")
    if sum(map(len, pieces)) > ADDRESS_JOINED_CHARS_MAX:
        raise _refused(name, f"has long pieces of over {ADDRESS_JOINED_CHARS_MAX} characters")


def _weights(text: str, *, address: bool) -> dict[str, int]:
    """Return every coded run of a text with the characters that it counts for."""
    weights = _address_weights(text) if address else {}
    rest = _TOKEN.sub(" ", text) if address else text
    for run, tokens in _coded_runs(_RULE.sub(" ", rest), address=address):
        many = tokens >= _SEQUENCE_TOKENS_MIN and len(run) >= _SEQUENCE_CHARS_MIN
        if many or len(run) >= COUNTED_CHARS_MIN:
            weights[run] = len(run)
    return weights


def _address_weights(plain: str) -> dict[str, int]:
    """Count what only addresses have; a signed token counts half, for most of it is text."""
    weights = {found: len(found) for found in _SHORT_HEX.findall(plain)}
    for token in _TOKEN.findall(plain):
        segments = token.split(".")
        weights[token] = sum(len(s) for s in segments if len(s) >= COUNTED_CHARS_MIN) // 2
    controls = "".join(_CONTROL.findall(plain))
    return weights | {controls: len(controls) * _CONTROL_WEIGHT_CHARS}


def _coded_runs(text: str, *, address: bool) -> Iterator[tuple[str, int]]:
    """Yield runs with the number of tokens each was joined from over white space."""
    joined: list[str] = []
    for token in text.split():
        if _CODED.fullmatch(token):
            joined.append(_CODED_MARK.sub("", token))
        elif not _SKIPPED.fullmatch(token):
            yield "".join(joined), len(joined)
            joined = []
            pattern = _PIECE if address or _URL.match(token) else _RUN
            yield from ((run, 1) for run in pattern.findall(token))
    yield "".join(joined), len(joined)


def _has_magic(text: str, plain: str) -> bool:
    """Look for the first bytes of file formats, in every spelling that carries bytes."""
    if _RAW_MAGIC.search(plain) or _RAW_MAGIC.search(_unquoted(text, "latin-1")):
        return True
    coded = (run for run, tokens in _coded_runs(plain, address=False) if tokens)
    candidates = (plain, "".join(plain.split()), *coded)
    return any(_BASE64_MAGIC.search(c) or _HEX_MAGIC.search(c) for c in candidates)


def _texts_of(value: Value, path: tuple[str, ...]) -> Iterator[_Text]:
    """Yield every text of a body, the names of its fields last, and refuse stray bytes."""
    match value:
        case str():
            yield _Text(".".join(path), value, path == ("address",))
        case bytes():
            _check_bytes(value, path)
        case list():
            for item in value:
                yield from _texts_of(item, (*path, "item"))
        case dict():
            for key, entry in value.items():
                yield from _texts_of(entry, (*path, _shown(key)))
            for key in value:
                yield _Text(".".join((*path, "name of a field")), key, address=False)
        case _:
            return


def _check_bytes(value: bytes, path: tuple[str, ...]) -> None:
    digest = path == ("hashes", "item", "value") and len(value) in DIGEST_LENGTHS_BYTES
    if not digest and not (path == ("report_id",) and len(value) == REPORT_ID_BYTES):
        raise _refused(".".join(path), "holds bytes that are no digest and no identifier")


def _shown(key: str) -> str:
    """Return a field's name if it can be nothing but a name; a peer may write anything there."""
    return key if _NAME.fullmatch(key) else "unnamed"


def _folded(text: str) -> str:
    """Return the text with wide and styled letters replaced by the plain ones (NFKC)."""
    return unicodedata.normalize("NFKC", text)


def _unquoted(text: str, encoding: str) -> str:
    """Undo percent-encoding, also of what is percent-encoded again."""
    for _ in range(_PERCENT_ROUNDS_MAX):
        text = unquote(text, encoding=encoding, errors="replace")
    return text


def _longest(pattern: re.Pattern[str], text: str) -> int:
    return max((len(run) for run in pattern.findall(text)), default=0)


def _refused(name: str, rule: str) -> ContentsRefused:
    return ContentsRefused(f"The field {name or 'body'} {rule}.")
