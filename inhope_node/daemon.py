"""The daemon: one TaskGroup with the two doors and the loops, until SIGTERM or SIGINT.

Order of starting: lock and unlock the home, open the store, take the port, open the desk, only then
say "ready". Order of stopping: close the doors, end the couriers, finish what the clerk began, all
within five seconds; what was not finished is finished after the next start.
"""

import asyncio
import contextlib
import errno
import signal
from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from inhope_node.api.app import desk_app
from inhope_node.api.socket import bound_socket
from inhope_node.casework.deadlines import watch
from inhope_node.clerk import Clerk
from inhope_node.clock import Clock, system_clock
from inhope_node.errors import NodeError, PortInUse, StoreFull
from inhope_node.exchange.federation import Federation
from inhope_node.folder import SOCKET
from inhope_node.home import OpenHome, open_home
from inhope_node.logs import configure, log
from inhope_node.node import Node, open_node
from inhope_node.web.peer import peer_app, server_context

SHUTDOWN_S = 2.0
WATCH_S = 10.0


def run(
    home: Path,
    passphrase: str,
    *,
    ready: Callable[[str], None],
    clock: Clock = system_clock,
) -> None:
    """Run the node in `home` until it is told to stop.

    Args:
        home: The folder.
        passphrase: Opens its vault.
        ready: Called once with a sentence when both doors are open.
        clock: Gives the time in ms; tests pass their own.

    Raises:
        NodeError: It cannot start; the sentence says what to do.
    """
    configure()
    opened = open_home(home, passphrase)
    try:
        asyncio.run(_until_signal(opened, ready, clock))
    except* NodeError as group:
        raise _leaf(group) from None
    finally:
        opened.close()


def _leaf(group: BaseExceptionGroup[NodeError]) -> NodeError:
    """The first fault in a group, however deep it lies."""
    first = group.exceptions[0]
    return _leaf(first) if isinstance(first, BaseExceptionGroup) else first


async def _until_signal(home: OpenHome, ready: Callable[[str], None], clock: Clock) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await serve(home, stop=stop, ready=ready, clock=clock)


async def serve(
    home: OpenHome, *, stop: asyncio.Event, ready: Callable[[str], None], clock: Clock
) -> None:
    """Run an open home's node inside a running loop until `stop` is set."""
    clerk = Clerk()
    try:
        node = await clerk.do(open_node, home, clock)
        try:
            await _serve(home, node, clerk, stop=stop, ready=ready)
        finally:
            await clerk.do(node.store.close)
    finally:
        clerk.close()
    log.info("stopped")


async def _serve(
    home: OpenHome, node: Node, clerk: Clerk, *, stop: asyncio.Event, ready: Callable[[str], None]
) -> None:
    federation = Federation(node.us, clerk, node.turn)
    async with contextlib.AsyncExitStack() as doors:
        await _open_peer_door(doors, home, federation)
        await _open_desk(doors, home, node, clerk, federation)
        name = node.us.card.card.organisation.name
        log.info("ready", port=home.config.listen_port)
        ready(
            f"{name} is ready: peers on port {home.config.listen_port}, desk in {home.path.name}."
        )
        with contextlib.suppress(asyncio.CancelledError):
            await _work(node, clerk, federation, stop)


async def _work(node: Node, clerk: Clerk, federation: Federation, stop: asyncio.Event) -> None:
    """The loops; cancelled all together when `stop` is set."""
    async with asyncio.TaskGroup() as group:
        loops = [
            group.create_task(federation.run(), name="federation"),
            group.create_task(_watch(node, clerk), name="watch"),
        ]
        await stop.wait()
        for loop in loops:
            loop.cancel()


async def _watch(node: Node, clerk: Clerk) -> None:
    """Look at leases and deadlines again and again."""
    while True:
        try:
            await clerk.do(lambda: watch(node.turn("system")))
        except StoreFull:
            log.warning("watch_postponed", why="storage")
        await asyncio.sleep(WATCH_S)


async def _open_peer_door(
    doors: contextlib.AsyncExitStack, home: OpenHome, federation: Federation
) -> None:
    config = home.config
    runner = _runner(peer_app(federation.receive, home.chain))
    await runner.setup()
    doors.push_async_callback(runner.cleanup)
    context = server_context(home.identity.tls)
    site = web.TCPSite(runner, config.listen_host, config.listen_port, ssl_context=context)
    try:
        await site.start()
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE:
            sentence = (
                f"Port {config.listen_port} is in use: stop what uses it or set listen_port "
                "in node.toml."
            )
        else:
            sentence = "The node cannot listen there: set listen_host and listen_port in node.toml."
        raise PortInUse(sentence) from fault


async def _open_desk(
    doors: contextlib.AsyncExitStack,
    home: OpenHome,
    node: Node,
    clerk: Clerk,
    federation: Federation,
) -> None:
    runner = _runner(desk_app(node, clerk, federation))
    await runner.setup()
    doors.push_async_callback(runner.cleanup)
    await web.SockSite(runner, bound_socket(home.path, SOCKET)).start()


def _runner(app: web.Application) -> web.AppRunner:
    return web.AppRunner(
        app,
        access_log=None,
        shutdown_timeout=SHUTDOWN_S,
        auto_decompress=False,
        handle_signals=False,
    )
