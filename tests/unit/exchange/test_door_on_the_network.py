"""The peers' door on the network: one path, one element, silence for everybody else."""

import asyncio
import io
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from support.identities import seeded_node

from inhope_node.exchange.door import Reply
from inhope_node.web import peer
from inhope_node.web.peer import EXCHANGE_PATH, peer_app
from protocol.limits import ELEMENT_BYTES_MAX


async def answerer(data: bytes) -> Reply:
    if data == b"broken":
        raise RuntimeError
    return Reply(body=b"answer", peer="x") if data == b"element" else Reply(body=None)


@pytest.fixture
async def door() -> AsyncIterator[aiohttp.ClientSession]:
    app = peer_app(answerer, (seeded_node("alpha")[1],))
    async with TestServer(app) as server:
        base = str(server.make_url("/"))
        async with aiohttp.ClientSession(base, auto_decompress=False) as session:
            yield session


async def test_an_element_gets_its_answer(door: aiohttp.ClientSession) -> None:
    async with door.post(EXCHANGE_PATH, data=b"element") as response:
        assert (response.status, await response.read()) == (200, b"answer")


@pytest.mark.parametrize("version", ["1", "2", "x"])
async def test_our_cards_are_public_and_others_do_not_exist(
    door: aiohttp.ClientSession, version: str
) -> None:
    async with door.get(f"{EXCHANGE_PATH}/card/{version}") as response:
        card = seeded_node("alpha")[1].encode() if version == "1" else b""
        assert (response.status, await response.read()) == (200 if card else 404, card)


@pytest.mark.parametrize(
    ("method", "path", "data", "headers"),
    [
        ("POST", EXCHANGE_PATH, b"stranger", {}),
        ("POST", EXCHANGE_PATH, b"", {}),
        ("POST", EXCHANGE_PATH, b"broken", {}),
        ("POST", EXCHANGE_PATH, b"x" * (ELEMENT_BYTES_MAX + 1), {}),
        ("POST", EXCHANGE_PATH, b"element", {"Content-Encoding": "gzip"}),
        ("POST", EXCHANGE_PATH, b"element", {"Content-Encoding": "identity"}),
        ("GET", EXCHANGE_PATH, None, {}),
        ("PUT", EXCHANGE_PATH, b"element", {}),
        ("GET", "/", None, {}),
        ("POST", "/v1/status", b"{}", {}),
    ],
)
async def test_everybody_else_meets_the_same_silence(
    door: aiohttp.ClientSession,
    method: str,
    path: str,
    data: bytes | None,
    headers: dict[str, str],
) -> None:
    async with door.request(
        method, path, data=data and io.BytesIO(data), headers=headers
    ) as response:
        assert (response.status, await response.read()) == (404, b"")
        assert "Allow" not in response.headers


async def test_a_body_that_never_ends_is_given_up(
    door: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peer, "BODY_S", 0.05)

    async def dripping() -> AsyncIterator[bytes]:
        yield b"el"
        await asyncio.sleep(0.3)
        yield b"ement"

    async with door.post(EXCHANGE_PATH, data=dripping()) as response:
        assert response.status == 404
