"""Reading what must not be an argument: from a file, or from standard input as `-`.

Every read is bounded. A node takes text and never a file's body, so bytes that are no UTF-8 text
are refused here already. No sentence repeats what was read.
"""

import sys
from pathlib import Path
from typing import Final

import click

from inhope_node.errors import BadInput, ContentsRefused

TEXT_BYTES_MAX: Final = 1 << 20
STDIN: Final = Path("-")

PATH: Final = click.Path(path_type=Path, allow_dash=True)
"""A file to read or write; `-` is standard input or output."""


def read_bytes(source: Path, *, bytes_max: int) -> bytes:
    """Return all of `source`.

    Raises:
        BadInput: It cannot be read, or is longer than `bytes_max`.
    """
    try:
        if source == STDIN:
            data = sys.stdin.buffer.read(bytes_max + 1)
        else:
            with source.open("rb") as opened:
                data = opened.read(bytes_max + 1)
    except OSError as error:
        raise BadInput(f"Cannot read {named(source)}: {error.strerror}.") from error
    if len(data) > bytes_max:
        raise BadInput(f"{named(source)} is longer than {bytes_max} bytes; give the right file.")
    return data


def read_text(source: Path, *, bytes_max: int = TEXT_BYTES_MAX) -> str:
    """Return all of `source` as text.

    Raises:
        BadInput: It cannot be read, or is longer than `bytes_max`.
        ContentsRefused: It is not text.
    """
    try:
        text = read_bytes(source, bytes_max=bytes_max).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _no_text(source) from error
    if "\0" in text:
        raise _no_text(source)
    return text


def named(source: Path) -> str:
    """Return what a sentence calls `source`."""
    return "Standard input" if source == STDIN else str(source)


def one_from_stdin(*sources: Path | None) -> None:
    """See to it that standard input is read for one purpose only.

    Raises:
        BadInput: More than one source is `-`.
    """
    if sources.count(STDIN) > 1:
        raise BadInput("Only one thing can be read from standard input; put the others in files.")


def _no_text(source: Path) -> ContentsRefused:
    return ContentsRefused(
        f"{named(source)} is no UTF-8 text; a node takes words, never a file's body."
    )
