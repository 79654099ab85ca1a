"""The demo from the first home to the last figure, as a person and as a script start it."""

import io
import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console
from support.federation import Threads

from inhope_node.cli.main import root
from inhope_node.demo.generator import make_plan
from inhope_node.demo.launch import Processes, RunningProcess
from inhope_node.demo.plan import Outcome
from inhope_node.demo.run import Options, run_demo
from inhope_node.errors import BadInput, Internal

pytestmark = pytest.mark.slow

DEMO = [sys.executable, "-m", "inhope_node", "demo"]
PROMISED = (
    "nodes reports items offered accepted returned orphaned at_interpol envelopes receipts"
    " lost doubled restarts seconds"
)
TIMEOUT_S = 120


def daemons_in(folder: Path) -> list[str]:
    """Return the command lines of processes that work in `folder`."""
    lines = (path.joinpath("cmdline") for path in Path("/proc").glob("[0-9]*"))
    found = []
    for line in lines:
        try:
            found.append(line.read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return [each for each in found if f"--home {folder}" in each]


@pytest.mark.parametrize("seed", [3, 5, 6, 8])
def test_a_demo_ends_with_nothing_lost_and_nothing_doubled(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four seeds, so that the daemon of each member is killed once."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    command = ["demo", "--until-done", "--json", "--reports", "12", "--seed", str(seed)]
    done = CliRunner().invoke(root, command)
    assert done.exit_code == 0, done.stderr
    (line,) = done.stdout.splitlines()
    figures = json.loads(line)
    plan = make_plan(seed, 12)
    outcomes = [item.outcome for item in plan.items]
    assert set(PROMISED.split()) <= set(figures)
    assert (figures["lost"], figures["doubled"], figures["restarts"]) == (0, 0, 1)
    assert (figures["nodes"], figures["reports"], figures["items"]) == (4, 12, len(plan.items))
    assert figures["accepted"] == outcomes.count(Outcome.ABROAD)
    assert figures["orphaned"] == outcomes.count(Outcome.ORPHANED)
    assert figures["offered"] == plan.offers
    assert figures["at_interpol"] == sum(item.at_interpol for item in plan.items)
    assert 0 < figures["envelopes"] == figures["receipts"]
    said = " ".join(done.stderr.split())
    assert "nothing lost, nothing doubled" in said
    assert "let the nodes run on" in said
    assert list(tmp_path.iterdir()) == []
    assert daemons_in(tmp_path) == []


def test_a_daemon_that_does_not_start_is_named_with_its_log_and_the_homes_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stillborn(Processes):
        def launch(self, home: Path, passphrase_file: Path) -> RunningProcess:
            running = super().launch(home, passphrase_file)
            if home.name == "hotline-b":
                running.kill()
            return running

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    console = Console(file=io.StringIO(), width=200)
    options = Options(reports=3, seed=1, until_done=True)
    with pytest.raises(Internal, match="hotline-b did not start"):
        run_demo(options, console, Stillborn())
    (folder,) = tmp_path.iterdir()
    assert (folder / "hotline-b" / "daemon.log").exists()
    assert isinstance(console.file, io.StringIO)
    assert "The homes are kept" in console.file.getvalue()
    assert daemons_in(tmp_path) == []


def test_kept_homes_stay_and_are_no_place_for_another_demo(tmp_path: Path) -> None:
    keep = tmp_path / "homes"
    options = Options(reports=4, seed=2, until_done=True, keep=keep)
    console = Console(file=io.StringIO(), width=200)
    ended = run_demo(options, console, Threads())
    assert ended.clean
    assert {"hotline-a", "interpol"} <= {path.name for path in keep.iterdir()}
    assert (keep / "passphrase").stat().st_mode & 0o777 == 0o600
    assert isinstance(console.file, io.StringIO)
    said = console.file.getvalue()
    assert "nothing lost, nothing doubled" in said
    assert f"--home {keep}/hotline-a --as administrator status" in said
    assert f"run --passphrase-file {keep}/passphrase" in said
    with pytest.raises(BadInput, match="not empty"):
        run_demo(options, console, Threads())


def test_a_demo_runs_on_until_ctrl_c_and_leaves_nothing_behind(tmp_path: Path) -> None:
    command = [*DEMO, "--reports", "3", "--json"]
    running = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    assert running.stderr is not None
    heard = []
    for line in running.stderr:
        heard.append(line)
        if "Ctrl-C ends the demo" in line:
            break
    (folder,) = tmp_path.iterdir()
    assert len(daemons_in(folder)) == 4
    commands = [shlex.split(line) for line in heard if line.startswith("  ") and "--as" in line]
    assert len(commands) >= 5
    for words in commands:
        done = subprocess.run(
            [*DEMO[:-1], *words[1:]],
            input="https://own.example/1\n",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (words, done.stderr)
    running.send_signal(signal.SIGINT)
    out, rest = running.communicate(timeout=TIMEOUT_S)
    assert running.returncode == 0, "".join(heard) + rest
    assert json.loads(out)["lost"] == 0
    assert "Traceback" not in rest
    assert list(tmp_path.iterdir()) == []
    assert daemons_in(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_demo_ended_in_the_middle_leaves_nothing_behind(
    number: signal.Signals, tmp_path: Path
) -> None:
    running = subprocess.Popen(
        [*DEMO, "--until-done"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    assert running.stdout is not None
    for line in running.stdout:
        if "Reports come in" in line:
            break
    running.send_signal(number)
    _, rest = running.communicate(timeout=TIMEOUT_S)
    assert running.returncode == 130
    assert "Traceback" not in rest
    assert list(tmp_path.iterdir()) == []
    assert daemons_in(tmp_path) == []
