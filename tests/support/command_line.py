"""What a test types into the command line, and every command there is to type."""

from collections.abc import Iterator
from typing import Protocol

import click
from click.testing import Result

from inhope_node.cli.main import PROGRAM, root


class Type(Protocol):
    """Types one command line, in the home unless the test says otherwise."""

    def __call__(self, *arguments: str, keys: str | bytes = "", home: bool = True) -> Result:
        """Return what came out."""
        ...


def every_command() -> Iterator[tuple[str, click.Command]]:
    """Yield each command and group with the words that call it."""
    yield PROGRAM, root
    yield from _below(PROGRAM, root)


def _below(words: str, group: click.Group) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{words} {name}", command
        if isinstance(command, click.Group):
            yield from _below(f"{words} {name}", command)
