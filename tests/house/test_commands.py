"""Every command explains itself with an example, and the pages name only commands that exist."""

import re
import shlex
from collections.abc import Iterator

import click
import pytest
from inhope_node.cli.main import main
from support.repository import text_files


def commands(
    command: click.Command, path: str = "inhope-node"
) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that does something, with the words that call it."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name, child in command.commands.items():
        yield from commands(child, f"{path} {name}")


ALL = dict(commands(main))


@pytest.mark.parametrize("path", ALL)
def test_every_command_shows_an_example_in_its_help(path: str) -> None:
    text = ALL[path].get_help(click.Context(ALL[path], info_name=path))
    assert "Example" in text
    assert path.removeprefix("inhope-node") in text.split("Example", 1)[1]


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
            for block in re.findall(r"^```[^\n]*\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL):
                joined = block.replace("\\\n", " ")
                for line in re.findall(
                    r"^\s*(?:\$ )?(?:\S*/)?(inhope-node .*)$", joined, re.MULTILINE
                ):
                    yield name, line.split(" #")[0].split(" > ")[0]


def fault_of(words: list[str]) -> str:
    """Return what is wrong with a call as far as its commands and options go, or nothing."""
    command: click.Command = main
    known = {option for parameter in main.params for option in parameter.opts}
    for word in words:
        if isinstance(command, click.Group) and word in command.commands:
            command = command.commands[word]
            known |= {o for p in command.params for o in (*p.opts, *p.secondary_opts)}
        elif word.startswith("--") and word.split("=")[0] not in known | {"--help"}:
            return f"{command.name} has no {word}"
    if isinstance(command, click.Group) and "--help" not in words:
        return f"{command.name} has no such command"
    return ""


def test_the_pages_name_only_commands_and_options_that_exist() -> None:
    wrong = [
        f"{name}: {line} ({fault})"
        for name, line in calls_in_pages()
        if (fault := fault_of(shlex.split(line)[1:]))
    ]
    assert wrong == []


def test_a_call_that_does_not_exist_is_seen() -> None:
    assert fault_of(["no-such-command"])
    assert fault_of(["status", "--no-such-option"])
    assert not fault_of(["status"])
