"""The federation on one machine: four homes, four daemons, and the people who may use them.

It makes the homes, starts, kills, restarts and stops their daemons, and hands out desks. How
the nodes get to know each other stands in `meeting`; who works at the desks in `crew`.
"""

import os
import re
import secrets
import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from inhope_node.clock import system_clock
from inhope_node.demo.launch import LOG_NAME, Launcher, Running
from inhope_node.demo.members import NET, Member
from inhope_node.desk_client import DeskClient, path_of
from inhope_node.errors import Internal, NodeError, NodeNotRunning
from inhope_node.home import SETTINGS, create_home

START_TIMEOUT_S: Final = 30.0
_ASK_AGAIN_S: Final = 0.05
_GLANCE_TIMEOUT_S: Final = 3.0


@dataclass(slots=True, kw_only=True)
class Station:
    """One member with its home and, while it runs, its daemon.

    Attributes:
        member: Who it is.
        home: The folder of its node.
        token_file: Where the administrator's token lies.
        running: The daemon that was launched last, None before the first.
    """

    member: Member
    home: Path
    token_file: Path
    running: Running | None = None

    def desk(self, *, timeout_s: float | None = None) -> DeskClient:
        """Return the administrator's desk."""
        token = self.token_file.read_text().strip()
        return DeskClient(self.home, token, *(() if timeout_s is None else (timeout_s,)))


@dataclass(slots=True, kw_only=True)
class Federation:
    """All stations of one demo.

    Attributes:
        folder: Where the homes lie, side by side.
        passphrase_file: Opens every vault of the demo.
        launcher: Starts daemons.
        stations: By the member's name.
        restarts: How many daemons were started again after they were killed.
    """

    folder: Path
    passphrase_file: Path
    launcher: Launcher
    stations: dict[str, Station] = field(default_factory=dict)
    restarts: int = 0

    def start(self, name: str) -> None:
        """Launch the daemon of one station and wait until its desk answers.

        Raises:
            NodeError: It ended at once or did not answer in time.
        """
        station = self.stations[name]
        station.running = self.launcher.launch(station.home, self.passphrase_file)
        _await_desk(station)

    def start_all(self) -> None:
        """Launch all daemons side by side, then wait for each.

        Raises:
            NodeError: One of them ended at once or did not answer in time.
        """
        for station in self.stations.values():
            station.running = self.launcher.launch(station.home, self.passphrase_file)
        for station in self.stations.values():
            _await_desk(station)

    def kill(self, name: str) -> None:
        """End one daemon as a power cut would."""
        running = self.stations[name].running
        if running is not None:
            running.kill()

    def restart(self, name: str) -> None:
        """Launch a daemon again that was killed; returns before it answers."""
        station = self.stations[name]
        station.running = self.launcher.launch(station.home, self.passphrase_file)
        self.restarts += 1

    def check_alive(self) -> None:
        """See that every daemon runs.

        Raises:
            Internal: One ended by itself; the sentence names its log.
        """
        for station in self.stations.values():
            if station.running is None or not station.running.alive:
                log = station.home / LOG_NAME
                raise Internal(f"The daemon of {station.member.name} ended by itself; see {log}.")

    def stop(self) -> None:
        """Stop every daemon that runs, all at the same time; none is left, whatever happens."""
        stations = self.stations.values()
        running = [each.running for each in stations if each.running and each.running.alive]
        try:
            for daemon in running:
                daemon.terminate()
            for daemon in running:
                daemon.wait()
        finally:
            for daemon in running:
                if daemon.alive:
                    daemon.kill()


def create_federation(folder: Path, members: Sequence[Member], launcher: Launcher) -> Federation:
    """Make one home for each member inside `folder`; no daemon runs yet.

    Raises:
        NodeError: A home could not be made.
    """
    passphrase_file = folder / "passphrase"
    passphrase = secrets.token_urlsafe(24)
    _write_secret(passphrase_file, passphrase)
    federation = Federation(folder=folder, passphrase_file=passphrase_file, launcher=launcher)
    for member, port in zip(members, _free_ports(len(members)), strict=True):
        federation.stations[member.name] = _create_station(folder, member, port, passphrase)
    return federation


def _create_station(folder: Path, member: Member, port: int, passphrase: str) -> Station:
    home = folder / member.name
    made = create_home(
        home,
        net=NET,
        name=member.name,
        role=member.role,
        countries=(member.country,) if member.country else (),
        contact=f"desk@{member.name}.example",
        listen=f"127.0.0.1:{port}",
        endpoint=f"https://127.0.0.1:{port}",
        passphrase=passphrase,
        now_ms=system_clock(),
    )
    _set_policy(home / SETTINGS, member)
    return Station(member=member, home=home, token_file=made.token_path)


def _set_policy(settings: Path, member: Member) -> None:
    """Write the member's policy into its settings, as its administrator would."""
    text = settings.read_text(encoding="utf-8")
    told = str(member.shares_national).lower()
    settings.write_text(
        re.sub(r"(?m)^interpol_national = .*$", f"interpol_national = {told}", text)
    )


def _write_secret(path: Path, secret: str) -> None:
    """Write one line that only this user may read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{secret}\n")


def _free_ports(number: int) -> list[int]:
    """Find free ports on loopback; all are held until the last is found."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(number)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]


def _await_desk(station: Station) -> None:
    """Wait until the daemon answers its administrator."""
    desk = station.desk(timeout_s=_GLANCE_TIMEOUT_S)
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            desk.get(path_of("status"))
        except NodeNotRunning:
            if not _hopeful(station, deadline):
                raise _did_not_start(station) from None
            time.sleep(_ASK_AGAIN_S)
        else:
            return


def _hopeful(station: Station, deadline: float) -> bool:
    running = station.running
    return running is not None and running.alive and time.monotonic() < deadline


def _did_not_start(station: Station) -> NodeError:
    log = station.home / LOG_NAME
    return Internal(f"The daemon of {station.member.name} did not start; its last words: {log}.")
