"""Keeps one courier per verified peer, wakes them when there is something to carry.

A new or newly verified peer gets its courier without a restart. Couriers share nothing: a peer that
hangs holds up only its own.
"""

import asyncio
from collections.abc import Callable

from inhope_node.casework.turn import Turn
from inhope_node.clerk import Clerk
from inhope_node.errors import StoreFull
from inhope_node.exchange.client import PeerClient
from inhope_node.exchange.courier import Courier
from inhope_node.exchange.dispatch import dispatch
from inhope_node.exchange.door import Reply, answer
from inhope_node.exchange.ourselves import Ourselves
from inhope_node.logs import log
from inhope_node.store.peers import KnownPeer

LOOK_S = 5.0


class Federation:
    """All couriers of one node, and the peers' door."""

    def __init__(self, us: Ourselves, clerk: Clerk, turn_for: Callable[[str], Turn]) -> None:
        self.us = us
        self.couriers: dict[str, Courier] = {}
        self._clerk = clerk
        self._turn_for = turn_for
        self._look = asyncio.Event()

    def look(self) -> None:
        """There may be new plans or new peers: look at once."""
        self._look.set()

    async def receive(self, data: bytes) -> Reply:
        """Answer one element that came through the peers' door."""
        reply = await self._clerk.do(answer, self._turn_for, self.us, data)
        if reply.peer in self.couriers:
            self.couriers[reply.peer].heard()
        if reply.peer:
            self.look()
        return reply

    async def run(self) -> None:
        """Dispatch and keep couriers until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._look.clear()
                try:
                    await self._round(group)
                except StoreFull:
                    log.warning("dispatch_postponed", why="storage")
                await self._pause()

    async def _round(self, group: asyncio.TaskGroup) -> None:
        await self._employ(group)
        for peer_id in await self._clerk.do(self._dispatch):
            if peer_id in self.couriers:
                self.couriers[peer_id].wake.set()

    async def _employ(self, group: asyncio.TaskGroup) -> None:
        for known in await self._clerk.do(self._verified):
            if known.id in self.couriers:
                continue
            client = PeerClient(allow_private=known.allow_private)
            courier = Courier(known.id, self.us, self._clerk, self._turn_for, client)
            self.couriers[known.id] = courier
            group.create_task(courier.run(), name=f"courier-{known.name}")

    def _verified(self) -> list[KnownPeer]:
        return self._turn_for("system").store.peers.verified()

    def _dispatch(self) -> frozenset[str]:
        turn = self._turn_for("system")
        return dispatch(turn.store, self.us, now_ms=turn.now_ms)

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(LOOK_S):
                await self._look.wait()
        except TimeoutError:
            return
