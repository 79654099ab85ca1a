"""`init` and `run`: the two commands that bring a node to life.

Both touch the home directly and need the passphrase of its vault, which comes from a file, the
environment, systemd or the keyboard, never from an argument.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from inhope_node.cli import ask, output, sources
from inhope_node.cli.caller import Caller
from inhope_node.cli.card import word_lines
from inhope_node.cli.groups import NodeCommand
from inhope_node.clock import system_clock
from inhope_node.daemon import run as run_daemon
from inhope_node.errors import HomeUnusable
from inhope_node.home import InitResult, create_home
from inhope_node.passphrase import obtain
from keys.card import Role

LISTEN: Final = "127.0.0.1:8443"

_passphrase_file = click.option(
    "--passphrase-file",
    type=sources.PATH,
    help="File that holds the passphrase; else INHOPE_PASSPHRASE, systemd or a question.",
)


@click.command(cls=NodeCommand)
@click.option("--net", help="Label of the federation, the same at all its nodes.")
@click.option("--name", help="Name of the organisation, as peers see it.")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="What it is.")
@click.option(
    "--country", "countries", multiple=True, metavar="CC", help="Country it serves; repeat it."
)
@click.option("--contact", help="How peers' people reach yours; stands in the public card.")
@click.option("--listen", help=f"Where to listen, host:port, such as {LISTEN}.")
@click.option("--endpoint", help="Where peers reach this node, https://host:port.")
@_passphrase_file
@click.pass_obj
def init(  # noqa: PLR0913 - one parameter for each option
    caller: Caller,
    *,
    net: str | None,
    name: str | None,
    role: str | None,
    countries: tuple[str, ...],
    contact: str | None,
    listen: str | None,
    endpoint: str | None,
    passphrase_file: Path | None,
) -> None:
    r"""Make the home of a new node: its keys, its card, its store, its first administrator.

    What is not said with an option is asked.

    Example:
      inhope-node --home ./alpha init --net demo --name "Hotline Alpha" --role hotline \
          --country XA --contact desk@alpha.example --endpoint https://alpha.example:8443
    """
    home = caller.home()
    _see_that_it_is_new(home)
    net = net or ask.text("Net, the label of the federation")
    name = name or ask.text("Name of the organisation")
    role = role or ask.letter("Its role", {each.value[0]: each.value for each in Role})
    made = create_home(
        home,
        net=net,
        name=name,
        role=role,
        countries=tuple(each.upper() for each in countries) or _countries(role),
        contact=contact or ask.text("Contact for the people of other nodes"),
        listen=(listen := listen or ask.text("Listen on", default=LISTEN)),
        endpoint=endpoint or ask.text("Endpoint for peers", default=f"https://{listen}"),
        passphrase=obtain(passphrase_file, confirm=True, prompt=ask.secret),
        now_ms=system_clock(),
    )
    output.show(_document(made), lambda: _print_made(made))
    output.advise("", "Next:", *(f"  {caller.advice(line)}" for line in _FIRST_STEPS))


@click.command(cls=NodeCommand)
@_passphrase_file
@click.pass_obj
def run(caller: Caller, passphrase_file: Path | None) -> None:
    """Run the node in the foreground.

    Ctrl-C or SIGTERM stop it within five seconds; started again it goes on where it was.

    Example:
      inhope-node --home ./alpha run
      inhope-node --home ./alpha run --passphrase-file ./alpha.passphrase
    """
    home = caller.home()
    passphrase = obtain(passphrase_file, confirm=False, prompt=ask.secret)
    run_daemon(home, passphrase, ready=_announce)


_FIRST_STEPS: Final = (
    "run",
    "card export FILE      # hand the file to a peer's people",
    "peer add THEIR-FILE",
    "user add NAME --role analyst",
)


def _see_that_it_is_new(home: Path) -> None:
    """Refuse before the questions, not after them; `create_home` decides."""
    try:
        used = home.exists() and any(home.iterdir())
    except OSError as error:
        raise HomeUnusable(f"{home} cannot be a home: {error.strerror}.") from error
    if used:
        raise HomeUnusable(f"{home} is not empty; choose a new folder for the home.")


def _countries(role: str) -> tuple[str, ...]:
    if role == Role.INTERPOL:
        return ()
    return tuple(ask.text("Countries it serves, two letters each").upper().split())


def _document(made: InitResult) -> dict[str, str | Sequence[str]]:
    return {
        "node_id": made.node_id,
        "words": list(made.words),
        "token_file": str(made.token_path),
    }


def _print_made(made: InitResult) -> None:
    output.fields(
        (
            ("node id", made.node_id),
            ("administrator's token", made.token_path),
            *(("words of the card", words) for words in word_lines(made.words)),
        )
    )


def _announce(sentence: str) -> None:
    output.show({"ready": sentence}, lambda: output.line(sentence))
