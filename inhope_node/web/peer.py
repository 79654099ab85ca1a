"""The peers' door on the network: `POST /exchange/v1` over TLS 1.3, and our public cards.

One path, one element in, one out. Every caller who is not a verified peer gets the same empty 404,
whatever was wrong. The certificate is self-signed and pinned through the card; its key never
touches a disk, not even for the moment in which it is loaded.
"""

import asyncio
import os
import ssl
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from inhope_node.exchange.door import Reply
from inhope_node.logs import log
from keys.card import SignedCard
from keys.certificate import TlsSecret, pem
from protocol.limits import ELEMENT_BYTES_MAX

EXCHANGE_PATH: Final = "/exchange/v1"
BODY_S: Final = 30
CONTENT_TYPE: Final = "application/octet-stream"
Answerer = Callable[[bytes], Awaitable[Reply]]


def peer_app(answerer: Answerer, chain: tuple[SignedCard, ...]) -> web.Application:
    """The application behind the peers' door."""
    cards = {str(card.card.version): card.encode() for card in chain}

    async def exchange(request: web.Request) -> web.Response:
        data = await _body(request)
        reply = Reply(body=None) if data is None else await answerer(data)
        if reply.body is None:
            return _silence()
        return web.Response(body=reply.body, content_type=CONTENT_TYPE)

    async def card(request: web.Request) -> web.Response:
        found = cards.get(request.match_info["version"])
        if found is None:
            return _silence()
        return web.Response(body=found, content_type=CONTENT_TYPE)

    app = web.Application(client_max_size=ELEMENT_BYTES_MAX, middlewares=[_silent])
    app.router.add_post(EXCHANGE_PATH, exchange)
    app.router.add_get(EXCHANGE_PATH + "/card/{version}", card)
    return app


@web.middleware
async def _silent(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Turn every other path, method and size into the same empty 404."""
    try:
        return await handler(request)
    except web.HTTPException:
        return _silence()
    except Exception as fault:  # noqa: BLE001 (a caller learns nothing, whatever broke)
        log.error("door_failed", fault=type(fault).__name__)
        return _silence()


def _silence() -> web.Response:
    return web.Response(status=404)


async def _body(request: web.Request) -> bytes | None:
    """The body, or None if it is encoded, too long or too slow."""
    if request.headers.get("Content-Encoding"):
        return None
    try:
        async with asyncio.timeout(BODY_S):
            return await request.read()
    except TimeoutError:
        return None


def server_context(tls: TlsSecret) -> ssl.SSLContext:
    """A TLS 1.3 context with our certificate, loaded from memory only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    handle = os.memfd_create("tls", os.MFD_CLOEXEC)
    try:
        os.write(handle, pem(tls))
        context.load_cert_chain(f"/proc/self/fd/{handle}")
    finally:
        os.close(handle)
    return context
