"""Cards in any order: the chain stays sound, the rescue stays, trust never rises by itself."""

from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.identities import (
    NOW_MS,
    introduced_peer,
    organisation,
    sealing_secret,
    seeded_card,
    seeded_identity,
    signing_secret,
    verified_peer,
)

from keys.card import SignedCard, next_card, root_digest
from keys.errors import CardRefused
from keys.identifiers import Digest
from keys.identity import sealing_entry, signing_entry
from keys.suite import SigningSecret
from keys.trust import Level, Peer, extend, introduce, suspend

FIRST = seeded_card()
OWNER = seeded_identity()
SECOND_ROOT, THIRD_ROOT = signing_secret("second root"), signing_secret("third root")
STARTS = {
    Level.INTRODUCED: introduced_peer(FIRST),
    Level.VERIFIED: verified_peer(FIRST),
    Level.SUSPENDED: suspend(verified_peer(FIRST)),
}


def secret(found: SigningSecret | None) -> SigningSecret:
    assert found
    return found


def follow(previous: SignedCard, by: SigningSecret, **changes: Any) -> SignedCard:
    return next_card(previous, secret=by, issued_at_ms=NOW_MS, **changes)


def takeover(previous: SignedCard, by: SigningSecret, commit_to: SigningSecret) -> SignedCard:
    keys = (signing_entry(signing_secret("after takeover"), NOW_MS),)
    commitment = root_digest(commit_to.public)
    return follow(previous, by, root=by.public, next_root=commitment, signing=keys)


@cache
def cast() -> tuple[SignedCard, ...]:
    """Every card of a story with a daemon, a thief of the root and a thief of the next root."""
    root, next_root = secret(OWNER.root), secret(OWNER.next_root)
    sealing = (sealing_entry(sealing_secret("rotated"), NOW_MS),)
    daemon = follow(FIRST, OWNER.signing, sealing=sealing)
    stolen = [FIRST]
    for name in ("one", "two", "three"):
        stolen.append(follow(stolen[-1], root, organisation=organisation(name)))
    rescue = takeover(FIRST, next_root, SECOND_ROOT)
    late_rescue = takeover(stolen[1], next_root, SECOND_ROOT)
    rewritten = takeover(FIRST, next_root, THIRD_ROOT)
    after = follow(rescue, next_root, organisation=organisation("after"))
    second_rescue = takeover(rescue, SECOND_ROOT, THIRD_ROOT)
    others = (daemon, follow(daemon, OWNER.signing), rescue, late_rescue, rewritten, after)
    return (*stolen, *others, second_rescue, seeded_card("beta"))


walks = st.lists(st.integers(0, len(cast()) - 1), max_size=25)


def walked(peer: Peer, walk: list[int]) -> list[Peer]:
    """Return the peer after each card of the walk, whether it was taken or refused."""
    peers = [peer]
    for index in walk:
        try:
            peers.append(extend(peers[-1], (cast()[index],)))
        except CardRefused:
            peers.append(peers[-1])
    return peers


@given(walks)
def test_whatever_arrives_the_chain_stays_sound(walk: list[int]) -> None:
    final = walked(STARTS[Level.INTRODUCED], walk)[-1]
    assert introduce(final.cards).cards == final.cards
    assert final.cards[0] == FIRST


@given(walks, st.sampled_from(list(STARTS)))
def test_no_card_raises_trust_or_replaces_what_was_confirmed(walk: list[int], start: Level) -> None:
    for peer in walked(STARTS[start], walk):
        assert peer.level is start
        assert peer.confirmed == STARTS[start].confirmed


@given(walks)
def test_a_root_that_took_over_is_never_rolled_back_to_the_old_one(walk: list[int]) -> None:
    ruled: list[Digest] = []
    for peer in walked(STARTS[Level.INTRODUCED], walk):
        roots = [known.card.root for known in peer.cards]
        changes = [
            known.digest
            for before, known in zip(roots, peer.cards[1:], strict=False)
            if known.card.root != before
        ]
        assert changes[: len(ruled)] == ruled
        ruled = changes


@given(walks)
def test_a_card_taken_twice_changes_nothing(walk: list[int]) -> None:
    once = walked(STARTS[Level.VERIFIED], walk)[-1]
    assert extend(once, once.cards) == once
