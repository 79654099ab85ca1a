"""Carries one element to one peer over pinned TLS and brings its answer back.

No claim of the protocol rests on TLS; still the certificate must be the pinned one. Addresses in
cards are a peer's word: they are resolved, checked and connected to as checked, and private or
loopback ones are refused unless the operator allowed that peer. No redirects, no cookies, no
environment proxies, no content encodings.
"""

import asyncio
import io
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from inhope_node.store.peers import KnownPeer
from protocol.limits import ELEMENT_BYTES_MAX

EXCHANGE_PATH: Final = "/exchange/v1"
TIMEOUT_S: Final = 30
CONNECT_S: Final = 10


class Unreachable(Exception):
    """The peer could not be asked; the text says why in a few words, without addresses."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the HTTP status and the bytes of one element."""

    status: int
    body: bytes


class CheckedResolver(AbstractResolver):
    """Resolves names and lets only allowed addresses through."""

    def __init__(self, *, allow_private: bool) -> None:
        self._inner = ThreadedResolver()
        self._allow_private = allow_private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The allowed addresses of `host`.

        Raises:
            OSError: There are none.
        """
        found = await self._inner.resolve(host, port, family)
        allowed = [r for r in found if self._allow_private or is_public(r["host"])]
        if not allowed:
            raise OSError("no allowed address")
        return allowed

    async def close(self) -> None:
        """Let go of the resolver inside."""
        await self._inner.close()


def is_public(address: str) -> bool:
    """Whether an IP address may be called by a node whose peer named it.

    IPv6 forms that carry an IPv4 address are judged by that address.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = None
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if inner is not None:
        return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


class PeerClient:
    """Connections to one peer; one pool and one pin object each, so handshakes are reused."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._pins: dict[bytes, aiohttp.Fingerprint] = {}
        connector = aiohttp.TCPConnector(
            resolver=CheckedResolver(allow_private=allow_private), limit=2, use_dns_cache=False
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_S, sock_connect=CONNECT_S),
            trust_env=False,
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Accept-Encoding"),
        )

    async def post(self, known: KnownPeer, element: bytes) -> Answer:
        """Send one element to the first endpoint that answers.

        Raises:
            Unreachable: None did.
        """
        why = "its card names no address"
        for endpoint in known.peer.endpoints:
            for pin in endpoint.pins:
                try:
                    return await self._post(endpoint.url, pin, element)
                except aiohttp.ServerFingerprintMismatch:
                    why = "its TLS certificate is not the pinned one"
                except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as fault:
                    why = _reason(fault)
        raise Unreachable(why)

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()

    async def _post(self, url: str, pin: bytes, element: bytes) -> Answer:
        host = urlsplit(url).hostname or ""
        if not self._allow_private and _is_literal(host) and not is_public(host):
            raise OSError("no allowed address")
        fingerprint = self._pins.setdefault(pin, aiohttp.Fingerprint(pin))
        async with self._session.post(
            url.rstrip("/") + EXCHANGE_PATH,
            data=io.BytesIO(element),
            ssl=fingerprint,
            allow_redirects=False,
            headers={"Content-Type": "application/octet-stream"},
        ) as response:
            if response.headers.get("Content-Encoding"):
                raise ValueError("content encoding")
            body = await response.content.read(ELEMENT_BYTES_MAX + 1)
            while len(body) <= ELEMENT_BYTES_MAX and (more := await response.content.readany()):
                body += more
            return Answer(response.status, body)


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _reason(fault: BaseException) -> str:
    if isinstance(fault, asyncio.TimeoutError):
        return "it did not answer in time"
    if isinstance(fault, ssl.SSLError | aiohttp.ClientSSLError):
        return "TLS failed"
    if isinstance(fault, aiohttp.ClientConnectorError):
        return "nobody listens at its address"
    if str(fault) == "no allowed address":
        return "its address is private and not allowed for this peer"
    return "the connection broke"
