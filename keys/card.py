"""A node's signed card, and which card may follow which (spec: card).

The root signs every card and may live offline; a card that changes only sealing keys and endpoints
may be signed by a signing key of its predecessor, so that a daemon rotates those by itself. Only
the key that a card committed to beforehand can replace the root. Nothing here knows a clock or
decides whom to trust: a valid chain proves one continuous owner, not who that is.
"""

from dataclasses import dataclass, replace
from typing import Final, TypedDict, Unpack

from keys.card_contents import (
    Card,
    Endpoint,
    Organisation,
    Role,
    SealingEntry,
    SigningEntry,
)
from keys.card_reading import read_card
from keys.encoding import decode, encode
from keys.errors import BadSignature, CardRefused
from keys.identifiers import NO_DIGEST, Digest, NodeId, tagged_hash
from keys.signed import Signed, parse_signed, sign, verify
from keys.suite import SigningPublic, SigningSecret

__all__ = [
    "CARD_BYTES_MAX",
    "Card",
    "CardChanges",
    "Endpoint",
    "Organisation",
    "Role",
    "SealingEntry",
    "SignedCard",
    "SigningEntry",
    "check_first",
    "check_next",
    "first_card",
    "next_card",
    "node_id_of",
    "parse_card",
    "replaces_root",
    "root_digest",
]

CARD_BYTES_MAX: Final = 32768


@dataclass(frozen=True, slots=True)
class SignedCard:
    """A card and the container that carries it; only `check_first` and `check_next` verify it."""

    signed: Signed
    card: Card

    @property
    def digest(self) -> Digest:
        """The name of this card: what people compare as words and the next card points to."""
        return self.signed.digest

    def encode(self) -> bytes:
        """Return the bytes that travel."""
        return self.signed.encode()


class CardChanges(TypedDict, total=False):
    """What a next card may change; `keys.card_contents.Card` says what each means."""

    root: SigningPublic
    next_root: Digest
    signing: tuple[SigningEntry, ...]
    sealing: tuple[SealingEntry, ...]
    endpoints: tuple[Endpoint, ...]
    organisation: Organisation
    protocol: tuple[int, int]
    suites: tuple[int, ...]


def parse_card(data: bytes) -> SignedCard:
    """Return the card in `data`, of which only the shape is checked.

    Raises:
        Malformed: It is longer than `CARD_BYTES_MAX`, no card, or holds a key that is weak.
    """
    signed = parse_signed(data, tag="card", bytes_max=CARD_BYTES_MAX)
    return SignedCard(signed, read_card(decode(signed.payload, bytes_max=CARD_BYTES_MAX)))


def node_id_of(net: str, root: SigningPublic, next_root: Digest) -> NodeId:
    """Return the id of the node whose first card holds these three."""
    parts = (net.encode(), root.ed25519, root.mldsa, next_root)
    return NodeId(tagged_hash("node", *parts))


def root_digest(root: SigningPublic) -> Digest:
    """Return the commitment to a root key that stands in cards before the key is shown."""
    return tagged_hash("root", root.ed25519, root.mldsa)


def replaces_root(previous: Card, candidate: Card) -> bool:
    """Say whether `candidate` brings the one root that `previous` committed to."""
    return candidate.root != previous.root and root_digest(candidate.root) == previous.next_root


def check_first(first: SignedCard) -> None:
    """Check that a card can be the first of its node.

    Raises:
        CardRefused: The sentence says why not.
    """
    card = first.card
    if card.version != 1 or card.previous != NO_DIGEST:
        raise CardRefused("This is not the first card of a node.")
    if card.node_id != node_id_of(card.net, card.root, card.next_root):
        raise CardRefused("The node id does not belong to the root key of this card.")
    _check_commitment(card)
    _check_signature(first, card.root)


