"""What every command shares: `--json` before and after it, one place for faults, late loading.

`RootGroup` holds a table of its commands and imports the file of one only when it is called, so
that `item next` does not pay for the daemon's libraries. It is also the only place where a fault
becomes text: one sentence on stderr, an exit code, and with `--json` an error object on stdout.
No command here knows what it prints.
"""

import errno
import importlib
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import click

from inhope_node.cli import faults

JSON_WANTED: Final = "inhope_node.cli.json"
HELP: Final = ["-h", "--help"]
_ARGUMENTS: Final = "inhope_node.cli.arguments"
_STOPPED: Final = 130


class NodeCommand(click.Command):
    """A command that knows `--json`."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.help = _with_example_kept(self.help)
        self.context_settings.setdefault("help_option_names", HELP)
        self.params.append(_json_option())


class NodeGroup(click.Group):
    """A group whose commands, and it itself, know `--json`."""

    command_class = NodeCommand

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.help = _with_example_kept(self.help)
        self.context_settings.setdefault("help_option_names", HELP)
        self.params.append(_json_option())


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command of the root is found.

    Attributes:
        module: The file, as imports name it.
        attribute: The command in it.
        summary: The first line of its help, so that the overview need not import it.
    """

    module: str
    attribute: str
    summary: str


Overview = Mapping[str, Mapping[str, Place]]
"""Heading -> name -> place, in the order of the help."""


class RootGroup(NodeGroup):
    """The root: loads a command when it is called, and turns every fault into one sentence."""

    def __init__(self, *args: Any, overview: Overview, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._overview = overview
        self._places = {name: place for part in overview.values() for name, place in part.items()}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name the commands without loading any."""
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load the command from its place."""
        place = self._places.get(cmd_name)
        if place is None:
            return None
        command: click.Command = getattr(importlib.import_module(place.module), place.attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command to run; a wrong name gets suggestions from the table."""
        if args[0] not in self._places and not args[0].startswith("-"):
            raise click.exceptions.NoSuchCommand(args[0], possibilities=self._places, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the overview under its headings, from the table alone."""
        for heading, part in self._overview.items():
            with formatter.section(heading):
                formatter.write_dl([(name, place.summary) for name, place in part.items()])

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Parse the options before the command's name."""
        arguments = tuple(args)
        try:
            context = super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise click.exceptions.Exit(_told(error, arguments)) from error
        context.meta[_ARGUMENTS] = arguments
        return context

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; the only place where a fault becomes text."""
        try:
            return super().invoke(ctx)
        except click.exceptions.Exit:
            raise
        except (click.Abort, KeyboardInterrupt):
            click.echo("inhope-node: Stopped.", err=True)
            ctx.exit(_STOPPED)
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise
            ctx.exit(_told(error, ctx.meta[_ARGUMENTS]))


def _told(error: Exception, arguments: Sequence[str]) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return error.exit_code
    return faults.tell(faults.understood(error, arguments), as_json="--json" in arguments)


def _with_example_kept(text: str | None) -> str:
    """Mark the example in a docstring, so that the help does not fold its lines."""
    return inspect.cleandoc(text or "").replace("\n\nExample:\n", "\n\n\b\nExample:\n")


def _json_option() -> click.Option:
    return click.Option(
        ["--json"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_remember,
        help="Print one JSON document instead of text.",
    )


def _remember(context: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001
    if wanted:
        context.meta[JSON_WANTED] = True
