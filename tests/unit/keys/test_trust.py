"""The trust book: chains of cards, who outranks whom, and that only a person raises trust."""

from dataclasses import replace
from typing import Any

import pytest
from support.identities import (
    DAY_MS,
    NOW_MS,
    introduced_peer,
    organisation,
    sealing_secret,
    seeded_card,
    seeded_identity,
    signing_secret,
    verified_peer,
)

from keys import suite
from keys.card import Organisation, Role, SignedCard, first_card, next_card, root_digest
from keys.errors import CardRefused, UnknownKey, WordsDiffer, WordsMistyped
from keys.identifiers import Digest, KeyId
from keys.identity import SEALING_WINDOW_MS, sealing_entry, signing_entry
from keys.suite import SigningSecret
from keys.trust import Level, Peer, confirm, extend, introduce, resume, revoke, suspend
from keys.words import card_words

FIRST = seeded_card()
OWNER = seeded_identity()
SECOND_ROOT = signing_secret("second root")
THIRD_ROOT = signing_secret("third root")
LATER_MS = NOW_MS + DAY_MS


def secret(found: SigningSecret | None) -> SigningSecret:
    assert found
    return found


ROOT, NEXT_ROOT = secret(OWNER.root), secret(OWNER.next_root)


def words_of(card: SignedCard) -> str:
    return " ".join(card_words(card.digest))


def by_root(previous: SignedCard, **changes: Any) -> SignedCard:
    return next_card(previous, secret=ROOT, issued_at_ms=LATER_MS, **changes)


def by_daemon(previous: SignedCard, label: str) -> SignedCard:
    entries = (sealing_entry(sealing_secret(label), LATER_MS),)
    return next_card(previous, secret=OWNER.signing, issued_at_ms=LATER_MS, sealing=entries)


def by_next_root(previous: SignedCard, commit_to: SigningSecret = SECOND_ROOT) -> SignedCard:
    return next_card(
        previous,
        secret=NEXT_ROOT,
        issued_at_ms=LATER_MS,
        root=NEXT_ROOT.public,
        next_root=root_digest(commit_to.public),
        signing=(signing_entry(signing_secret("after theft"), LATER_MS),),
    )


def thief_branch(length: int) -> list[SignedCard]:
    """Cards that a thief of the root signs after the first card."""
    branch = [FIRST]
    for number in range(length):
        keys = (signing_entry(signing_secret(f"thief {number}"), LATER_MS),)
        branch.append(by_root(branch[-1], signing=keys, organisation=organisation("thief")))
    return branch[1:]


def test_a_chain_introduces_a_peer() -> None:
    second = by_daemon(FIRST, "rotated")
    peer = introduce((FIRST, second))
    assert (peer.node_id, peer.level) == (OWNER.node_id, Level.INTRODUCED)
    assert peer.card == second.card
    assert peer.endpoints == second.card.endpoints
    assert peer.organisation == FIRST.card.organisation
    assert not peer.claims_changed


def test_a_chain_starts_at_the_first_card_and_has_no_gap() -> None:
    second = by_daemon(FIRST, "rotated")
    third = by_daemon(second, "again")
    for broken in ((), (second,), (FIRST, third), (second, FIRST)):
        with pytest.raises(CardRefused):
            introduce(broken)


def test_known_cards_are_ignored_and_new_ones_appended() -> None:
    second = by_daemon(FIRST, "rotated")
    peer = extend(introduced_peer(FIRST), (FIRST, second, FIRST, second))
    assert peer.cards == (FIRST, second)
    assert extend(peer, ()) == peer


def test_a_fork_is_refused_and_the_first_seen_stays() -> None:
    peer = extend(introduced_peer(FIRST), (by_daemon(FIRST, "rotated"),))
    with pytest.raises(CardRefused, match="contradicts"):
        extend(peer, (by_daemon(FIRST, "otherwise"),))
    with pytest.raises(CardRefused, match="contradicts"):
        extend(peer, (seeded_card("beta"),))


