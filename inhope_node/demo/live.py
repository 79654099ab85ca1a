"""The picture while the demo runs: a table that lives on a terminal, plain lines elsewhere.

Both show only counts. Who watches decides nothing: the demo runs the same without a picture.
"""

import time
from collections.abc import Sequence
from typing import Final, Protocol

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from inhope_node.demo.views import STAGES, View

LINE_EVERY_S: Final = 3.0
_REFRESHES_PER_SECOND: Final = 8


class Screen(Protocol):
    """Where the demo shows itself while it runs."""

    @property
    def watched(self) -> bool:
        """Whether a person looks on, who would like it slower."""
        ...

    def open(self) -> None:
        """Begin to show."""
        ...

    def say(self, sentence: str) -> None:
        """Show a sentence that stays."""
        ...

    def show(self, headline: str, views: Sequence[View]) -> None:
        """Show how things stand now."""
        ...

    def close(self) -> None:
        """Stop showing; what was said stays."""
        ...


class LiveTable:
    """A table of every node that is drawn anew several times a second."""

    watched = True

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, refresh_per_second=_REFRESHES_PER_SECOND, transient=True)

    def open(self) -> None:
        """Begin to draw."""
        self._live.start()

    def say(self, sentence: str) -> None:
        """Write a sentence above the table."""
        self._console.print(Text(sentence))

    def show(self, headline: str, views: Sequence[View]) -> None:
        """Draw the table."""
        self._live.update(Group(Text(headline, style="bold"), table_of(views)))

    def close(self) -> None:
        """Take the table away."""
        self._live.stop()


class ProgressLines:
    """One plain line every few seconds, for logs and pipes."""

    watched = False

    def __init__(self, console: Console) -> None:
        self._console = console
        self._next_at = 0.0

    def open(self) -> None:
        """Begin; nothing to prepare."""

    def say(self, sentence: str) -> None:
        """Write a line."""
        self._console.print(Text(sentence), soft_wrap=True)

    def show(self, headline: str, views: Sequence[View]) -> None:
        """Write a line if the last one is old enough."""
        now = time.monotonic()
        if now < self._next_at:
            return
        self._next_at = now + LINE_EVERY_S
        down = [view.name for view in views if not view.up]
        waiting = sum(view.outbox for view in views)
        receipts = sum(view.receipts for view in views)
        self.say(
            f"{headline} · outbox {waiting} · receipts {receipts}"
            f" · {'down: ' + ', '.join(down) if down else 'all up'}"
        )

    def close(self) -> None:
        """End; nothing to put away."""


def screen_for(console: Console) -> Screen:
    """Return the picture that fits the console: a table only where one can live."""
    return LiveTable(console) if console.is_terminal else ProgressLines(console)


def table_of(views: Sequence[View]) -> Table:
    """Draw every node as a column, every count as a row."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", show_edge=False)
    table.add_column("")
    for view in views:
        table.add_column(view.name, justify="right")
    table.add_row("", *(_light(view) for view in views))
    table.add_row("reports", *(_count(view.reports, view) for view in views))
    table.add_row("items", *(_count(view.items, view) for view in views))
    for label in STAGES:
        table.add_row(f"  {label}", *(_count(view.stage(label), view) for view in views))
    table.add_row("outbox", *(_count(view.outbox, view) for view in views))
    table.add_row("envelopes sent", *(_count(view.sent, view) for view in views))
    table.add_row("envelopes received", *(_count(view.received, view) for view in views))
    table.add_row("receipts", *(_count(view.receipts, view) for view in views))
    table.add_row("alarms", *(_alarms(view) for view in views))
    return table


def _light(view: View) -> Text:
    return Text("up", style="green") if view.up else Text("down", style="bold red")


def _count(number: int, view: View) -> Text:
    """Write a number; a zero is a dot, what a node last said before it went down is dim."""
    return Text(str(number) if number else "·", style="" if view.up and number else "dim")


def _alarms(view: View) -> Text:
    return Text(str(view.alarms), style="yellow") if view.alarms else _count(0, view)
