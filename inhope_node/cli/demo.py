"""`demo`: four nodes on this machine at their main job, checked to the last item.

Only the options and the exit code are here; the demo itself is `inhope_node.demo`. It needs no
home and touches none but those it makes.
"""

import json
from pathlib import Path

import click
from rich.console import Console

from inhope_node.cli import output
from inhope_node.cli.groups import NodeCommand
from inhope_node.demo.generator import REPORTS_MAX
from inhope_node.demo.launch import Processes
from inhope_node.demo.play import STALL_S, Tempo
from inhope_node.demo.run import Options, run_demo

_NOT_AS_PLANNED = 1


@click.command(cls=NodeCommand)
@click.option(
    "--reports",
    type=click.IntRange(1, REPORTS_MAX),
    default=60,
    show_default=True,
    help="How many reports come in; their items are 300 at most.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="All reports and what becomes of them follow from it.",
)
@click.option(
    "--until-done", is_flag=True, help="End with the figures instead of running on until Ctrl-C."
)
@click.option(
    "--spread",
    type=click.FloatRange(0),
    metavar="SECONDS",
    help="Over how long the reports come in; 20 on a terminal, else all come at once.",
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Make the homes in this new folder and keep them.",
)
@click.option(
    "--stall",
    type=click.FloatRange(1),
    default=STALL_S,
    show_default=True,
    metavar="SECONDS",
    help="Give up when nothing has moved for so long.",
)
def demo(  # noqa: PLR0913 - one argument for each option
    *,
    reports: int,
    seed: int,
    until_done: bool,
    spread: float | None,
    keep: Path | None,
    stall: float,
) -> None:
    """Watch three hotlines and INTERPOL exchange made-up reports, each with a node of its own.

    Every address is a reserved name that leads nowhere. In the middle one daemon is killed and
    started again. In the end every home is compared with what the seed had fixed before; the
    exit code is 0 only if nothing was lost and nothing doubled.

    Example:
      inhope-node demo
      inhope-node demo --until-done --reports 200 --seed 7 --json
    """
    tempo = Tempo(spread_s=spread, stall_s=stall)
    options = Options(reports=reports, seed=seed, until_done=until_done, tempo=tempo, keep=keep)
    console = Console(stderr=output.wants_json(), highlight=False, emoji=False)
    ended = run_demo(options, console, Processes())
    if output.wants_json():
        click.echo(json.dumps(ended.figures))
    if not ended.clean:
        click.get_current_context().exit(_NOT_AS_PLANNED)
