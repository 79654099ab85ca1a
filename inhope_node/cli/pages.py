"""Long lists, page by page: a command prints as many rows as were asked for, and where to go on.

The desk gives pages with the id to continue after; nothing here sorts or filters.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import click

from inhope_node.cli import output
from inhope_node.desk_client import DeskClient, Json

PAGE_ROWS_MAX: Final = 200
_ROWS: Final = 100

_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows are wanted.

    Attributes:
        after: Id of the row before the first one wanted, or "" from the start.
        limit: How many rows at most.
    """

    after: str
    limit: int


@dataclass(frozen=True, slots=True)
class Rows:
    """What was found.

    Attributes:
        name: What the rows are, in the plural.
        rows: At most as many as were wanted.
        following: Id to go on after, or "" if that was all.
    """

    name: str
    rows: list[Json]
    following: str

    @property
    def document(self) -> Json:
        """The rows as one JSON object."""
        return {self.name: self.rows, "next": self.following}

    def advise_on_more(self) -> None:
        """Say how to see the rows that follow, if there are any."""
        if self.following:
            output.advise(f"There are more; go on with --after {self.following}")


def page_options(command: _Command) -> _Command:
    """Add `--after` and `--limit` to a command."""
    after = click.option("--after", default="", metavar="ID", help="Begin after this one.")
    limit = click.option(
        "--limit",
        type=click.IntRange(min=1),
        default=_ROWS,
        show_default=True,
        help="Rows at most.",
    )
    return after(limit(command))


def collect(desk: DeskClient, path: str, name: str, page: Page, **query: str | None) -> Rows:
    """Read pages of `name` until there are as many rows as wanted.

    Raises:
        NodeError: The node refused, or does not run.
    """
    rows: list[Json] = []
    after = page.after
    while True:
        wanted = min(page.limit - len(rows), PAGE_ROWS_MAX)
        answer = desk.get(path, after=after or None, limit=wanted, **query)
        rows += answer[name]
        after = answer["next"]
        if not after or len(rows) >= page.limit:
            return Rows(name, rows, after)
