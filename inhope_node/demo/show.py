"""What the demo says at its end: the figures, what they mean, and how to look for oneself.

Pure but for looking up where the command lives. Counts and names of nodes only; never an
address. The same figures go to people as a table and to scripts as one object.
"""

import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from inhope_node.demo.federation import Federation
from inhope_node.demo.meeting import ANALYSTS, MANAGER
from inhope_node.demo.members import HOTLINE_A, INTERPOL
from inhope_node.demo.plan import Plan
from inhope_node.demo.play import Result, victim_of
from inhope_node.home import FIRST_USER

DEVIATIONS_SHOWN_MAX: Final = 12
KEPT: Final = "demo-homes"
"""The folder that advice proposes for homes to keep."""


def summary(plan: Plan, result: Result) -> dict[str, Any]:
    """Return the figures as the object that `--json` prints."""
    figures = result.finding.figures
    return {
        "nodes": len(result.views),
        "reports": figures.reports,
        "items": figures.items,
        "offered": figures.offered,
        "accepted": figures.accepted,
        "returned": figures.returned,
        "orphaned": figures.orphaned,
        "at_interpol": figures.at_interpol,
        "addresses_at_interpol": figures.addresses_at_interpol,
        "envelopes": sum(view.received for view in result.views),
        "receipts": sum(view.receipts for view in result.views),
        "lost": result.finding.lost,
        "doubled": result.finding.doubled,
        "deviations": len(result.finding.deviations),
        "restarts": result.restarts,
        "stalled": result.stalled,
        "seconds": round(result.seconds, 1),
        "seed": plan.seed,
    }


_ROWS: Final = (
    ("reports filed", "reports"),
    ("items in them", "items"),
    ("offers to the hotline of the hosting country", "offered"),
    ("  accepted there", "accepted"),
    ("  returned", "returned"),
    ("hosted where no member works", "orphaned"),
    ("items at INTERPOL", "at_interpol"),
    ("  different addresses among them", "addresses_at_interpol"),
    ("envelopes taken in", "envelopes"),
    ("receipts that came back", "receipts"),
    ("daemons killed and started again", "restarts"),
    ("lost", "lost"),
    ("doubled", "doubled"),
    ("seconds", "seconds"),
)


def figures_table(figures: dict[str, Any]) -> Table:
    """Draw the figures as a small table."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 2))
    table.add_column()
    table.add_column(justify="right")
    for label, key in _ROWS:
        alarming = key in {"lost", "doubled"}
        style = ("bold red" if figures[key] else "bold green") if alarming else ""
        table.add_row(label, str(figures[key]), style=style)
    return table


def sentences(plan: Plan, result: Result) -> list[str]:
    """Say what the figures mean, and what is not as planned."""
    finding = result.finding
    said: list[str] = []
    if result.restarts:
        said.append(f"{victim_of(plan.seed)} was killed in the middle, came back and caught up.")
    if finding.clean:
        said.append(
            f"Every one of the {len(plan.items)} items is where its fate says, at every node:"
            " nothing lost, nothing doubled."
        )
    for deviation in finding.deviations[:DEVIATIONS_SHOWN_MAX]:
        about = f"{deviation.subject} at {deviation.node}".lstrip()
        said.append(f"Not as planned: {about}: {deviation.fault}.")
    further = len(finding.deviations) - DEVIATIONS_SHOWN_MAX
    if further > 0:
        said.append(f"Not as planned: {further} further deviations.")
    return said + [f"Refused meanwhile: {trouble}" for trouble in result.troubles]


def exploring(folder: Path) -> list[str]:
    """Return commands that look into the homes in `folder` while the daemons run."""
    hotline, interpol = folder / HOTLINE_A.name, folder / INTERPOL.name
    return [
        _command(hotline, FIRST_USER, "status"),
        _command(hotline, FIRST_USER, "peer list"),
        _command(hotline, ANALYSTS[0], "item list"),
        _command(hotline, ANALYSTS[0], "item next"),
        _command(hotline, ANALYSTS[0], "report file"),
        _command(interpol, MANAGER, "item list"),
    ]


def running_on(plan: Plan) -> str:
    """Return the command that plays the same plan in `KEPT` and lets the nodes run on."""
    return f"{_program()} demo --seed {plan.seed} --reports {len(plan.reports)} --keep {KEPT}"


def starting_again(federation: Federation) -> list[str]:
    """Return the commands that start the daemons of kept homes again."""
    passphrase = _quoted(federation.passphrase_file)
    return [
        f"{_program()} --home {_quoted(station.home)} run --passphrase-file {passphrase}"
        for station in federation.stations.values()
    ]


def _command(home: Path, user: str, words: str) -> str:
    return f"{_program()} --home {_quoted(home)} --as {user} {words}"


def _program() -> str:
    """Return how to call the command line here: by name if it is found, else by its path."""
    if shutil.which("inhope-node"):
        return "inhope-node"
    return _quoted(Path(sys.executable).with_name("inhope-node"))


def _quoted(path: Path) -> str:
    """Write a path as short as it can be typed here."""
    here = Path.cwd()
    return shlex.quote(str(path.relative_to(here) if path.is_relative_to(here) else path))


def indented(lines: Sequence[str]) -> str:
    """Set lines off from the text around them."""
    return "\n".join(f"  {line}" for line in lines)
