"""How an envelope is filled, and how long a sender waits before it tries again. Pure arithmetic.

Only a signed answer settles an envelope. A peer that is away is waited for without end, ever more
slowly: the waiting time is drawn evenly between the shortest and a bound that doubles with every
failed try ("full jitter"), so that many nodes never come back in step.
"""

from collections.abc import Sequence

from protocol.errors import UsageFault
from protocol.limits import (
    MESSAGES_PER_ENVELOPE_MAX,
    PLAINTEXT_BYTES_MAX,
    RETRY_MAX_MS,
    RETRY_MIN_MS,
)

FRAME_BYTES = 64
"""Length, salt and list head inside an envelope, rounded up."""
ITEM_BYTES = 5
"""The longest msgpack head of one message."""
DOUBLINGS_MAX = 20


def fill(sizes: Sequence[int]) -> int:
    """How many of the messages of these sizes, from the front, go into one envelope.

    Raises:
        UsageFault: The first one alone is too long for any envelope.
    """
    total = FRAME_BYTES
    for count, size in enumerate(sizes):
        total += size + ITEM_BYTES
        if total > PLAINTEXT_BYTES_MAX or count == MESSAGES_PER_ENVELOPE_MAX:
            if count == 0:
                raise UsageFault("A message is longer than an envelope.")
            return count
    return len(sizes)


def retry_delay_ms(tries: int, spread: float) -> int:
    """How long to wait after `tries` failures before this one.

    Args:
        tries: Failed tries so far, 0 for the first failure.
        spread: A random number in [0, 1).

    Returns:
        Milliseconds between `RETRY_MIN_MS` and `RETRY_MAX_MS`.
    """
    bound = min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** min(tries + 1, DOUBLINGS_MAX))
    return RETRY_MIN_MS + int(spread * (bound - RETRY_MIN_MS))
