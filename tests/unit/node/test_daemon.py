"""The daemon: what stops it from starting, what never stops it, and how it ends."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.daemons import PASSPHRASE, Running, introduce_to, made_home, running

from inhope_node import daemon
from inhope_node.clerk import Clerk
from inhope_node.clock import system_clock
from inhope_node.config import read_config
from inhope_node.errors import (
    HomeInUse,
    HomeUnusable,
    NodeError,
    NodeNotRunning,
    NotSignedIn,
    PassphraseWrong,
    PortInUse,
    StoreFull,
    WrongState,
)
from inhope_node.node import Node

TEN_YEARS_MS = 3652 * 86_400_000
ADDRESS = "https://host.example/one"
BASELINE = {
    "baseline": {"real": "yes", "below_age_limit": "yes", "severity": "yes"},
    "verdicts": {"XA": "baseline"},
}


def nobody(_sentence: str) -> None:
    raise AssertionError("it says that it is ready")


def port_of(home: Path) -> int:
    return read_config(home / "node.toml").listen_port


# --- starting


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    made_home(tmp_path / "home")
    port = port_of(tmp_path / "home")
    with socket.create_server(("127.0.0.1", port)), pytest.raises(PortInUse) as refusal:
        daemon.run(tmp_path / "home", PASSPHRASE, ready=nobody)
    assert f"Port {port} is in use" in str(refusal.value)
    assert "listen_port in node.toml" in str(refusal.value)
    assert refusal.value.exit_code == 12


def test_an_address_that_is_not_ours_is_said_to_be_wrong(tmp_path: Path) -> None:
    made_home(tmp_path / "home", listen="192.0.2.1:8443")
    with pytest.raises(PortInUse, match="set listen_host"):
        daemon.run(tmp_path / "home", PASSPHRASE, ready=nobody)


@pytest.mark.parametrize(
    ("passphrase", "fault"), [("wrong", PassphraseWrong), (PASSPHRASE, HomeUnusable)]
)
def test_what_does_not_open_does_not_start(
    tmp_path: Path, passphrase: str, fault: type[NodeError]
) -> None:
    made_home(tmp_path / "home")
    (tmp_path / "home" / "node.db").write_bytes(b"no database" * 500)
    for name in ("node.db-wal", "node.db-shm"):
        (tmp_path / "home" / name).unlink(missing_ok=True)
    with pytest.raises(fault):
        daemon.run(tmp_path / "home", passphrase, ready=nobody)


async def test_a_second_daemon_on_one_home_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    made_home(tmp_path / "home")
    async with running(tmp_path / "home") as alpha:
        with pytest.raises(HomeInUse, match="stop it first"):
            await asyncio.to_thread(daemon.run, tmp_path / "home", PASSPHRASE, ready=nobody)
        assert (await alpha.get("/v1/status"))["name"] == "Node alpha"


def test_a_fault_deep_in_a_group_is_the_fault_that_is_told() -> None:
    inner = PortInUse("taken")
    group: Any = BaseExceptionGroup("outer", [BaseExceptionGroup("inner", [inner])])
    assert daemon._leaf(group) is inner


async def test_a_node_works_in_a_home_with_a_very_long_path(tmp_path: Path) -> None:
    home = tmp_path / ("a" * 100) / ("b" * 120)
    assert len(str(home)) > 200
    made_home(home)
    for _ in range(2):
        async with running(home) as alpha:
            assert (await alpha.get("/v1/status"))["items_total"] == 0
            assert os.stat(home / "desk.sock").st_mode & 0o077 == 0  # noqa: PTH116


async def test_a_node_that_stopped_is_said_not_to_run(tmp_path: Path) -> None:
    made_home(tmp_path / "home")
    async with running(tmp_path / "home") as alpha:
        await alpha.get("/v1/status")
    with pytest.raises(NodeNotRunning, match="run`"):
        await Running(tmp_path / "home").get("/v1/status")


async def test_nobody_gets_in_with_the_token_of_another_home(tmp_path: Path) -> None:
    made_home(tmp_path / "a")
    made_home(tmp_path / "b", "bravo")
    async with running(tmp_path / "a") as alpha, running(tmp_path / "b") as bravo:
        alpha.tokens = bravo.tokens
        with pytest.raises(NotSignedIn):
            await alpha.get("/v1/status")


# --- a wrong clock


@pytest.mark.parametrize("off_ms", [TEN_YEARS_MS, -TEN_YEARS_MS])
async def test_with_a_clock_ten_years_off_delivery_goes_on_and_status_says_so(
    tmp_path: Path, off_ms: int
) -> None:
    made_home(tmp_path / "a")
    made_home(tmp_path / "b", "bravo")

    def wrong() -> int:
        return system_clock() + off_ms

    async with running(tmp_path / "a", wrong) as alpha, running(tmp_path / "b") as bravo:
        await introduce_to(alpha, bravo, "bravo")
        await introduce_to(bravo, alpha, "alpha")
        await alpha.employ()
        await bravo.employ()
        report = await alpha.post("/v1/reports", {"addresses": [ADDRESS]}, "ann")
        path = f"/v1/items/{report['items'][0]}"
        await alpha.post(f"{path}/take", {}, "ann")
        await alpha.post(f"{path}/assess", BASELINE, "ann")
        await alpha.post(f"{path}/locate", {"country": "XB"}, "ann")
        await bravo.until("/v1/status", lambda status: status["items"].get("delivered"))
        await bravo.post(f"{path}/accept", {}, "ann")
        done = await alpha.until("/v1/status", lambda status: status["items"].get("police_pending"))
        assert done["owned"] == 0
        assert abs(done["clock_skew_ms"] + off_ms) < 60_000
        direction = "ahead of" if off_ms > 0 else "behind"
        said = f"this clock is 365[12] days {direction} the peers' clocks: set it right"
        assert re.match(said, done["clock"])
        assert (await bravo.get("/v1/alarms"))["alarms"] == []


# --- a full disk


class Watched(Clerk):
    """A clerk whose node a test can reach."""

    node: Node
    last: "Watched"

    def __init__(self) -> None:
        super().__init__()
        Watched.last = self

    async def do(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Note the node that is opened."""
        result = await super().do(work, *args, **kwargs)
        if isinstance(result, Node):
            self.node = result
        return result

    async def set_full(self, *, full: bool) -> None:
        """Let the disk take no page more, or many."""
        db = self.node.store.db

        def bound() -> None:
            pages = next(iter(db.query("PRAGMA page_count")))["page_count"] if full else 2**30
            db.execute(f"PRAGMA max_page_count = {pages}")

        await self.do(bound)


