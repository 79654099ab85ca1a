"""The clerk: the one thread that touches the store.

Everything that reads or writes the database is a plain function; the event loop hands it to the
clerk and waits. So there is one writer, no lock to lose, and a slow disk never stops the network.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Clerk:
    """A thread of its own, with a queue in order of asking."""

    def __init__(self) -> None:
        self._hand = ThreadPoolExecutor(max_workers=1, thread_name_prefix="clerk")

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` on the clerk's thread and return what it returns.

        Work that was begun is finished even if the caller is cancelled meanwhile.
        """
        loop = asyncio.get_running_loop()
        return await asyncio.shield(loop.run_in_executor(self._hand, lambda: work(*args, **kwargs)))

    def close(self) -> None:
        """Finish what was asked and end the thread."""
        self._hand.shutdown(wait=True)