def test_a_gap_is_refused() -> None:
    third = by_daemon(by_daemon(FIRST, "rotated"), "again")
    with pytest.raises(CardRefused, match="missing"):
        extend(introduced_peer(FIRST), (third,))


def test_a_card_of_another_node_does_not_extend() -> None:
    second = next_card(
        seeded_card("beta"), secret=seeded_identity("beta").signing, issued_at_ms=LATER_MS
    )
    with pytest.raises(CardRefused, match="another node"):
        extend(introduced_peer(FIRST), (second,))


def test_the_committed_root_outranks_the_thief_of_the_root() -> None:
    stolen = thief_branch(5)
    peer = extend(verified_peer(FIRST), stolen)
    assert peer.card.version == 6
    assert peer.claims_changed

    rescue = by_next_root(FIRST)
    saved = extend(peer, (rescue,))
    assert saved.cards == (FIRST, rescue)
    assert saved.level is Level.VERIFIED
    assert not saved.claims_changed
    for card in (*stolen, by_root(stolen[-1])):
        with pytest.raises(CardRefused):
            extend(saved, (card,))
    with pytest.raises(UnknownKey):
        saved.signing_key(signing_secret("thief 0").public.key_id)


def test_the_thief_comes_too_late_after_the_rescue() -> None:
    saved = extend(introduced_peer(FIRST), (by_next_root(FIRST),))
    for card in thief_branch(3):
        with pytest.raises(CardRefused):
            extend(saved, (card,))


def test_a_rescue_outranks_from_its_own_version_on() -> None:
    stolen = thief_branch(3)
    rescue = by_next_root(stolen[0])
    peer = extend(introduced_peer(FIRST), (*stolen, rescue))
    assert peer.cards == (FIRST, stolen[0], rescue)


def test_a_root_that_ruled_cannot_go_back_to_rewrite_its_commitment() -> None:
    second = by_daemon(FIRST, "rotated")
    ruling = by_next_root(second)
    rewritten = by_next_root(FIRST, commit_to=THIRD_ROOT)
    peer = extend(introduced_peer(FIRST), (second, ruling))
    with pytest.raises(CardRefused, match="contradicts"):
        extend(peer, (rewritten,))
    with pytest.raises(CardRefused, match="contradicts"):
        extend(peer, (by_next_root(second, commit_to=THIRD_ROOT),))


def test_a_root_that_nobody_committed_to_outranks_nothing() -> None:
    usurped = next_card(
        by_next_root(FIRST), secret=NEXT_ROOT, issued_at_ms=LATER_MS, sealing=FIRST.card.sealing
    )
    peer = extend(introduced_peer(FIRST), (by_daemon(FIRST, "rotated"),))
    with pytest.raises(CardRefused):
        extend(peer, (usurped,))


def test_no_second_first_card_outranks_whoever_signs_it() -> None:
    second_first = first_card(
        net=FIRST.card.net,
        root=NEXT_ROOT,
        next_root=SECOND_ROOT.public,
        issued_at_ms=LATER_MS,
        signing=FIRST.card.signing,
        sealing=FIRST.card.sealing,
        endpoints=(),
        organisation=organisation(),
    )
    with pytest.raises(CardRefused, match="contradicts"):
        extend(introduced_peer(FIRST), (second_first,))


def test_a_confirmation_that_hung_on_a_discarded_card_is_gone() -> None:
    stolen = thief_branch(1)
    peer = extend(introduced_peer(FIRST), stolen)
    peer = confirm(peer, stolen[0].digest, words_of(stolen[0]))
    saved = extend(peer, (by_next_root(FIRST),))
    assert (saved.level, saved.confirmed, saved.confirmed_digest) == (Level.INTRODUCED, None, None)
    assert extend(suspend(peer), (by_next_root(FIRST),)).level is Level.SUSPENDED


def test_a_peer_trusted_by_local_policy_keeps_its_level_when_cards_arrive() -> None:
    peer = replace(introduced_peer(FIRST), level=Level.VERIFIED)
    assert extend(peer, (by_daemon(FIRST, "rotated"),)).level is Level.VERIFIED