async def test_a_full_store_refuses_keeps_nothing_half_and_works_again_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "Clerk", Watched)
    made_home(tmp_path / "home")
    addresses = [f"https://host.example/{number}/{'x' * 200}" for number in range(200)]
    async with running(tmp_path / "home") as alpha:
        await alpha.employ()
        before = await alpha.post("/v1/reports", {"addresses": [ADDRESS]}, "ann")
        await Watched.last.set_full(full=True)
        with pytest.raises(StoreFull, match="free some space; nothing that was acknowledged"):
            await alpha.post("/v1/reports", {"addresses": addresses}, "ann")
        status = await alpha.get("/v1/status")
        assert (status["reports"], status["items_total"]) == (1, 1)
        await Watched.last.set_full(full=False)
        await alpha.post("/v1/reports", {"addresses": addresses}, "ann")
        status = await alpha.get("/v1/status")
        assert (status["reports"], status["items_total"]) == (2, 201)
        found = await alpha.get(f"/v1/reports/{before['id']}", "ann")
        assert found["items"] == before["items"]
        store = Watched.last.node.store
        assert await Watched.last.do(store.audit.broken_at) == 0


async def test_a_full_disk_postpones_the_watch_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def full(_turn: object) -> None:
        seen.append(1)
        raise StoreFull("full")

    monkeypatch.setattr(daemon, "watch", full)
    monkeypatch.setattr(daemon, "WATCH_S", 0.01)
    made_home(tmp_path / "home")
    async with running(tmp_path / "home") as alpha, asyncio.timeout(10):
        while len(seen) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert (await alpha.get("/v1/status"))["alarms"] == 0


# --- the clerk


async def test_the_clerk_finishes_what_was_begun_when_the_asker_goes_away() -> None:
    clerk, done = Clerk(), []
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work() -> None:
        loop.call_soon_threadsafe(begun.set)
        time.sleep(0.05)
        done.append(True)

    async with asyncio.TaskGroup() as group:
        asker = group.create_task(clerk.do(work))
        await begun.wait()
        asker.cancel()
    clerk.close()
    assert done == [True]


async def test_the_clerk_tells_the_asker_of_every_fault() -> None:
    clerk = Clerk()

    def refuse() -> None:
        raise WrongState("no")

    with pytest.raises(WrongState):
        await clerk.do(refuse)
    clerk.close()


# --- as a process


def started(home: Path, *options: str, **around: str) -> "subprocess.Popen[str]":
    line = [sys.executable, "-m", "inhope_node", "--home", str(home), "--json", "run", *options]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("INHOPE")} | around
    return subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_node_within_five_seconds_and_it_starts_again(
    tmp_path: Path, number: signal.Signals
) -> None:
    home = tmp_path / "home"
    made_home(home)
    for _ in range(2):
        process = started(home, INHOPE_PASSPHRASE=PASSPHRASE)
        assert process.stdout is not None
        assert "ready" in json.loads(process.stdout.readline())
        with socket.create_connection(("127.0.0.1", port_of(home))):
            before = time.monotonic()
            process.send_signal(number)
            output, errors = process.communicate(timeout=20)
        assert time.monotonic() - before < 5
        assert process.returncode == 0, errors
        assert '"event": "stopped"' in errors
        assert "Traceback" not in output + errors


@pytest.mark.slow
@pytest.mark.parametrize(
    ("harm", "code", "word"),
    [("passphrase", 9, "passphrase"), ("vault", 10, "home"), ("port", 12, "port-in-use")],
)
def test_a_node_that_cannot_start_ends_with_one_sentence_and_its_exit_code(
    tmp_path: Path, harm: str, code: int, word: str
) -> None:
    home = tmp_path / "home"
    made_home(home)
    if harm == "vault":
        (home / "vault").chmod(0o644)
    passphrase = "wrong" if harm == "passphrase" else PASSPHRASE
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if harm == "port":
            taken.bind(("127.0.0.1", port_of(home)))
            taken.listen()
        process = started(home, INHOPE_PASSPHRASE=passphrase)
        output, errors = process.communicate(timeout=30)
    assert process.returncode == code, errors
    assert json.loads(output)["error"]["code"] == word
    assert "Traceback" not in errors
    assert "wrong" not in errors.replace("is wrong", "")
