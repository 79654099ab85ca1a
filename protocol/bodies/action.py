"""The body of `action`: what the owner of an item did about it, or learnt."""

from typing import Annotated

from pydantic import Field

from protocol.bodies.base import Lax, TimeMs, WireBody, Word
from protocol.limits import REASON_CHARS_MAX
from protocol.vocabulary import ActionType


class ActionBody(WireBody):
    """One act.

    Attributes:
        epoch: The ownership under which it was done; 0 while the finder never gave it on.
        reason: In a few words, may be empty.
    """

    action: Annotated[ActionType, Lax, Word]
    at_ms: TimeMs
    epoch: Annotated[int, Field(ge=0, le=2**31)]
    reason: Annotated[str, Field(max_length=REASON_CHARS_MAX)] = ""
