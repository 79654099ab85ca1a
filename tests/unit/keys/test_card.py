"""Which card may follow which, and who may sign it."""

from dataclasses import replace
from typing import Any

import pytest
from support.identities import (
    NOW_MS,
    organisation,
    sealing_secret,
    seeded_card,
    seeded_identity,
    signing_secret,
)

from keys.card import (
    CARD_BYTES_MAX,
    Card,
    Endpoint,
    SignedCard,
    check_first,
    check_next,
    first_card,
    next_card,
    node_id_of,
    parse_card,
    replaces_root,
    root_digest,
)
from keys.encoding import encode
from keys.errors import CardRefused, Malformed
from keys.identifiers import NO_DIGEST, Digest
from keys.identity import sealing_entry, signing_entry
from keys.signed import sign
from keys.suite import SigningSecret

FIRST = seeded_card()
OWNER = seeded_identity()
LATER_MS = NOW_MS + 1000
NEW_SEALING = (sealing_entry(sealing_secret("new"), LATER_MS),)
NEW_SIGNING = (signing_entry(signing_secret("new"), LATER_MS),)
THIRD_ROOT = signing_secret("third root")


def root() -> SigningSecret:
    assert OWNER.root
    return OWNER.root


def next_root() -> SigningSecret:
    assert OWNER.next_root
    return OWNER.next_root


def signed_card(card: Card, secret: SigningSecret) -> SignedCard:
    """Sign whatever card, without the checks that `next_card` makes."""
    return SignedCard(sign("card", encode(card.to_value()), secret), card)


def successor(**changes: Any) -> Card:
    fields = {"version": 2, "previous": FIRST.digest, **changes}
    return replace(FIRST.card, **fields)


def with_new_root() -> SignedCard:
    return next_card(
        FIRST,
        secret=next_root(),
        issued_at_ms=LATER_MS,
        root=next_root().public,
        next_root=root_digest(THIRD_ROOT.public),
    )


def test_a_first_card_is_what_it_says() -> None:
    check_first(FIRST)
    card = FIRST.card
    assert (card.version, card.previous) == (1, NO_DIGEST)
    assert card.node_id == node_id_of(card.net, card.root, card.next_root) == OWNER.node_id
    assert card.next_root == root_digest(next_root().public)


def test_a_card_survives_its_encoding() -> None:
    assert parse_card(FIRST.encode()) == FIRST
    assert FIRST.digest == FIRST.signed.digest
    assert len(FIRST.encode()) < 10_000


def test_the_node_id_hangs_on_net_root_and_next_root() -> None:
    others = signing_secret("other").public
    ids = {
        node_id_of("net", root().public, NO_DIGEST),
        node_id_of("ten", root().public, NO_DIGEST),
        node_id_of("net", others, NO_DIGEST),
        node_id_of("net", root().public, root_digest(others)),
    }
    assert len(ids) == 4


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"previous": Digest(b"\x01" * 32)},
        {"net": "other-net"},
        {"node_id": bytes(32)},
        {"next_root": root_digest(THIRD_ROOT.public)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_first_card_with_a_wrong_field_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(CardRefused):
        check_first(signed_card(replace(FIRST.card, **changes), root()))


def test_a_first_card_must_be_signed_by_its_root() -> None:
    for secret in (OWNER.signing, next_root()):
        with pytest.raises(CardRefused, match="signature"):
            check_first(signed_card(FIRST.card, secret))


def test_the_next_root_is_another_key_than_the_root() -> None:
    with pytest.raises(CardRefused, match="next root"):
        first_card(
            net="demo-net",
            root=root(),
            next_root=root().public,
            issued_at_ms=NOW_MS,
            signing=FIRST.card.signing,
            sealing=FIRST.card.sealing,
            endpoints=(),
            organisation=FIRST.card.organisation,
        )
    with pytest.raises(CardRefused, match="next root"):
        next_card(
            FIRST,
            secret=next_root(),
            issued_at_ms=LATER_MS,
            root=next_root().public,
            next_root=root_digest(next_root().public),
        )


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"sealing": NEW_SEALING},
        {"signing": NEW_SIGNING},
        {"endpoints": ()},
        {"organisation": organisation("renamed")},
        {"protocol": (1, 2)},
        {"suites": (1, 2)},
    ],
    ids=lambda changes: next(iter(changes), "nothing"),
)
def test_the_root_may_change_all_but_the_roots(changes: Any) -> None:
    second = next_card(FIRST, secret=root(), issued_at_ms=LATER_MS, **changes)
    assert (second.card.version, second.card.previous) == (2, FIRST.digest)
    assert second.card.node_id == FIRST.card.node_id
    check_next(FIRST, parse_card(second.encode()))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"sealing": NEW_SEALING},
        {"endpoints": (Endpoint("https://moved.example", (bytes(32),)),)},
        {"sealing": NEW_SEALING, "endpoints": ()},
    ],
    ids=lambda changes: "+".join(changes) or "nothing",
)
def test_a_signing_key_may_change_sealing_keys_and_endpoints(changes: Any) -> None:
    second = next_card(FIRST, secret=OWNER.signing, issued_at_ms=LATER_MS, **changes)
    third = next_card(second, secret=OWNER.signing, issued_at_ms=LATER_MS, **changes)
    check_next(second, third)


