"""The channel: envelopes from one node to another, numbered without gaps and chained.

A place is (incarnation, seq). A receiver takes only the next one:

    place of the envelope            same digest as stored     other or no digest stored
    taken in before                  KNOWN                     CONFLICT
    next: seq + 1, linked            NEXT                      NEXT
    next: not linked to our head     -                         CONFLICT
    further ahead                    -                         GAP
    incarnation + n, seq 1, linked   NEXT                      NEXT
    incarnation + n, otherwise       -                         GAP
    older, never taken in            -                         STALE
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from keys.identifiers import NO_DIGEST, Digest


@dataclass(frozen=True, slots=True)
class Head:
    """Where a channel stands: the last place taken and the digest of the envelope there."""

    incarnation: int
    seq: int
    digest: Digest


EMPTY: Final = Head(1, 0, NO_DIGEST)
"""A channel on which nothing has travelled."""


class Place(StrEnum):
    """What an envelope is to a channel."""

    NEXT = "next"
    KNOWN = "known"
    CONFLICT = "conflict"
    GAP = "gap"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Position:
    """The place an envelope claims, and the envelope it names as the one before."""

    incarnation: int
    seq: int
    previous: Digest


def next_place(head: Head) -> tuple[int, int, Digest]:
    """Incarnation, seq and previous digest of the envelope that follows `head`."""
    return head.incarnation, head.seq + 1, head.digest


def place(head: Head, position: Position, digest: Digest, stored: Digest | None) -> Place:
    """What an envelope is to the channel that stands at `head`.

    Args:
        head: The last place taken in.
        position: What the envelope claims.
        digest: The digest of the envelope.
        stored: The digest taken in at this place before, or None.
    """
    if stored is not None:
        return Place.KNOWN if stored == digest else Place.CONFLICT
    if position.incarnation > head.incarnation:
        linked = position.seq == 1 and position.previous == head.digest
        return Place.NEXT if linked else Place.GAP
    if (position.incarnation, position.seq) <= (head.incarnation, head.seq):
        return Place.STALE
    if position.seq > head.seq + 1:
        return Place.GAP
    return Place.NEXT if position.previous == head.digest else Place.CONFLICT