def test_typing_the_words_verifies() -> None:
    peer = confirm(introduced_peer(FIRST), FIRST.digest, words_of(FIRST).upper())
    assert peer.level is Level.VERIFIED
    assert peer.confirmed == FIRST.card.organisation
    assert peer.confirmed_digest == FIRST.digest


def test_the_card_confirmed_is_the_one_that_was_shown() -> None:
    renamed = by_root(FIRST, organisation=organisation("renamed"))
    peer = extend(introduced_peer(FIRST), (renamed,))
    peer = confirm(peer, FIRST.digest, words_of(FIRST))
    assert peer.organisation == FIRST.card.organisation
    assert peer.claims_changed
    peer = confirm(peer, renamed.digest, words_of(renamed))
    assert peer.organisation == renamed.card.organisation
    assert not peer.claims_changed


def test_wrong_words_confirm_nothing() -> None:
    peer = introduced_peer(FIRST)
    with pytest.raises(WordsDiffer):
        confirm(peer, FIRST.digest, words_of(seeded_card("beta")))
    with pytest.raises(WordsMistyped):
        confirm(peer, FIRST.digest, "yes")
    with pytest.raises(CardRefused):
        confirm(peer, Digest(bytes(32)), " ".join(card_words(Digest(bytes(32)))))


@pytest.mark.parametrize(
    "claimed",
    [
        organisation("renamed"),
        organisation(role=Role.POLICE),
        organisation(countries=("XA", "XB")),
    ],
)
def test_a_change_of_name_role_or_countries_is_seen_and_does_not_rule(
    claimed: Organisation,
) -> None:
    change = by_root(FIRST, organisation=claimed)
    peer = extend(verified_peer(FIRST), (change,))
    assert peer.claims_changed
    assert peer.organisation == FIRST.card.organisation
    unconfirmed = extend(introduced_peer(FIRST), (change,))
    assert not unconfirmed.claims_changed
    assert unconfirmed.organisation == claimed


@pytest.mark.parametrize(
    "claimed", [organisation(), replace(organisation(), contact="other@alpha.example")]
)
def test_a_change_of_contact_is_no_change_of_claims(claimed: Organisation) -> None:
    peer = extend(verified_peer(FIRST), (by_root(FIRST, organisation=claimed),))
    assert not peer.claims_changed


PEERS = {
    "introduced": introduced_peer(FIRST),
    "verified": verified_peer(FIRST),
    "suspended": suspend(verified_peer(FIRST)),
    "suspended early": suspend(introduced_peer(FIRST)),
    "revoked": revoke(verified_peer(FIRST)),
}


@pytest.mark.parametrize(
    ("start", "suspended", "resumed", "revoked"),
    [
        ("introduced", "suspended", "introduced", "revoked"),
        ("verified", "suspended", "verified", "revoked"),
        ("suspended", "suspended", "verified", "revoked"),
        ("suspended early", "suspended", "introduced", "revoked"),
        ("revoked", "revoked", "revoked", "revoked"),
    ],
)
def test_every_level_meets_every_step(
    start: str, suspended: str, resumed: str, revoked: str
) -> None:
    peer = PEERS[start]
    assert suspend(peer).level == suspended
    assert resume(peer).level == resumed
    assert revoke(peer).level == revoked


@pytest.mark.parametrize(
    ("start", "confirmed"),
    [("introduced", "verified"), ("verified", "verified"), ("suspended early", "suspended")],
)
def test_confirming_verifies_but_does_not_resume(start: str, confirmed: str) -> None:
    peer = confirm(PEERS[start], FIRST.digest, words_of(FIRST))
    assert peer.level == confirmed
    assert resume(peer).level is Level.VERIFIED


def test_a_revoked_peer_is_not_confirmed_again() -> None:
    with pytest.raises(CardRefused):
        confirm(PEERS["revoked"], FIRST.digest, words_of(FIRST))


