"""Seeded nodes, keys and cards for tests: the same label gives the same bytes on every machine.

Deterministic except for ML-DSA signatures, which are hedged: a card made twice in one run is the
same object, across runs only its payload and digest are.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from itertools import count

from keys.card import Organisation, Role, SignedCard
from keys.identifiers import NodeId
from keys.identity import Identity, create_identity
from keys.suite import SealingSecret, SigningSecret
from keys.trust import Peer, confirm, introduce
from keys.words import card_words

NET = "demo-net"
NOW_MS = 1_800_000_000_000
DAY_MS = 24 * 3600 * 1000


def entropy_of(label: str) -> Callable[[int], bytes]:
    """Return a source like `os.urandom` that always gives the same stream for `label`."""
    calls = count()

    def draw(length: int) -> bytes:
        return hashlib.shake_256(f"{label}/{next(calls)}".encode()).digest(length)

    return draw


@cache
def signing_secret(label: str) -> SigningSecret:
    """Return the signing key of `label`."""
    return SigningSecret.from_seed(entropy_of(f"signing {label}")(64))


@cache
def sealing_secret(label: str) -> SealingSecret:
    """Return the sealing key of `label`."""
    return SealingSecret.from_seed(entropy_of(f"sealing {label}")(32))


def organisation(
    label: str = "alpha", *, role: Role = Role.HOTLINE, countries: tuple[str, ...] = ("XA",)
) -> Organisation:
    """Return an organisation with reserved names only."""
    contact = f"desk@{label}.example"
    return Organisation(name=f"Node {label}", role=role, countries=countries, contact=contact)


@cache
def seeded_node(
    label: str = "alpha",
    *,
    role: Role = Role.HOTLINE,
    countries: tuple[str, ...] = ("XA",),
    net: str = NET,
) -> tuple[Identity, SignedCard]:
    """Return a node, all its secrets included, and its first card."""
    return create_identity(
        net=net,
        organisation=organisation(label, role=role, countries=countries),
        endpoint_url=f"https://{label}.example:8443",
        now_ms=NOW_MS,
        entropy=entropy_of(label),
    )


def seeded_identity(label: str = "alpha") -> Identity:
    """Return the secrets of the node of `label`."""
    return seeded_node(label)[0]


def seeded_card(label: str = "alpha") -> SignedCard:
    """Return the first card of the node of `label`."""
    return seeded_node(label)[1]


def seeded_node_id(label: str = "alpha") -> NodeId:
    """Return the id of the node of `label`."""
    return seeded_node(label)[1].card.node_id


def introduced_peer(card: SignedCard) -> Peer:
    """Return the peer of a first card, as a node knows it before anybody confirmed it."""
    return introduce((card,))


def verified_peer(card: SignedCard) -> Peer:
    """Return the peer of a first card after the operator typed the right words."""
    return confirm(introduce((card,)), card.digest, " ".join(card_words(card.digest)))
