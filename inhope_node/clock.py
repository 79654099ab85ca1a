"""The only place where the node asks what time it is.

Everything else takes `now_ms`, or a `Clock` where it must ask again later; so a test, a
simulation or a replay can set any time. Nothing here waits or schedules.
"""

import time
from collections.abc import Callable
from typing import TypeAlias

Clock: TypeAlias = Callable[[], int]
"""Asks for the time: milliseconds since 1970 UTC."""

_NS_PER_MS = 1_000_000


def system_clock() -> int:
    """Return the machine's time in milliseconds since 1970 UTC."""
    return time.time_ns() // _NS_PER_MS
