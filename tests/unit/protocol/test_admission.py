"""Who may come in: a stranger learns nothing, a verified peer learns what was wrong."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from support.identities import (
    NET,
    introduced_peer,
    seeded_card,
    seeded_identity,
    seeded_node_id,
    signing_secret,
    verified_peer,
)
from support.messages import ALPHA, ALPHA_ID, BETA, BETA_ID, digest_of, envelope, hello, receipt

from keys.card import next_card
from keys.errors import BadSignature
from keys.identifiers import NO_DIGEST, Digest, KeyId, NodeId
from keys.identity import signing_entry
from keys.trust import Peer, extend, revoke, suspend
from protocol.admission import admit, admit_signed
from protocol.channel import EMPTY, Head, Place
from protocol.envelope import Envelope
from protocol.errors import NetDiffers, NotForUs, Stranger
from protocol.hello import sign_hello
from protocol.receipt import sign_receipt
from protocol.vocabulary import RefusalCode

VERIFIED = verified_peer(seeded_card("alpha"))
STRANGERS: dict[str, Peer | None] = {
    "unknown": None,
    "introduced": introduced_peer(seeded_card("alpha")),
    "suspended": suspend(VERIFIED),
    "revoked": revoke(VERIFIED),
    "another": verified_peer(seeded_card("gamma")),
}
FIRST = envelope()


def admitted(  # noqa: PLR0913 (what `admit` takes, each with a lawful default)
    what: Envelope,
    peer: Peer | None = VERIFIED,
    *,
    me: NodeId = BETA_ID,
    net: str = NET,
    head: Head = EMPTY,
    stored: Digest | None = None,
) -> Place:
    return admit(what, me=me, net=net, peer=peer, head=head, stored=stored)


def with_signature(what: Envelope, **changes: Any) -> Envelope:
    return replace(what, signed=replace(what.signed, **changes))


FORGED = {
    "no signature": with_signature(FIRST, signature=bytes(3373)),
    "other half": with_signature(
        FIRST,
        signature=FIRST.signed.signature[:64]
        + envelope(secret=signing_secret("thief")).signed.signature[64:],
    ),
    "unknown key": envelope(secret=signing_secret("thief")),
    "receiver's key": envelope(secret=BETA.signing),
    "key id of nobody": with_signature(FIRST, key_id=KeyId(bytes(8))),
    "short signature": with_signature(FIRST, signature=FIRST.signed.signature[:64]),
    "other tag": with_signature(FIRST, tag="hello"),
}


def test_the_next_envelope_of_a_verified_peer_comes_in() -> None:
    assert admitted(FIRST) is Place.NEXT


@pytest.mark.parametrize("why", STRANGERS)
def test_who_is_not_verified_is_a_stranger(why: str) -> None:
    with pytest.raises(Stranger):
        admitted(FIRST, STRANGERS[why])


@pytest.mark.parametrize("why", FORGED)
def test_what_the_peer_did_not_sign_is_a_strangers(why: str) -> None:
    with pytest.raises(Stranger):
        admitted(FORGED[why])


def test_a_stranger_is_a_stranger_whatever_else_is_wrong() -> None:
    """Nobody learns our network, our id or our heads before a signature of a verified peer."""
    heads = (EMPTY, Head(5, 5, digest_of("head")))
    cases = [(FIRST, peer) for peer in STRANGERS.values()]
    cases += [(forged, VERIFIED) for forged in FORGED.values()]
    for (what, peer), me, net, head, stored in product(
        cases, (BETA_ID, ALPHA_ID), (NET, "other-net"), heads, (None, FIRST.digest, NO_DIGEST)
    ):
        with pytest.raises(Stranger):
            admitted(what, peer, me=me, net=net, head=head, stored=stored)


def test_a_stranger_is_no_fault_with_a_code() -> None:
    assert not hasattr(Stranger(), "code")


def test_a_verified_peer_hears_that_the_network_or_the_receiver_is_another() -> None:
    with pytest.raises(NetDiffers) as net:
        admitted(envelope(net="other-net"))
    assert net.value.code is RefusalCode.NET
    with pytest.raises(NotForUs) as receiver:
        admitted(envelope(receiver=seeded_node_id("gamma")))
    assert receiver.value.code is RefusalCode.NOT_FOR_ME
    with pytest.raises(NetDiffers):
        admitted(envelope(net="other-net", receiver=seeded_node_id("gamma")))


def test_wrong_addresses_are_refused_before_the_place_is_looked_at() -> None:
    known = envelope(net="other-net")
    with pytest.raises(NetDiffers):
        admitted(known, stored=known.digest)
    known = envelope(receiver=ALPHA_ID)
    with pytest.raises(NotForUs):
        admitted(known, stored=known.digest)


def test_the_place_is_judged_by_head_and_store() -> None:
    assert admitted(FIRST, stored=FIRST.digest) is Place.KNOWN
    assert admitted(FIRST, stored=digest_of("other")) is Place.CONFLICT
    assert admitted(FIRST, head=Head(1, 1, FIRST.digest)) is Place.STALE
    assert admitted(envelope(seq=3)) is Place.GAP
    second = envelope(seq=2, previous=FIRST.digest)
    assert admitted(second, head=Head(1, 1, FIRST.digest)) is Place.NEXT
    assert admitted(second, head=Head(1, 1, digest_of("other"))) is Place.CONFLICT


def test_a_peer_cannot_speak_for_another() -> None:
    gamma = seeded_identity("gamma")
    forged = envelope(secret=gamma.signing)
    for peer in (VERIFIED, verified_peer(seeded_card("gamma"))):
        with pytest.raises(Stranger):
            admitted(forged, peer)


def test_a_key_of_any_card_of_the_chain_still_signs() -> None:
    root, new = ALPHA.root, signing_secret("alpha later")
    assert root
    entry = signing_entry(new, 1)
    later = next_card(seeded_card("alpha"), secret=root, issued_at_ms=1, signing=(entry,))
    peer = extend(VERIFIED, (later,))
    assert admitted(FIRST, peer) is Place.NEXT
    assert admitted(envelope(secret=new, card_version=2), peer) is Place.NEXT
    with pytest.raises(Stranger):
        admitted(envelope(secret=new, card_version=2))


def test_every_signed_element_passes_the_same_door() -> None:
    greeting = sign_hello(hello(), ALPHA.signing)
    admit_signed(greeting, hello(), me=BETA_ID, net=NET, peer=VERIFIED)
    receipted = sign_receipt(receipt(), BETA.signing)
    beta = verified_peer(seeded_card("beta"))
    admit_signed(receipted, receipt(), me=ALPHA_ID, net=NET, peer=beta)
    for peer in (*STRANGERS.values(), beta):
        with pytest.raises(Stranger):
            admit_signed(greeting, hello(), me=BETA_ID, net=NET, peer=peer)
    with pytest.raises(NotForUs):
        admit_signed(greeting, hello(), me=ALPHA_ID, net=NET, peer=VERIFIED)
    with pytest.raises(NetDiffers):
        admit_signed(greeting, hello(), me=BETA_ID, net="other-net", peer=VERIFIED)


def test_a_strangers_fault_keeps_its_cause_for_us_alone() -> None:
    with pytest.raises(Stranger) as fault:
        admitted(FORGED["no signature"])
    assert isinstance(fault.value.__cause__, BadSignature)
