"""An identity: made from given entropy, stored as seeds, silent about its secrets."""

import os
from dataclasses import replace
from typing import Any

import pytest
from support.identities import (
    NET,
    NOW_MS,
    entropy_of,
    organisation,
    sealing_secret,
    seeded_card,
    seeded_identity,
    seeded_node_id,
)

from keys.card import check_first, parse_card
from keys.certificate import pin
from keys.encoding import decode, encode
from keys.errors import Malformed
from keys.identity import Identity, create_identity, from_bytes

ALPHA = seeded_identity()
CARD = seeded_card().card


def create(**changes: Any) -> Identity:
    arguments: dict[str, Any] = {
        "net": NET,
        "organisation": organisation(),
        "endpoint_url": "https://alpha.example:8443",
        "now_ms": NOW_MS,
        "entropy": entropy_of("alpha"),
    }
    return create_identity(**{**arguments, **changes})[0]


def test_the_first_card_shows_the_public_halves() -> None:
    assert ALPHA.root
    assert CARD.root == ALPHA.root.public
    assert [entry.public for entry in CARD.signing] == [ALPHA.signing.public]
    assert [entry.public for entry in CARD.sealing] == [key.public for key in ALPHA.sealing]
    assert CARD.endpoints[0].pins == (pin(ALPHA.tls.certificate_der),)
    assert CARD.node_id == ALPHA.node_id == seeded_node_id()
    check_first(parse_card(seeded_card().encode()))


def test_the_same_entropy_gives_the_same_node_and_other_entropy_another() -> None:
    assert create() == ALPHA
    assert create(entropy=entropy_of("other")).node_id != ALPHA.node_id
    assert create(entropy=os.urandom).node_id != create(entropy=os.urandom).node_id


def test_no_secret_is_used_twice() -> None:
    assert ALPHA.root
    assert ALPHA.next_root
    long_seeds = [ALPHA.root.seed, ALPHA.next_root.seed, ALPHA.signing.seed]
    halves = [half for seed in long_seeds for half in (seed[:32], seed[32:])]
    secrets = [*halves, ALPHA.sealing[0].seed, ALPHA.store_key]
    assert len(set(secrets)) == len(secrets)


def test_a_node_that_only_calls_has_no_endpoint() -> None:
    _, card = create_identity(
        net=NET, organisation=organisation(), endpoint_url="", now_ms=NOW_MS, entropy=os.urandom
    )
    assert card.card.endpoints == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"net": "Not A Net"},
        {"endpoint_url": "http://alpha.example"},
        {"endpoint_url": "https://[::1"},
        {"organisation": replace(organisation(), name="")},
    ],
)
def test_what_cannot_stand_in_a_card_makes_no_node(changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        create(**changes)


@pytest.mark.parametrize(
    "identity",
    [
        ALPHA,
        replace(ALPHA, root=None),
        replace(ALPHA, root=None, next_root=None),
        replace(ALPHA, sealing=(sealing_secret("new"), *ALPHA.sealing)),
    ],
)
def test_an_identity_survives_its_bytes(identity: Identity) -> None:
    assert from_bytes(identity.to_bytes()) == identity


@pytest.mark.parametrize(
    ("position", "value"),
    [
        (0, 2),
        (1, "Not A Net"),
        (2, bytes(31)),
        (3, bytes(63)),
        (4, "x"),
        (5, None),
        (6, []),
        (6, [bytes(31)]),
        (6, [bytes(32)] * 65),
        (7, [b"x"]),
        (7, [b"", b"x"]),
        (8, bytes(31)),
    ],
)
def test_other_bytes_are_malformed(position: int, value: Any) -> None:
    fields: Any = decode(ALPHA.to_bytes(), bytes_max=65536)
    fields[position] = value
    with pytest.raises(Malformed):
        from_bytes(encode(fields))


def test_no_secret_shows_in_a_repr() -> None:
    assert ALPHA.root
    shown = repr(ALPHA) + repr(ALPHA.root) + repr(ALPHA.sealing) + repr(ALPHA.tls)
    for secret in (ALPHA.root.seed, ALPHA.signing.seed, ALPHA.sealing[0].seed, ALPHA.store_key):
        assert secret.hex()[:8] not in shown
        assert repr(secret)[2:10] not in shown
    assert repr(ALPHA) == f"Identity(net='{NET}', node_id={ALPHA.node_id!r})"
