"""Carrying one element to one peer: only to allowed addresses, only over the pinned certificate."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aiohttp import web
from support.identities import seeded_node, verified_peer

from inhope_node.exchange.client import (
    CheckedResolver,
    PeerClient,
    Unreachable,
    is_public,
)
from inhope_node.store.peers import KnownPeer
from inhope_node.web.peer import EXCHANGE_PATH, server_context
from keys.card import Endpoint, next_card
from keys.certificate import pin
from keys.trust import extend

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

NEVER = (
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.1.1",  # noqa: S104
    "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.7", "192.168.1.1", "198.18.0.1",
    "198.51.100.7", "203.0.113.7", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:192.168.0.1", "::ffff:7f00:1",
    "2002:7f00:1::", "2002:a00:1::", "2002:c0a8:101::1",
    "2001:0:4136:e378:8000:63bf:f5ff:fffe", "2001:0:0:0:0:0:80ff:fffe",
    "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::c0a8:1",
)  # fmt: skip


@pytest.mark.parametrize("address", NEVER)
def test_private_and_special_addresses_are_not_called(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["9.9.9.9", "2620:fe::fe", "::ffff:9.9.9.9", "64:ff9b::909:909"]
)
def test_public_addresses_may_be_called(address: str) -> None:
    assert is_public(address)


def known(url: str, certificate_pin: bytes) -> KnownPeer:
    identity, card = seeded_node("bravo")
    assert identity.root is not None
    endpoint = Endpoint(url, (certificate_pin,))
    moved = next_card(card, secret=identity.root, issued_at_ms=1, endpoints=(endpoint,))
    peer = extend(verified_peer(card), (moved,))
    return KnownPeer(name="bravo", peer=peer)


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """A server with the certificate of bravo on a free port of loopback."""
    app = web.Application()
    app.router.add_post(EXCHANGE_PATH, handler)
    runner = web.AppRunner(app)
    await runner.setup()
    door = socket.create_server(("127.0.0.1", 0))
    context = server_context(seeded_node("bravo")[0].tls)
    await web.SockSite(runner, door, ssl_context=context).start()
    try:
        yield f"https://127.0.0.1:{door.getsockname()[1]}"
    finally:
        await runner.cleanup()


async def asked(url: str, *, certificate_pin: bytes | None = None, private: bool = True) -> bytes:
    tls = seeded_node("bravo")[0].tls
    client = PeerClient(allow_private=private)
    try:
        peer = known(url, certificate_pin or pin(tls.certificate_der))
        return (await client.post(peer, b"element")).body
    finally:
        await client.close()


async def echo(request: web.Request) -> web.Response:
    return web.Response(body=b"heard " + await request.read())


async def test_an_element_goes_and_its_answer_comes_back() -> None:
    async with serving(echo) as url:
        assert await asked(url) == b"heard element"


async def test_another_certificate_than_the_pinned_one_is_refused() -> None:
    async with serving(echo) as url:
        with pytest.raises(Unreachable, match="not the pinned one"):
            await asked(url, certificate_pin=bytes(32))


async def test_a_private_address_is_refused_unless_the_operator_allowed_it() -> None:
    async with serving(echo) as url:
        with pytest.raises(Unreachable, match="private"):
            await asked(url, private=False)
        with pytest.raises(Unreachable, match=r"nobody listens|private"):
            await asked(url.replace("127.0.0.1", "localhost"), private=False)


async def test_a_redirect_is_not_followed() -> None:
    async def elsewhere(_: web.Request) -> web.Response:
        raise web.HTTPFound("https://192.0.2.1/")

    async with serving(elsewhere) as url:
        assert await asked(url) in (b"", b"302: Found")


async def test_a_content_encoding_is_refused() -> None:
    async def packed(_: web.Request) -> web.Response:
        return web.Response(body=b"x", headers={"Content-Encoding": "gzip"})

    async with serving(packed) as url:
        with pytest.raises(Unreachable):
            await asked(url)


async def test_nobody_listening_is_said_without_the_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with pytest.raises(Unreachable) as fault:
        await asked(f"https://127.0.0.1:{port}")
    assert "127.0.0.1" not in str(fault.value)
    assert "listens" in str(fault.value)


async def test_a_peer_without_an_address_is_waited_for() -> None:
    _, card = seeded_node("bravo")
    peer = verified_peer(card)
    bare = replace(peer.cards[0].card, endpoints=())
    silent = replace(peer, cards=(replace(peer.cards[0], card=bare),))
    client = PeerClient(allow_private=True)
    with pytest.raises(Unreachable, match="no address"):
        await client.post(KnownPeer(name="bravo", peer=silent), b"element")
    await client.close()


async def test_a_name_that_resolves_to_a_private_address_is_refused() -> None:
    resolver = CheckedResolver(allow_private=False)
    with pytest.raises(OSError, match="no allowed address"):
        await resolver.resolve("localhost", 443)
    allowed = CheckedResolver(allow_private=True)
    assert await allowed.resolve("localhost", 443)
    await resolver.close()
    await allowed.close()


async def test_only_tls_1_3_is_spoken() -> None:
    async with serving(echo) as url:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]), ssl=context)