@pytest.mark.parametrize(
    "changes",
    [
        {"signing": NEW_SIGNING},
        {"signing": (*FIRST.card.signing, *NEW_SIGNING)},
        {"organisation": organisation("renamed")},
        {"protocol": (1, 2)},
        {"suites": (1, 2)},
        {"sealing": NEW_SEALING, "suites": (1, 2)},
    ],
    ids="+".join,
)
def test_a_signing_key_may_change_nothing_else(changes: Any) -> None:
    with pytest.raises(CardRefused, match="may not sign"):
        next_card(FIRST, secret=OWNER.signing, issued_at_ms=LATER_MS, **changes)


def test_a_signing_key_of_the_same_card_signs_nothing_for_it() -> None:
    card = successor(signing=NEW_SIGNING)
    with pytest.raises(CardRefused, match="may not sign"):
        check_next(FIRST, signed_card(card, signing_secret("new")))


def test_a_signing_key_marked_as_compromised_signs_no_card() -> None:
    marked = (replace(FIRST.card.signing[0], compromised_since_ms=NOW_MS),)
    second = next_card(FIRST, secret=root(), issued_at_ms=LATER_MS, signing=(*marked, *NEW_SIGNING))
    with pytest.raises(CardRefused, match="may not sign"):
        next_card(second, secret=OWNER.signing, issued_at_ms=LATER_MS, sealing=NEW_SEALING)
    next_card(second, secret=signing_secret("new"), issued_at_ms=LATER_MS, sealing=NEW_SEALING)


def test_a_strange_key_signs_no_card() -> None:
    with pytest.raises(CardRefused, match="may not sign"):
        next_card(FIRST, secret=signing_secret("stranger"), issued_at_ms=LATER_MS)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"version": 1}, "version"),
        ({"version": 3}, "version"),
        ({"previous": NO_DIGEST}, "another card"),
        ({"net": "other-net"}, "another node"),
        ({"node_id": bytes(32)}, "another node"),
        ({"next_root": root_digest(THIRD_ROOT.public)}, "commitment"),
        ({"root": THIRD_ROOT.public}, "no card committed"),
    ],
)
def test_what_does_not_follow_is_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CardRefused, match=sentence):
        check_next(FIRST, signed_card(successor(**changes), root()))


def test_the_committed_next_root_takes_over() -> None:
    second = with_new_root()
    check_next(FIRST, second)
    assert replaces_root(FIRST.card, second.card)
    assert not replaces_root(second.card, second.card)
    next_card(second, secret=next_root(), issued_at_ms=LATER_MS, signing=NEW_SIGNING)
    with pytest.raises(CardRefused, match="may not sign"):
        next_card(second, secret=root(), issued_at_ms=LATER_MS)


def test_only_the_new_root_signs_its_own_arrival() -> None:
    card = with_new_root().card
    for secret in (root(), OWNER.signing, THIRD_ROOT):
        with pytest.raises(CardRefused):
            check_next(FIRST, signed_card(card, secret))


def test_a_card_whose_signature_names_the_root_must_be_signed_by_it() -> None:
    good = next_card(FIRST, secret=root(), issued_at_ms=LATER_MS)
    broken = good.signed.signature[:-1] + bytes((good.signed.signature[-1] ^ 1,))
    forged = SignedCard(replace(good.signed, signature=broken), good.card)
    with pytest.raises(CardRefused, match="signature"):
        check_next(FIRST, forged)


def test_we_never_issue_a_card_that_others_refuse() -> None:
    with pytest.raises(Malformed):
        next_card(FIRST, secret=root(), issued_at_ms=LATER_MS, suites=())
    with pytest.raises(Malformed):
        next_card(FIRST, secret=root(), issued_at_ms=-1)


def test_a_card_beyond_its_limit_is_malformed() -> None:
    signing = tuple(signing_entry(signing_secret(f"{number}"), NOW_MS) for number in range(8))
    sealing = tuple(sealing_entry(sealing_secret(f"{number}"), NOW_MS) for number in range(8))
    endpoint = Endpoint("https://host.example/" + "a" * 179, (bytes(32),) * 4)
    with pytest.raises(Malformed, match=str(CARD_BYTES_MAX)):
        next_card(
            FIRST,
            secret=root(),
            issued_at_ms=LATER_MS,
            signing=signing,
            sealing=sealing,
            endpoints=(endpoint,) * 4,
            organisation=replace(organisation(), name="\N{SNOWMAN}" * 100, contact="x" * 200),
        )


@pytest.mark.parametrize("data", [b"", b"\xc0", encode(["card", b"\xc0", bytes(8), bytes(3373)])])
def test_what_is_no_card_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        parse_card(data)
