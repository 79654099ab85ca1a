"""Every command explains itself with an example, and the pages name only commands that exist."""

import re
import shlex
from collections.abc import Iterator

import click
import pytest
from support.repository import text_files

from inhope_node.cli.main import root

TOP = click.Context(root, info_name="inhope-node")
CODE_BLOCK = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
CALL = re.compile(r"^\s*(?:\$ )?(?:\S*/)?(inhope-node .*)$", re.MULTILINE)


def children(group: click.Group) -> Iterator[tuple[str, click.Command]]:
    """Yield what is below a group; the root loads each command only when it is asked for."""
    for name in group.list_commands(TOP):
        child = group.get_command(TOP, name)
        assert child is not None
        yield name, child


def commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that does something, with the words that call it."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name, child in children(command):
        yield from commands(child, f"{path} {name}".strip())


ALL = dict(commands(root, ""))


@pytest.mark.parametrize("path", ALL)
def test_every_command_shows_an_example_in_its_help(path: str) -> None:
    text = ALL[path].get_help(ALL[path].make_context(path, [], parent=TOP, resilient_parsing=True))
    before, _, example = text.partition("\n  Example:\n")
    assert before.strip()
    assert re.search(rf"inhope-node (--\S+ \S+ )*{path}\b", example)


@pytest.mark.parametrize("path", ALL)
def test_every_option_says_what_it_does(path: str) -> None:
    silent = [
        option.opts
        for option in ALL[path].params
        if isinstance(option, click.Option) and not option.help
    ]
    assert silent == []


def calls_in_pages() -> Iterator[tuple[str, str]]:
    """Yield the lines of code blocks in our pages that call the program, with where they stand."""
    for name, text in text_files():
        if name.endswith(".md"):
            for block in CODE_BLOCK.findall(text):
                for line in CALL.findall(block.replace("\\\n", " ")):
                    yield name, line.split(" #")[0]


def fault_of(words: list[str]) -> str:
    """Return what is wrong with a call as far as its commands and options go, or nothing."""
    command: click.Command = root
    known = {"--help"}
    waiting = list(words)
    while waiting:
        known |= {
            name for option in command.params for name in (*option.opts, *option.secondary_opts)
        }
        word = waiting.pop(0)
        below = dict(children(command)) if isinstance(command, click.Group) else {}
        if word.startswith("--"):
            if word.partition("=")[0] not in known:
                return f"there is no {word}"
        elif word in below:
            command = below[word]
    if isinstance(command, click.Group) and "--help" not in words:
        return "there is no such command"
    return ""


def test_the_pages_name_only_commands_and_options_that_exist() -> None:
    wrong = [
        f"{name}: {line} ({fault})"
        for name, line in calls_in_pages()
        if (fault := fault_of(shlex.split(line)[1:]))
    ]
    assert wrong == []


@pytest.mark.parametrize("call", ["no-such-command", "peer", "status --no-such-option"])
def test_a_call_that_does_not_exist_is_seen(call: str) -> None:
    assert fault_of(call.split())
    assert not fault_of(["--home", "alpha", "status", "--json"])