def test_signing_keys_are_found_in_the_whole_chain() -> None:
    replaced = by_root(FIRST, signing=(signing_entry(signing_secret("new"), LATER_MS),))
    peer = introduce((FIRST, replaced))
    for key in (OWNER.signing, signing_secret("new")):
        assert peer.signing_key(key.public.key_id).public == key.public
    for strange in (signing_secret("stranger").public.key_id, KeyId(bytes(8)), KeyId(b"")):
        with pytest.raises(UnknownKey):
            peer.signing_key(strange)


def test_a_mark_of_compromise_is_never_taken_back() -> None:
    entry = FIRST.card.signing[0]
    since_ms = [0, 500, 0, 300, 400]
    chain = [FIRST]
    for marked_ms in since_ms[1:]:
        marked = (replace(entry, compromised_since_ms=marked_ms, until_ms=LATER_MS + marked_ms),)
        chain.append(by_root(chain[-1], signing=marked))
    found = [introduce(chain[:length]).signing_key(entry.public.key_id) for length in range(1, 6)]
    assert [known.compromised_since_ms for known in found] == [0, 500, 500, 300, 300]
    assert found[-1].until_ms == LATER_MS + 400


def test_a_key_id_means_one_key_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    peer = introduced_peer(FIRST)
    monkeypatch.setattr(suite, "tagged_hash", lambda *_: bytes(32))
    second = by_root(FIRST, signing=(signing_entry(signing_secret("new"), LATER_MS),))
    with pytest.raises(CardRefused, match="id of another"):
        extend(peer, (second,))


def sealed_for(peer: Peer, now_ms: int) -> str:
    labels = {sealing_secret(f"{number}").public: f"{number}" for number in range(4)}
    return labels[peer.sealing_key(now_ms)]


def test_the_newest_sealing_key_in_its_window_is_used_and_a_window_stops_nothing() -> None:
    entries = tuple(
        sealing_entry(sealing_secret(f"{number}"), NOW_MS + number * 30 * DAY_MS)
        for number in (1, 0, 2)
    )
    peer = introduce((FIRST, by_root(FIRST, sealing=entries)))
    assert sealed_for(peer, NOW_MS) == "0"
    assert sealed_for(peer, NOW_MS + 30 * DAY_MS - 1) == "0"
    assert sealed_for(peer, NOW_MS + 30 * DAY_MS) == "1"
    assert sealed_for(peer, NOW_MS + 61 * DAY_MS) == "2"
    assert sealed_for(peer, NOW_MS + 60 * DAY_MS + SEALING_WINDOW_MS) == "2"
    assert sealed_for(peer, NOW_MS * 2) == "2"
    assert sealed_for(peer, 0) == "2"


def test_a_hole_between_windows_falls_back_to_what_has_begun() -> None:
    short = replace(sealing_entry(sealing_secret("0"), NOW_MS), until_ms=NOW_MS + 1)
    far = sealing_entry(sealing_secret("1"), NOW_MS + 100 * DAY_MS)
    peer = introduce((FIRST, by_root(FIRST, sealing=(far, short))))
    assert sealed_for(peer, NOW_MS + DAY_MS) == "0"


def test_an_open_window_goes_before_a_newer_one_that_has_closed() -> None:
    closed = replace(sealing_entry(sealing_secret("1"), NOW_MS + 5), until_ms=NOW_MS + 10)
    still_open = sealing_entry(sealing_secret("0"), NOW_MS)
    peer = introduce((FIRST, by_root(FIRST, sealing=(closed, still_open))))
    assert sealed_for(peer, NOW_MS + 7) == "1"
    assert sealed_for(peer, NOW_MS + 10) == "0"


def test_a_compromised_sealing_key_is_not_used() -> None:
    stolen = replace(sealing_entry(sealing_secret("1"), LATER_MS), compromised_since_ms=LATER_MS)
    well = sealing_entry(sealing_secret("0"), NOW_MS)
    peer = introduce((FIRST, by_root(FIRST, sealing=(stolen, well))))
    assert sealed_for(peer, LATER_MS) == "0"
    peer = introduce((FIRST, by_root(FIRST, sealing=(stolen,))))
    with pytest.raises(UnknownKey):
        peer.sealing_key(LATER_MS)
