"""The trust book: what this node knows of another, as a pure value.

    unknown --introduce--> INTRODUCED --confirm--> VERIFIED
                               |   suspend / resume   |
                               '----> SUSPENDED <-----'       any --revoke--> REVOKED

A peer that is unknown has no `Peer`. Only a local person raises trust, by typing the words of the
exact card they were shown; cards that arrive extend what is known and may lower trust, never raise
it. The whole chain is kept, so that a signature of years ago still finds its key. Nothing here
stores, asks a clock or decides what flows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from keys.card import (
    Card,
    Endpoint,
    Organisation,
    SignedCard,
    SigningEntry,
    check_first,
    check_next,
    replaces_root,
)
from keys.errors import CardRefused, UnknownKey
from keys.identifiers import Digest, KeyId, NodeId
from keys.suite import SealingPublic
from keys.words import check_words


class Level(StrEnum):
    """How far we trust a peer; one that is not in the book is unknown."""

    INTRODUCED = "introduced"
    VERIFIED = "verified"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Another node, as we know it.

    Attributes:
        node_id: Which node.
        level: How far we trust it.
        cards: All its cards from version 1, each checked against the one before.
        confirmed: What the operator confirmed that it is, or None as long as nobody did.
        confirmed_digest: The card that was confirmed, or None.
    """

    node_id: NodeId
    level: Level
    cards: tuple[SignedCard, ...]
    confirmed: Organisation | None = None
    confirmed_digest: Digest | None = None

    @property
    def card(self) -> Card:
        """Its newest card."""
        return self.cards[-1].card

    @property
    def organisation(self) -> Organisation:
        """What was confirmed; as long as nothing was, what it claims."""
        return self.confirmed or self.card.organisation

    @property
    def claims_changed(self) -> bool:
        """Whether it now claims another name, role or countries than were confirmed."""
        if self.confirmed is None:
            return False
        claimed = replace(self.card.organisation, contact=self.confirmed.contact)
        return claimed != self.confirmed

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Where it listens, by its newest card."""
        return self.card.endpoints

    def signing_key(self, key_id: KeyId) -> SigningEntry:
        """Return a signing key of any of its cards, as its newest mention says.

        A mark of compromise holds from the first card that has it on, the earliest time counts;
        no later card takes it back.

        Raises:
            UnknownKey: No card of this peer holds such a key.
        """
        entries = [entry for known in self.cards for entry in known.card.signing]
        mentions = [entry for entry in entries if entry.public.key_id == key_id]
        if not mentions:
            raise UnknownKey("No card of this peer holds the signing key that was used.")
        marks = [entry.compromised_since_ms for entry in mentions if entry.compromised_since_ms]
        return replace(mentions[-1], compromised_since_ms=min(marks, default=0))

    def sealing_key(self, now_ms: int) -> SealingPublic:
        """Return the key of the newest card to seal for: the newest whose window is open.

        If none is open, the newest that has begun, else the newest: a wrong clock or a peer that
        was long away stops nothing.

        Raises:
            UnknownKey: Every sealing key of the newest card is marked as compromised.
        """
        usable = [entry for entry in self.card.sealing if not entry.compromised_since_ms]
        if not usable:
            raise UnknownKey("Every sealing key of this peer is marked as compromised.")
        best = max(
            usable,
            key=lambda entry: (
                entry.from_ms <= now_ms < entry.until_ms,
                entry.from_ms <= now_ms,
                entry.from_ms,
            ),
        )
        return best.public


def introduce(cards: Sequence[SignedCard]) -> Peer:
    """Return the peer that a whole chain of cards describes, at the level `INTRODUCED`.

    Raises:
        CardRefused: The chain is empty, does not start at version 1, or breaks.
    """
    if not cards:
        raise CardRefused("There is no card.")
    first = cards[0]
    check_first(first)
    peer = Peer(node_id=first.card.node_id, level=Level.INTRODUCED, cards=(first,))
    return extend(peer, cards[1:])


def extend(peer: Peer, cards: Sequence[SignedCard]) -> Peer:
    """Return `peer` with those of `cards` that are new, in the order given.

    A card by the committed next root outranks all that the old root signed from its version on.
    If the card that was confirmed falls away so, the peer has to be confirmed again.

    Raises:
        CardRefused: A card leaves a gap, contradicts one that is known, or does not follow.
    """
    for candidate in cards:
        if all(candidate.digest != known.digest for known in peer.cards):
            peer = _with_chain(peer, _extended(peer.cards, candidate))
    return peer


def confirm(peer: Peer, digest: Digest, words: str) -> Peer:
    """Return `peer` as the operator confirmed it by typing the words of the card they were shown.

    Args:
        peer: As it is known now.
        digest: The card that the operator was shown; it may have got successors meanwhile.
        words: What the operator typed.

    Raises:
        WordsMistyped: The words cannot be right for any card.
        WordsDiffer: They are the words of another card.
        CardRefused: The chain does not hold this card, or the peer is revoked.
    """
    shown = next((known.card for known in peer.cards if known.digest == digest), None)
    if shown is None or peer.level is Level.REVOKED:
        raise CardRefused("This card is not known any more, or its node is revoked.")
    check_words(words, digest)
    level = Level.VERIFIED if peer.level is Level.INTRODUCED else peer.level
    return replace(peer, level=level, confirmed=shown.organisation, confirmed_digest=digest)


def suspend(peer: Peer) -> Peer:
    """Return `peer` with nothing flowing until somebody resumes it; a revoked one stays so."""
    return peer if peer.level is Level.REVOKED else replace(peer, level=Level.SUSPENDED)


def resume(peer: Peer) -> Peer:
    """Return a suspended `peer` at the level its confirmation gives it; others stay as they are."""
    return peer if peer.level is not Level.SUSPENDED else replace(peer, level=_earned(peer))


def revoke(peer: Peer) -> Peer:
    """Return `peer` as never to be trusted again."""
    return replace(peer, level=Level.REVOKED)


def _earned(peer: Peer) -> Level:
    return Level.INTRODUCED if peer.confirmed_digest is None else Level.VERIFIED


def _with_chain(peer: Peer, cards: tuple[SignedCard, ...]) -> Peer:
    """Return `peer` with this chain, and without a confirmation that hung on a card now gone."""
    if peer.confirmed_digest in (None, *(known.digest for known in cards)):
        return replace(peer, cards=cards)
    level = Level.INTRODUCED if peer.level is Level.VERIFIED else peer.level
    return replace(peer, level=level, cards=cards, confirmed=None, confirmed_digest=None)


def _extended(chain: tuple[SignedCard, ...], candidate: SignedCard) -> tuple[SignedCard, ...]:
    """Return the chain that `candidate` leads to, cut back where it outranks."""
    kept = chain[: candidate.card.version - 1]
    if len(kept) < candidate.card.version - 1:
        raise CardRefused("Cards are missing before this one.")
    if not kept or (kept != chain and not _outranks(chain[len(kept) - 1 :], candidate)):
        raise CardRefused("The card contradicts one that is known here.")
    check_next(kept[-1], candidate)
    _check_key_ids(kept, candidate)
    return (*kept, candidate)


def _outranks(branch: tuple[SignedCard, ...], candidate: SignedCard) -> bool:
    """Say whether `candidate` brings the committed root after `branch[0]`, and none after it did.

    The second half matters: a root that already ruled cannot go back to rewrite its commitment.
    """
    fork = branch[0].card
    return replaces_root(fork, candidate.card) and all(
        known.card.root == fork.root for known in branch
    )


def _check_key_ids(chain: tuple[SignedCard, ...], candidate: SignedCard) -> None:
    """Refuse a second signing key under a known id: a signature must point to one key only."""
    known = {
        entry.public.key_id: entry.public for earlier in chain for entry in earlier.card.signing
    }
    for entry in candidate.card.signing:
        if known.get(entry.public.key_id, entry.public) != entry.public:
            raise CardRefused("The card reuses the id of another signing key.")
