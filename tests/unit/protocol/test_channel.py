"""A channel is contiguous and linked: only the next envelope is taken, and nothing twice."""

from itertools import product

import pytest
from support.messages import digest_of

from keys.identifiers import NO_DIGEST, Digest
from protocol.channel import EMPTY, Head, Place, Position, next_place, place

HEAD_DIGEST, OURS, OTHER = digest_of("head"), digest_of("ours"), digest_of("other")


def expected(head: Head, position: Position, stored: Digest | None) -> str:
    """Say what the table of the specification says, case by case."""
    if stored is not None:
        return {OURS: "known", OTHER: "conflict"}[stored]
    linked = position.previous == HEAD_DIGEST
    if position.incarnation > head.incarnation:
        return "next" if linked and position.seq == 1 else "gap"
    ahead = position.seq - head.seq
    if position.incarnation < head.incarnation or ahead < 1:
        return "stale"
    if ahead > 1:
        return "gap"
    return "next" if linked else "conflict"


def test_every_place_meets_every_head() -> None:
    seen = set()
    for mine, seq, theirs, number, previous, stored in product(
        (1, 2, 3), range(4), (1, 2, 3, 4), range(1, 6), (HEAD_DIGEST, OTHER), (None, OURS, OTHER)
    ):
        head, position = Head(mine, seq, HEAD_DIGEST), Position(theirs, number, previous)
        found = place(head, position, OURS, stored)
        assert found == expected(head, position, stored), (head, position, stored)
        seen.add(found)
    assert seen == set(Place)


def test_the_first_envelope_follows_the_empty_channel() -> None:
    assert Head(1, 0, NO_DIGEST) == EMPTY
    assert next_place(EMPTY) == (1, 1, NO_DIGEST)
    assert place(EMPTY, Position(1, 1, NO_DIGEST), OURS, None) is Place.NEXT
    assert place(EMPTY, Position(1, 1, OTHER), OURS, None) is Place.CONFLICT


def test_what_follows_the_head_is_next_and_then_known_and_then_follows_nothing() -> None:
    head = EMPTY
    for number in range(5):
        digest = digest_of(f"envelope {number}")
        position = Position(*next_place(head))
        assert place(head, position, digest, None) is Place.NEXT
        head = Head(position.incarnation, position.seq, digest)
        assert place(head, position, digest, digest) is Place.KNOWN
        assert place(head, position, OTHER, digest) is Place.CONFLICT
        assert place(head, position, digest, None) is Place.STALE
    assert head == Head(1, 5, digest_of("envelope 4"))


@pytest.mark.parametrize(("seq", "previous"), [(2, HEAD_DIGEST), (1, NO_DIGEST), (1, OTHER)])
def test_a_new_incarnation_starts_at_one_and_at_our_head(seq: int, previous: Digest) -> None:
    head = Head(1, 7, HEAD_DIGEST)
    assert place(head, Position(2, 1, HEAD_DIGEST), OURS, None) is Place.NEXT
    assert place(head, Position(9, 1, HEAD_DIGEST), OURS, None) is Place.NEXT
    assert place(head, Position(2, seq, previous), OURS, None) is Place.GAP
