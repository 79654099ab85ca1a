"""The bodies of `offer`, `acceptance` and `return`: how ownership moves (spec: ownership).

Every one names the epoch it is about: the owner of epoch e offers e + 1, to one node at a time.
"""

from typing import Annotated

from protocol.bodies.base import Epoch, Lax, TimeMs, WireBody, Word
from protocol.vocabulary import ReturnReason


class OfferBody(WireBody):
    """The owner offers the ownership of this epoch until its lease ends."""

    epoch: Epoch
    lease_until_ms: TimeMs


class AcceptanceBody(WireBody):
    """The offered node owns this epoch from now on."""

    epoch: Epoch


class ReturnBody(WireBody):
    """The offered node will not take this epoch, and says why."""

    epoch: Epoch
    reason: Annotated[ReturnReason, Lax, Word]
