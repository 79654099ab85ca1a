"""How a command shows what it found: for people, for pipes, for programs.

On a terminal tables are aligned; in a pipe every row is one line of tab-separated cells without
headings; with `--json` there is exactly one JSON document. Advice and dialogue go to stderr, so
stdout carries only data. Text from other nodes is printed with everything that could steer a
terminal replaced. Nothing here asks, decides or fetches.
"""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from inhope_node.cli.groups import JSON_WANTED

NOTHING: Final = "-"
_INDENT: Final = 2
_MS_PER_S: Final = 1000
_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def wants_json() -> bool:
    """Tell whether the running command was given `--json`, before or after its name."""
    return bool(click.get_current_context().meta.get(JSON_WANTED))


def on_terminal() -> bool:
    """Tell whether a person looks at stdout."""
    return sys.stdout.isatty()


def show(document: Mapping[str, Any], as_text: Callable[[], None]) -> None:
    """Print `document` as JSON if that is wanted, else let `as_text` print it."""
    if wants_json():
        click.echo(json.dumps(document, indent=_INDENT if on_terminal() else None))
    else:
        as_text()


def line(sentence: str) -> None:
    """Print one line of data or the result of a command."""
    click.echo(sentence)


def advise(*sentences: str) -> None:
    """Tell a person what to do next, on stderr; programs hear nothing."""
    if not wants_json():
        for sentence in sentences:
            click.echo(sentence, err=True)


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, none: str) -> None:
    """Print rows of cells, or on a terminal the sentence `none` if there are no rows."""
    texts = [[cell(value) for value in row] for row in rows]
    if not on_terminal():
        for row in texts:
            click.echo("\t".join(row))
    elif not texts:
        click.echo(none)
    else:
        _console().print(_aligned(headings, texts))


def fields(pairs: Iterable[tuple[str, object]]) -> None:
    """Print names and values, one pair a line."""
    texts = [(name, cell(value)) for name, value in pairs]
    if not on_terminal():
        for name, value in texts:
            click.echo(f"{name}\t{value}")
        return
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in texts:
        grid.add_row(name, Text(value))
    _console().print(grid)


def cell(value: object) -> str:
    """Return one printable line for `value`; yes and no for truth, a dash for nothing."""
    match value:
        case None | "":
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(cell(part) for part in value) or NOTHING
        case _:
            return harmless(str(value))


def harmless(text: str) -> str:
    """Replace control characters and marks of direction, which could deceive a reader."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def moment(at_ms: int) -> str:
    """Return a time as people and evidence write it, in UTC; a dash for 0."""
    if not at_ms:
        return NOTHING
    try:
        return datetime.fromtimestamp(at_ms / _MS_PER_S, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return f"{at_ms} ms"


def duration(length_ms: int) -> str:
    """Return a length of time in its largest unit, rounded down."""
    seconds = abs(length_ms) // _MS_PER_S
    for unit_s, name in _UNITS:
        if seconds >= unit_s:
            return f"{seconds // unit_s} {name}"
    return "0 s"


def ago(at_ms: int, now_ms: int) -> str:
    """Return how long before `now_ms` something was; "never" for 0."""
    return f"{duration(now_ms - at_ms)} ago" if at_ms else "never"


def _aligned(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    aligned = Table(box=None, header_style="bold", pad_edge=False)
    for place, heading in enumerate(headings):
        aligned.add_column(heading, overflow="fold", no_wrap=place == 0)
    for row in rows:
        aligned.add_row(*(Text(text) for text in row))
    return aligned


def _console() -> Console:
    return Console(highlight=False, emoji=False)
