"""The root of the command line: which commands there are and where each one is.

Only the table and the options before a command stand here. The file of a command is imported
when it is called (see `RootGroup`), which keeps `item next` quick although `run` loads the daemon.
"""

import shlex
from pathlib import Path
from typing import Final

import click
from click.core import ParameterSource

from inhope_node.cli.caller import Caller
from inhope_node.cli.groups import Overview, Place, RootGroup

PROGRAM: Final = "inhope-node"

OVERVIEW: Final[Overview] = {
    "Set up": {
        "init": Place("inhope_node.cli.node", "init", "Make the home of a new node."),
        "run": Place("inhope_node.cli.node", "run", "Run the node in the foreground."),
        "card": Place("inhope_node.cli.card", "card", "Show, export or change this node's card."),
        "peer": Place("inhope_node.cli.peer", "peer", "Meet other nodes and trust them."),
        "user": Place("inhope_node.cli.user", "user", "Say who may work at this node."),
    },
    "Work": {
        "report": Place("inhope_node.cli.report", "report", "File and read reports."),
        "item": Place("inhope_node.cli.item", "item", "Work on items: one address each."),
    },
    "Watch": {
        "status": Place("inhope_node.cli.status", "status", "Show how the node is doing."),
        "alarms": Place(
            "inhope_node.cli.status", "alarms", "List what needs a person's attention."
        ),
        "outbox": Place("inhope_node.cli.outbox", "outbox", "See what waits for other nodes."),
    },
    "Try": {
        "demo": Place(
            "inhope_node.cli.demo",
            "demo",
            "Watch three hotlines and INTERPOL exchange made-up reports.",
        ),
    },
}


@click.group(
    cls=RootGroup,
    overview=OVERVIEW,
    context_settings={"max_content_width": 100},
)
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    envvar="INHOPE_HOME",
    help="Folder of the node; INHOPE_HOME says it too.",
)
@click.option(
    "--token-file",
    type=click.Path(path_type=Path),
    envvar="INHOPE_TOKEN_FILE",
    help="File with your personal token; INHOPE_TOKEN_FILE says it too.",
)
@click.option("--as", "user", default="", metavar="NAME", help="Take NAME's token from the home.")
@click.pass_context
def root(context: click.Context, home: Path | None, token_file: Path | None, user: str) -> None:
    """One node of the federation in which hotlines exchange reports.

    Example:
      inhope-node --home ./alpha init
      inhope-node --home ./alpha run
      inhope-node --home ./alpha status
    """
    typed = [PROGRAM]
    if home and context.get_parameter_source("home") is ParameterSource.COMMANDLINE:
        typed += ["--home", shlex.quote(str(home))]
    if token_file and context.get_parameter_source("token_file") is ParameterSource.COMMANDLINE:
        typed += ["--token-file", shlex.quote(str(token_file))]
    if user:
        typed += ["--as", shlex.quote(user)]
    context.obj = Caller(home, token_file, user, " ".join(typed))


def main() -> None:
    """Run the command line of this process; never returns."""
    root.main(prog_name=PROGRAM)