def check_next(previous: SignedCard, candidate: SignedCard) -> None:
    """Check that `candidate` follows directly on `previous`, which was checked before.

    Raises:
        CardRefused: The sentence says why not.
    """
    old, new = previous.card, candidate.card
    if new.net != old.net or new.node_id != old.node_id:
        raise CardRefused("The card belongs to another node.")
    if new.version != old.version + 1:
        raise CardRefused("The card does not have the next version number.")
    if new.previous != previous.digest:
        raise CardRefused("The card follows on another card than the one known here.")
    _check_root(old, new)
    _check_commitment(new)
    _check_signature(candidate, _signer(old, candidate))


def first_card(  # noqa: PLR0913 - a card has these fields, each named by the caller
    *,
    net: str,
    root: SigningSecret,
    next_root: SigningPublic,
    issued_at_ms: int,
    signing: tuple[SigningEntry, ...],
    sealing: tuple[SealingEntry, ...],
    endpoints: tuple[Endpoint, ...],
    organisation: Organisation,
    protocol: tuple[int, int] = (1, 1),
    suites: tuple[int, ...] = (1,),
) -> SignedCard:
    """Return the card that founds a node.

    Raises:
        Malformed: A field does not have its shape, or the card is too long.
        CardRefused: The next root is the root itself.
    """
    commitment = root_digest(next_root)
    card = Card(
        net=net,
        node_id=node_id_of(net, root.public, commitment),
        version=1,
        previous=NO_DIGEST,
        issued_at_ms=issued_at_ms,
        root=root.public,
        next_root=commitment,
        signing=signing,
        sealing=sealing,
        endpoints=endpoints,
        organisation=organisation,
        protocol=protocol,
        suites=suites,
    )
    first = _issued(card, root)
    check_first(first)
    return first


def next_card(
    previous: SignedCard,
    *,
    secret: SigningSecret,
    issued_at_ms: int,
    **changes: Unpack[CardChanges],
) -> SignedCard:
    """Return the card after `previous`, with `changes`, signed by `secret`.

    To replace the root, give `root`, a new `next_root` and the new root's secret.

    Raises:
        Malformed: A field does not have its shape, or the card is too long.
        CardRefused: No peer would take this card; the sentence says why.
    """
    card = replace(
        previous.card,
        version=previous.card.version + 1,
        previous=previous.digest,
        issued_at_ms=issued_at_ms,
        **changes,
    )
    candidate = _issued(card, secret)
    check_next(previous, candidate)
    return candidate


def _issued(card: Card, secret: SigningSecret) -> SignedCard:
    """Sign a card and read it back, so that we never issue what others refuse."""
    return parse_card(sign("card", encode(card.to_value()), secret).encode())


def _check_root(old: Card, new: Card) -> None:
    if new.root == old.root:
        if new.next_root != old.next_root:
            raise CardRefused("The card changes the commitment to the next root key.")
    elif not replaces_root(old, new):
        raise CardRefused("The card brings a root key that no card committed to.")


def _check_commitment(card: Card) -> None:
    if card.next_root == root_digest(card.root):
        raise CardRefused("The next root key of the card is its root key.")


def _signer(old: Card, candidate: SignedCard) -> SigningPublic:
    """Return the key that must have signed `candidate`, of which the chain is right."""
    new, key_id = candidate.card, candidate.signed.key_id
    if key_id == new.root.key_id:
        return new.root
    same = replace(
        old,
        version=new.version,
        previous=new.previous,
        issued_at_ms=new.issued_at_ms,
        sealing=new.sealing,
        endpoints=new.endpoints,
    )
    for entry in old.signing:
        if entry.public.key_id == key_id and not entry.compromised_since_ms and same == new:
            return entry.public
    raise CardRefused("The card is signed by a key that may not sign this change.")


def _check_signature(candidate: SignedCard, public: SigningPublic) -> None:
    try:
        verify(candidate.signed, public)
    except BadSignature as error:
        raise CardRefused("The signature of the card does not verify.") from error
