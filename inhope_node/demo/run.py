"""One demo from the empty folder to the last figure.

It puts the rooms together: plan, homes, daemons, meeting, play, figures. It also cleans up:
whatever happens, no daemon is left running, and the homes go unless somebody keeps them or
something went wrong that they could explain.
"""

import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from inhope_node.demo.federation import Federation, create_federation
from inhope_node.demo.generator import make_plan
from inhope_node.demo.launch import Launcher
from inhope_node.demo.live import screen_for
from inhope_node.demo.meeting import employ, meet
from inhope_node.demo.members import MEMBERS
from inhope_node.demo.plan import Plan
from inhope_node.demo.play import Result, Tempo, play
from inhope_node.demo.show import (
    KEPT,
    exploring,
    figures_table,
    indented,
    running_on,
    sentences,
    starting_again,
    summary,
)
from inhope_node.errors import BadInput, NodeError

ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""What ends a demo; a shell that starts it in the background would have it ignore the first."""
_FOLDER_PREFIX: Final = "inhope-demo-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a person can choose.

    Attributes:
        reports: How many reports come in.
        seed: From which all of them follow.
        until_done: Whether to end with the last figure, or to run on for exploring.
        tempo: How fast it goes.
        keep: Where the homes shall lie and stay; None for a folder that goes afterwards.
    """

    reports: int
    seed: int
    until_done: bool
    tempo: Tempo = field(default_factory=Tempo)
    keep: Path | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How the demo ended.

    Attributes:
        figures: The object that `--json` prints.
        clean: Whether nothing was lost and nothing doubled.
    """

    figures: dict[str, Any]
    clean: bool


def run_demo(options: Options, console: Console, launcher: Launcher) -> Ended:
    """Run the demo and say on `console` how it goes.

    Raises:
        NodeError: The folder cannot be used, or a node did not do what it must.
        KeyboardInterrupt: Somebody ended it before the figures were there.
    """
    plan = make_plan(options.seed, options.reports)
    with _interruptible(), _folder(options.keep) as place:
        federation = create_federation(place.path, MEMBERS, launcher)
        try:
            result = _perform(plan, federation, console, options)
            place.spent = result.finding.clean and options.keep is None
            _tell(plan, result, console)
            if not options.until_done:
                _explore(federation, console)
            elif place.spent:
                _invite(plan, console)
        except NodeError:
            _say_kept(federation, console)
            raise
        finally:
            federation.stop()
        if not place.spent:
            _say_kept(federation, console)
        return Ended(summary(plan, result), result.finding.clean)


@dataclass(slots=True)
class _Place:
    """The folder of the demo; `spent` when it may go at the end."""

    path: Path
    spent: bool = False


def _perform(plan: Plan, federation: Federation, console: Console, options: Options) -> Result:
    """Start everything and play the plan."""
    screen = screen_for(console)
    screen.open()
    try:
        screen.say(
            f"Four nodes in {federation.folder}, seed {plan.seed},"
            f" {len(plan.reports)} reports with {len(plan.items)} items."
        )
        federation.start_all()
        meet(federation)
        desks = employ(federation)
        screen.say("Every node verified the words of every other one. Reports come in.")
        return play(plan, federation, desks, screen, options.tempo)
    finally:
        screen.close()


def _tell(plan: Plan, result: Result, console: Console) -> None:
    """Say how it ended."""
    if result.stalled:
        console.print("Nothing moved any more, so the demo looked at what there is.")
    console.print()
    console.print(figures_table(summary(plan, result)))
    console.print()
    for sentence in sentences(plan, result):
        console.print(Text(sentence))


def _invite(plan: Plan, console: Console) -> None:
    """Say how to see the same again with nodes that run on."""
    console.print("\nTo look into the homes yourself, let the nodes run on:")
    console.print(Text(indented([running_on(plan)])), soft_wrap=True)
    console.print("and ask them in another terminal:")
    console.print(Text(indented(exploring(Path.cwd() / KEPT))), soft_wrap=True)


def _explore(federation: Federation, console: Console) -> None:
    """Let people look around until they end it."""
    console.print("\nThe four nodes run on. In another terminal:")
    console.print(Text(indented(exploring(federation.folder))), soft_wrap=True)
    console.print("Ctrl-C ends the demo.")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        console.print("\nThe nodes stop.")


def _say_kept(federation: Federation, console: Console) -> None:
    console.print("\nThe homes are kept. These commands start their nodes again:")
    console.print(Text(indented(starting_again(federation))), soft_wrap=True)
    console.print("and these ask them, in another terminal:")
    console.print(Text(indented(exploring(federation.folder))), soft_wrap=True)


@contextmanager
def _folder(keep: Path | None) -> Iterator[_Place]:
    """Give the demo a folder; it goes at the end if it is spent or nothing came to be in it.

    Raises:
        BadInput: `keep` is there already and not empty, or cannot be made.
    """
    place = _Place(_kept_folder(keep) if keep else Path(tempfile.mkdtemp(prefix=_FOLDER_PREFIX)))
    try:
        yield place
    except KeyboardInterrupt:
        place.spent = keep is None
        raise
    finally:
        if place.spent:
            shutil.rmtree(place.path, ignore_errors=True)


def _kept_folder(keep: Path) -> Path:
    path = keep.absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        empty = not any(path.iterdir())
    except OSError as error:
        raise BadInput(f"The folder for --keep cannot be used: {error.strerror}.") from error
    if not empty:
        raise BadInput("The folder for --keep is not empty; name a new one.")
    return path


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let SIGTERM and a closed terminal end the demo as Ctrl-C does: with its daemons."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.signal(each, _interrupt) for each in ENDING}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
