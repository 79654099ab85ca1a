"""A node's desk API behind a real HTTP server in this process, with a person of each role."""

import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

from aiohttp.test_utils import TestClient, TestServer
from support.desk import Desk
from support.identities import NOW_MS, seeded_node

from inhope_node.api.app import desk_app
from inhope_node.clerk import Clerk
from inhope_node.config import Config
from inhope_node.exchange.federation import Federation
from inhope_node.exchange.ourselves import Ourselves
from inhope_node.home import chain_file
from inhope_node.model.people import UserRole
from inhope_node.node import Node
from inhope_node.store.store import Store, open_store

T = TypeVar("T")
Json = dict[str, Any]


@dataclass(slots=True)
class DeskApi:
    """A desk API and its node."""

    client: "TestClient[Any, Any]"
    clerk: Clerk
    node: Node
    tokens: dict[str, str]
    now_ms: int = NOW_MS

    async def do(self, work: Callable[[Desk], T]) -> T:
        """Do something at the desk itself, on the clerk's thread."""
        desk = Desk(store=self.node.store, now_ms=self.now_ms)
        return await self.clerk.do(work, desk)

    async def get(self, path: str, who: str = "analyst") -> tuple[int, Json]:
        """Ask, and return status and document."""
        headers = {"Authorization": f"Bearer {self.tokens.get(who, who)}"}
        async with self.client.get(path, headers=headers) as answer:
            return answer.status, await answer.json()

    async def post(
        self, path: str, body: Json | bytes, who: str = "analyst", *, key: str = ""
    ) -> tuple[int, Json]:
        """Do, and return status and document."""
        headers = {"Authorization": f"Bearer {self.tokens.get(who, who)}"}
        if key:
            headers["Idempotency-Key"] = key
        given: Json = {"data": BytesIO(body)} if isinstance(body, bytes) else {"json": body}
        async with self.client.post(path, headers=headers, **given) as answer:
            return answer.status, await answer.json()

    async def count(self, table: str) -> int:
        """How many rows a table has."""
        return await self.do(lambda desk: int(desk.store.db[table].count))


def card_of(label: str, **more: Any) -> str:
    """A card file in base64, as `card export` makes it."""
    return base64.b64encode(chain_file((seeded_node(label, **more)[1],))).decode()


@asynccontextmanager
async def running_desk_api(folder: Path) -> AsyncIterator[DeskApi]:
    """A desk API on a loopback port."""
    identity, card = seeded_node("alpha")
    us, clerk = Ourselves(identity=identity, chain=(card,)), Clerk()
    store: Store = await clerk.do(open_store, folder / "node.db", None)
    node = Node(config=Config(), us=us, store=store, clock=lambda: NOW_MS, started_at_ms=NOW_MS)
    tokens = {
        role.value: await clerk.do(Desk(store=store).user, f"{role.value}-1", role)
        for role in UserRole
    }
    app = desk_app(node, clerk, Federation(us, clerk, node.turn))
    async with TestClient(TestServer(app)) as client:
        yield DeskApi(client=client, clerk=clerk, node=node, tokens=tokens)
    await clerk.do(store.close)
    clerk.close()
