"""From an exception to one sentence: what went wrong and what to do, never with contents in it.

Somebody may have pasted an address where an id belongs, and click repeats what it was given: every
argument that could be one is left out of the sentence. Of an exception that nobody foresaw only
its type and the line of ours it came from are told, because its text may hold anything.
"""

import json
from collections.abc import Sequence
from types import TracebackType
from typing import Final

import click

from inhope_node.errors import BadInput, Internal, NodeError

_OURS: Final = ("inhope_node", "protocol", "keys")
_BEFORE_THE_COMMAND: Final = frozenset({"--home", "--as", "--token-file"})
_PLAIN_CHARS_MAX: Final = 40


def understood(error: Exception, arguments: Sequence[str]) -> NodeError:
    """Return the fault of the node that stands for `error`.

    Args:
        error: What a command raised.
        arguments: What the command line was given.
    """
    match error:
        case NodeError():
            return error
        case click.UsageError():
            return BadInput(without_contents(_usage(error), arguments))
        case click.ClickException():
            return BadInput(without_contents(error.format_message(), arguments))
        case _:
            return Internal(
                f"This command broke ({type(error).__name__}, {_place(error.__traceback__)});"
                " please report this sentence to those who maintain the node."
            )


def tell(error: NodeError, *, as_json: bool) -> int:
    """Print `error` and return the exit code that belongs to it."""
    if as_json:
        click.echo(json.dumps({"error": {"code": error.code, "message": str(error)}}))
    click.echo(f"inhope-node: {error}", err=True)
    return error.exit_code


def without_contents(sentence: str, arguments: Sequence[str]) -> str:
    """Leave every argument out of `sentence` that could be, or hold, an address."""
    for argument in arguments:
        for part in (argument, argument.partition("=")[2]):
            if part and (len(part) > _PLAIN_CHARS_MAX or any(mark in part for mark in "/.:@%")):
                sentence = sentence.replace(part, "…")
    return sentence


def _usage(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption) and error.option_name in _BEFORE_THE_COMMAND:
        return f"{error.option_name} stands before the command: inhope-node {error.option_name} ..."
    message = " ".join(error.format_message().split())
    if error.ctx is None:
        return message
    return f"{message} Try '{error.ctx.command_path} --help'."


def _place(traceback: TracebackType | None) -> str:
    place = "outside the node"
    while traceback is not None:
        module = str(traceback.tb_frame.f_globals.get("__name__"))
        if module.partition(".")[0] in _OURS:
            place = f"{module}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place
