"""Planted secrets, and a search for them in every byte in every spelling that a leak could take."""

import base64
from collections.abc import Iterator, Mapping
from pathlib import Path


def spellings(secret: bytes) -> Iterator[bytes]:
    """The secret itself, in UTF-16, hex, and base64 at each of its three alignments."""
    yield secret
    if secret.isascii():
        yield secret.decode().encode("utf-16-le")
        yield secret.decode().encode("utf-16-be")
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    for shift in range(3):
        whole = base64.b64encode(bytes(shift) + secret)
        start = 0 if shift == 0 else 4
        middle = whole[start : len(whole) - 4]
        yield middle
        yield middle.replace(b"+", b"-").replace(b"/", b"_")


def found_in(data: bytes, secrets: Mapping[str, bytes]) -> set[str]:
    """Names of the secrets that stand in `data` in any spelling."""
    return {
        name
        for name, secret in secrets.items()
        if any(spelling in data for spelling in spellings(secret))
    }


def found_under(
    folder: Path, secrets: Mapping[str, bytes], *, skip: str = ""
) -> dict[str, set[str]]:
    """Secrets found per file below `folder`, names of files included."""
    found = {}
    for path in folder.rglob("*"):
        if not path.is_file() or (skip and skip in path.parts):
            continue
        data = str(path).encode() + path.read_bytes()
        if names := found_in(data, secrets):
            found[str(path.relative_to(folder))] = names
    return found


def command_lines() -> bytes:
    """The command lines and environments of all processes, as anybody on the machine reads them."""
    seen = b""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            seen += (process / "cmdline").read_bytes()
        except OSError:
            continue
    return seen
