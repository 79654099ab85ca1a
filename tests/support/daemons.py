"""Daemons inside the test's own loop: real homes, doors and TLS on loopback, any clock."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from inhope_node.clock import Clock, system_clock
from inhope_node.daemon import serve
from inhope_node.desk_client import DeskClient
from inhope_node.home import InitResult, create_home, open_home
from inhope_node.store.store import Store
from keys.vault import TEST

PASSPHRASE = "correct horse battery staple"
COUNTRY = {"alpha": "XA", "bravo": "XB"}
Json = dict[str, Any]


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def made_home(
    path: Path, label: str = "alpha", *, net: str = "demo-net", **more: Any
) -> InitResult:
    """Make the home of a node that listens on a free port."""
    port = free_port()
    given: Json = {
        "net": net,
        "name": f"Node {label}",
        "role": "hotline",
        "countries": (COUNTRY[label],),
        "contact": f"desk@{label}.example",
        "listen": f"127.0.0.1:{port}",
        "endpoint": f"https://127.0.0.1:{port}",
        "passphrase": PASSPHRASE,
        "now_ms": system_clock(),
        "cost": TEST,
    }
    return create_home(path, **(given | more))


class Running:
    """A daemon that runs, and its desk."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.store: Store | None = None
        token = home / "tokens" / "administrator.token"
        self.tokens = {"administrator": token.read_text().strip()}

    async def get(self, path: str, who: str = "administrator") -> Json:
        """Ask the desk."""
        return await asyncio.to_thread(self._desk(who).get, path)

    async def post(self, path: str, body: Json, who: str = "administrator") -> Json:
        """Do something at the desk."""
        return await asyncio.to_thread(self._desk(who).post, path, body)

    async def employ(self, name: str = "ann") -> None:
        """Add an analyst, who may call from now on."""
        answer = await self.post("/v1/users", {"name": name, "role": "analyst"})
        self.tokens[name] = answer["token"]

    async def until(self, path: str, holds: Any, *, timeout_s: float = 20) -> Json:
        """Ask again and again until the answer is as wanted."""
        async with asyncio.timeout(timeout_s):
            while not holds(answer := await self.get(path)):  # noqa: ASYNC110 (another's state)
                await asyncio.sleep(0.05)
        return answer

    def _desk(self, who: str) -> DeskClient:
        return DeskClient(self.home, self.tokens[who])


@asynccontextmanager
async def running(home: Path, clock: Clock = system_clock) -> AsyncIterator[Running]:
    """Run the daemon of `home` until the block ends, and see it stop in time."""
    opened = open_home(home, PASSPHRASE)
    stop, ready = asyncio.Event(), asyncio.Event()
    try:
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            group.create_task(serve(opened, stop=stop, ready=lambda _: ready.set(), clock=clock))
            await ready.wait()
            try:
                yield Running(home)
            finally:
                stop.set()
    finally:
        opened.close()


async def introduce_to(one: Running, other: Running, name: str) -> None:
    """Let `one` verify `other` as a person does: by its card and its words."""
    card = await other.get("/v1/card")
    body = {"card": card["card"], "name": name, "allow_private": True}
    peer = await one.post("/v1/peers", body)
    words = {"words": " ".join(card["words"]), "digest": peer["card_digest"]}
    await one.post(f"/v1/peers/{name}/confirm", words)


@contextmanager
def without_rights(path: Path) -> Iterator[None]:
    """Do something as a user who may not enter `path`, also where tests run as root."""
    mode = path.stat().st_mode
    path.chmod(0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        path.chmod(mode)
