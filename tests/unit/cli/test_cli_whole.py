"""Rules that hold for every command there is, found by walking through all of them."""

import re
import subprocess
import sys

import click
import pytest
from support.command_line import Type, every_command

from inhope_node.cli.groups import NodeCommand, NodeGroup
from inhope_node.cli.main import OVERVIEW
from inhope_node.cli.parameters import IdType

COMMANDS = dict(every_command())

WORDS_A_PERSON_MAY_TYPE = {
    *("asn", "channel", "country", "countries", "language", "limit", "after", "method", "role"),
    *("severity", "real", "below_age_limit", "verdicts", "labels", "action", "reason", "state"),
    *("owner", "peer", "name", "pseudonym", "reference", "urgency", "site_type", "user", "net"),
    *("contact", "endpoint", "listen", "organisation"),
}
"""What is an argument although it is free text: names, codes and the node's own public data."""

PATHS = (click.Path, click.File)


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_has_help_with_an_example_of_itself(words: str) -> None:
    context = click.Context(COMMANDS[words], info_name=words)
    shown = COMMANDS[words].get_help(context)
    example = shown.partition("Example:\n")[2]
    assert re.search(rf"^ +inhope-node.*{words.partition(' ')[2]}", example, re.MULTILINE)


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_knows_json(words: str) -> None:
    assert isinstance(COMMANDS[words], NodeCommand | NodeGroup)
    assert "--json" in [name for each in COMMANDS[words].params for name in each.opts]


@pytest.mark.parametrize("words", COMMANDS)
def test_every_option_says_what_it_is(words: str) -> None:
    for option in COMMANDS[words].params:
        if isinstance(option, click.Option):
            assert option.help, option.name


@pytest.mark.parametrize("words", [each for each in COMMANDS if not each.endswith(" demo")])
def test_no_parameter_takes_an_address_notes_or_a_reporter(words: str) -> None:
    for parameter in COMMANDS[words].params:
        free = not isinstance(
            parameter.type,
            (*PATHS, click.Choice, IdType, click.types.IntParamType, click.types.BoolParamType),
        )
        if free:
            assert parameter.name in WORDS_A_PERSON_MAY_TYPE
        names = {parameter.name, *parameter.opts}
        assert not names & {"address", "--address", "--addresses", "--notes", "--reporter"}


def test_the_overview_says_what_each_command_says_itself() -> None:
    for part in OVERVIEW.values():
        for name, place in part.items():
            command = COMMANDS[f"inhope-node {name}"]
            assert place.summary.removesuffix(".") in (command.help or "").splitlines()[0]


def test_the_overview_loads_no_command() -> None:
    heavy = {"aiohttp", "cryptography", "sqlcipher3", "pydantic"}
    script = (
        "import sys; from inhope_node.cli.main import root;"
        "root.main(['--help'], 'inhope-node', standalone_mode=False);"
        f"print(sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert "Daily" not in done.stdout
    assert "item    " in done.stdout


def test_daily_commands_load_no_library_of_the_daemon() -> None:
    rooms = ("item", "report", "peer", "status", "outbox", "user")
    script = f"import sys; import {', '.join('inhope_node.cli.' + room for room in rooms)};"
    script += "print(sorted({'aiohttp', 'cryptography', 'sqlcipher3'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout == "[]\n"


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "inhope_node", "--help"], check=True, capture_output=True, text=True
    )
    assert done.stdout.startswith("Usage: inhope-node ")


def test_help_has_two_names(type_: Type) -> None:
    assert type_("item", "next", "-h").stdout == type_("item", "next", "--help").stdout
