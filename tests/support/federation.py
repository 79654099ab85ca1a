"""Federations for tests: daemons as threads of this process, and hands inside a stopped home.

Threads let coverage see the daemons; what needs a real SIGKILL uses the demo's own `Processes`.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from inhope_node.clock import system_clock
from inhope_node.daemon import serve
from inhope_node.demo.audit import Finding, audit
from inhope_node.demo.casebook import Casebook
from inhope_node.demo.crew import Crew
from inhope_node.demo.federation import Federation, create_federation
from inhope_node.demo.launch import Launcher
from inhope_node.demo.meeting import employ, meet
from inhope_node.demo.members import MEMBERS
from inhope_node.demo.plan import Plan
from inhope_node.demo.play import take_exports
from inhope_node.demo.views import Lookout
from inhope_node.home import OpenHome, open_home
from inhope_node.store.store import Store

STOP_TIMEOUT_S = 15.0


class RunningThread:
    """A daemon in a thread; `kill` can only stop it, a thread knows no power cut."""

    def __init__(self, home: Path, passphrase: str) -> None:
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, args=(home, passphrase), daemon=True)
        self._thread.start()
        self._ready.wait(STOP_TIMEOUT_S)

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def terminate(self) -> None:
        """Ask the daemon to stop."""
        if self._loop is not None and self._stop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)

    def wait(self) -> None:
        """Wait until it has stopped."""
        self._thread.join(STOP_TIMEOUT_S)
        assert not self.alive, "the daemon did not stop"

    def kill(self) -> None:
        """Stop it and wait."""
        if self.alive:
            self.terminate()
            self.wait()

    def _run(self, home: Path, passphrase: str) -> None:
        opened = open_home(home, passphrase)
        try:
            asyncio.run(self._serve(opened))
        finally:
            opened.close()
            self._ready.set()

    async def _serve(self, opened: OpenHome) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        ready = self._ready.set
        await serve(opened, stop=self._stop, ready=lambda _: ready(), clock=system_clock)


class Threads:
    """Launches every daemon as a thread of the test."""

    def launch(self, home: Path, passphrase_file: Path) -> RunningThread:
        """Start the daemon of `home`."""
        return RunningThread(home, passphrase_file.read_text().strip())


@contextmanager
def met(folder: Path, launcher: Launcher) -> Iterator[Federation]:
    """Give four running nodes that verified each other; stop them afterwards."""
    federation = create_federation(folder, MEMBERS, launcher)
    try:
        federation.start_all()
        meet(federation)
        yield federation
    finally:
        federation.stop()


class Day:
    """One plan worked on at a federation, with pauses in which a test may do harm."""

    def __init__(self, federation: Federation, plan: Plan) -> None:
        self.federation = federation
        self.casebook = Casebook(plan)
        self.crew = Crew(self.casebook, employ(federation))
        self._lookout = Lookout(federation)

    def work_until(self, done: Callable[[], bool], *, timeout_s: float = 60.0) -> None:
        """Wait until `done` says so."""
        deadline = time.monotonic() + timeout_s
        while not done():
            assert time.monotonic() < deadline, f"still working; {self.casebook.troubles}"
            time.sleep(0.1)

    def work_until_still(self, *, still_s: float = 2.0, timeout_s: float = 60.0) -> None:
        """Wait until nothing has moved at any node for a while."""
        since = time.monotonic()
        last: object = None

        def still() -> bool:
            nonlocal since, last
            seen = (self._lookout.glance(), self.casebook.filed, self.casebook.judged)
            if seen != last:
                since, last = time.monotonic(), seen
            return time.monotonic() - since >= still_s

        self.work_until(still, timeout_s=timeout_s)

    def finding(self) -> Finding:
        """Compare the homes with the plan."""
        return audit(self.casebook.plan, take_exports(self.federation))


@contextmanager
def opened_store(federation: Federation, name: str) -> Iterator[Store]:
    """Open the database of a stopped node, as somebody with the passphrase could."""
    passphrase = federation.passphrase_file.read_text().strip()
    home = open_home(federation.stations[name].home, passphrase)
    try:
        with closing(home.open_store()) as store:
            yield store
    finally:
        home.close()
