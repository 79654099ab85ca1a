"""Daemons of the demo: started with what they need, ended gently or not, missed when they die."""

import subprocess
import sys
from pathlib import Path

import pytest

from inhope_node.demo import launch
from inhope_node.demo.federation import Federation, Station
from inhope_node.demo.launch import LOG_NAME, Processes, RunningProcess
from inhope_node.demo.members import HOTLINE_B
from inhope_node.errors import Internal

DEAF = "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); "


def program(text: str) -> RunningProcess:
    """Start a small program and wait for its first line."""
    process = subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    return RunningProcess(process)


def station(folder: Path, running: RunningProcess | None) -> Federation:
    """Return a federation of one station."""
    federation = Federation(folder=folder, passphrase_file=folder / "p", launcher=Processes())
    federation.stations["hotline-b"] = Station(
        member=HOTLINE_B, home=folder, token_file=folder / "t", running=running
    )
    return federation


def test_a_daemon_ends_when_it_is_asked_to() -> None:
    running = program("import time; print(1, flush=True); time.sleep(60)")
    assert running.alive
    running.terminate()
    running.wait()
    assert not running.alive


def test_a_deaf_daemon_is_ended_by_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "STOP_TIMEOUT_S", 0.2)
    running = program(DEAF + "import time; time.sleep(60)")
    running.terminate()
    running.wait()
    assert not running.alive


def test_a_daemon_gets_its_home_and_passphrase_but_nothing_of_the_person_at_the_desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INHOPE_HOME", "elsewhere")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    fake = tmp_path / "python"
    fake.write_text('#!/bin/sh\necho "$@"\nenv\n')
    fake.chmod(0o700)
    running = Processes().launch(tmp_path, tmp_path / "passphrase")
    running.wait()
    words, *environment = (tmp_path / LOG_NAME).read_text().splitlines()
    passphrase = f"--passphrase-file {tmp_path}/passphrase"
    assert words == f"-m inhope_node --home {tmp_path} run {passphrase}"
    assert not any(line.startswith("INHOPE_") for line in environment)


def test_a_daemon_that_ended_by_itself_is_named_with_its_log(tmp_path: Path) -> None:
    running = program("print(1)")
    running.wait()
    with pytest.raises(Internal, match=r"hotline-b ended by itself; see .*daemon\.log"):
        station(tmp_path, running).check_alive()
    with pytest.raises(Internal, match="hotline-b ended by itself"):
        station(tmp_path, None).check_alive()


def test_a_daemon_that_runs_is_not_missed(tmp_path: Path) -> None:
    federation = station(tmp_path, program("import time; print(1, flush=True); time.sleep(60)"))
    federation.check_alive()
    federation.kill("hotline-b")
    with pytest.raises(Internal):
        federation.check_alive()


def test_no_daemon_is_left_though_the_stopping_is_interrupted(tmp_path: Path) -> None:
    class Impatient(RunningProcess):
        def wait(self) -> None:
            raise KeyboardInterrupt

    running = Impatient(program(DEAF + "import time; time.sleep(60)").process)
    with pytest.raises(KeyboardInterrupt):
        station(tmp_path, running).stop()
    assert running.process.wait(5) != 0
