"""How the demo starts a daemon and how it ends one, gently or not.

A `Launcher` starts the daemon of one home; tests may bring another one. The usual one runs
`inhope-node run` as a process of its own, in a process group of its own: a Ctrl-C at the
terminal is for the demo, which then stops its daemons itself. Nothing here speaks to a node.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

LOG_NAME: Final = "daemon.log"
STOP_TIMEOUT_S: Final = 10.0


class Running(Protocol):
    """One daemon that was launched."""

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        ...

    def kill(self) -> None:
        """End it at once, as a power cut would; returns when it is gone."""
        ...

    def terminate(self) -> None:
        """Ask it to end; returns at once."""
        ...

    def wait(self) -> None:
        """Return when it is gone, by force if it takes too long."""
        ...


class Launcher(Protocol):
    """Starts daemons."""

    def launch(self, home: Path, passphrase_file: Path) -> Running:
        """Start the daemon of `home`; returns before it answers."""
        ...


@dataclass(frozen=True, slots=True)
class RunningProcess:
    """A daemon in a process of its own."""

    process: subprocess.Popen[bytes]

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    def kill(self) -> None:
        """Send SIGKILL and wait for the end."""
        self.process.kill()
        self.process.wait()

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.process.terminate()

    def wait(self) -> None:
        """Wait for the end, after `STOP_TIMEOUT_S` with SIGKILL."""
        try:
            self.process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.kill()


class Processes:
    """Launches every daemon with the interpreter that runs the demo."""

    def launch(self, home: Path, passphrase_file: Path) -> RunningProcess:
        """Start `inhope-node run`; what it prints goes to a file in its home."""
        command = [sys.executable, "-m", "inhope_node", "--home", str(home), "run"]
        command += ["--passphrase-file", str(passphrase_file)]
        with (home / LOG_NAME).open("ab") as log:
            return RunningProcess(
                subprocess.Popen(  # noqa: S603 - our own program with our own paths
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=_clean_environment(),
                    process_group=0,
                )
            )


def _clean_environment() -> dict[str, str]:
    """Return our environment without what would speak to a node of the person at the desk."""
    return {name: value for name, value in os.environ.items() if not name.startswith("INHOPE_")}
