"""A peer may change its key and say so; a stolen key or another channel's head is worth nothing."""

from dataclasses import replace

import pytest
from support.identities import (
    NET,
    NOW_MS,
    introduced_peer,
    sealing_secret,
    seeded_card,
    seeded_identity,
    seeded_node_id,
    signing_secret,
    verified_peer,
)

from keys.card import SignedCard, SigningEntry, next_card, root_digest
from keys.errors import CannotOpen as KeyCannotOpen
from keys.identifiers import NO_DIGEST, Digest, NodeId
from keys.signed import Signed, sign
from keys.suite import SigningSecret
from keys.trust import Peer, extend
from protocol.admission import admit_signed
from protocol.channel import EMPTY
from protocol.envelope import TAG, Envelope, Header, payload_of, read_head
from protocol.errors import CannotOpen, ElementMalformed, KeyCompromised, PeerFault, Stranger
from protocol.hello import Hello, read_hello, sign_hello
from protocol.refusal import Refusal, read_refusal, sign_refusal
from protocol.sealing import open_envelope
from protocol.vocabulary import RefusalCode

ALPHA, BETA, GAMMA = (seeded_node_id(label) for label in ("alpha", "beta", "gamma"))
OLD, NEW = seeded_identity("alpha").signing, signing_secret("alpha's next")
FIRST = seeded_card("alpha")


def card_with(*entries: SigningEntry, after: SignedCard = FIRST) -> SignedCard:
    root = seeded_identity("alpha").root
    assert root is not None
    return next_card(after, secret=root, issued_at_ms=NOW_MS, signing=entries)


def entry(secret: SigningSecret, *, stolen_ms: int = 0) -> SigningEntry:
    return replace(FIRST.card.signing[0], public=secret.public, compromised_since_ms=stolen_ms)


def header(sender: NodeId, receiver: NodeId, *, net: str = NET, secret: SigningSecret) -> Signed:
    made = Header(
        suite=1,
        net=net,
        sender=sender,
        receiver=receiver,
        incarnation=1,
        seq=1,
        previous=NO_DIGEST,
        card_version=1,
        sealing_key_id=sealing_secret("beta").public.key_id,
        contents=Digest(bytes(32)),
        sent_at_ms=NOW_MS,
    )
    return sign(TAG, payload_of(made, b""), secret)


def greeting(
    *, cards: tuple[bytes, ...] = (), sent: Signed | None = None, received: Signed | None = None
) -> Hello:
    return Hello(
        net=NET,
        sender=ALPHA,
        receiver=BETA,
        nonce=bytes(16),
        answers=NO_DIGEST,
        sent=sent,
        received=received,
        audit_head=NO_DIGEST,
        card_version=2,
        known_card_version=1,
        cards=cards,
        give=False,
        at_ms=NOW_MS,
    )


def admitted(hello: Hello, secret: SigningSecret, peer: Peer) -> None:
    element = read_hello(sign_hello(hello, secret))
    admit_signed(element.signed, element.hello, me=BETA, net=NET, peer=peer)


def test_a_hello_may_be_signed_with_a_key_of_the_card_it_brings() -> None:
    both = card_with(entry(OLD), entry(NEW)).encode()
    admitted(greeting(cards=(FIRST.encode(), both)), NEW, verified_peer(FIRST))


@pytest.mark.parametrize(
    "cards",
    [
        (),
        (b"no card",),
        (seeded_card("gamma").encode(),),
        (card_with(entry(OLD), after=card_with(entry(NEW))).encode(),),
        (card_with(entry(OLD)).encode(),),
    ],
    ids=["none", "no card", "of another node", "after a gap", "without the key"],
)
def test_a_key_in_no_card_that_follows_is_a_stranger_s(cards: tuple[bytes, ...]) -> None:
    with pytest.raises(Stranger):
        admitted(greeting(cards=cards), NEW, verified_peer(FIRST))


def test_a_card_brought_by_a_node_nobody_verified_helps_nothing() -> None:
    with pytest.raises(Stranger):
        admitted(greeting(cards=(card_with(entry(NEW)).encode(),)), NEW, introduced_peer(FIRST))


def test_a_new_root_that_overrules_the_confirmed_card_asks_for_words_again() -> None:
    identity, second = seeded_identity("alpha"), card_with(entry(OLD))
    assert identity.next_root is not None
    confirmed = extend(verified_peer(FIRST), (second,))
    confirmed = replace(confirmed, confirmed_digest=second.digest)
    fork = next_card(
        FIRST,
        secret=identity.next_root,
        issued_at_ms=NOW_MS,
        root=identity.next_root.public,
        next_root=root_digest(signing_secret("a third root").public),
        signing=(entry(NEW),),
    )
    with pytest.raises(Stranger):
        admitted(greeting(cards=(fork.encode(),)), NEW, confirmed)


def test_only_a_hello_brings_cards() -> None:
    refusal = Refusal(
        net=NET,
        sender=ALPHA,
        receiver=BETA,
        regarding=NO_DIGEST,
        code=RefusalCode.BUSY,
        head=EMPTY,
    )
    element = read_refusal(sign_refusal(refusal, NEW))
    with pytest.raises(Stranger):
        admit_signed(element.signed, element.refusal, me=BETA, net=NET, peer=verified_peer(FIRST))


def test_a_key_reported_as_stolen_admits_nothing_any_more() -> None:
    peer = extend(verified_peer(FIRST), (card_with(entry(OLD, stolen_ms=NOW_MS), entry(NEW)),))
    with pytest.raises(KeyCompromised) as refused:
        admitted(greeting(), OLD, peer)
    assert refused.value.code is RefusalCode.KEY
    admitted(greeting(), NEW, peer)


def test_a_hello_proves_the_heads_of_its_own_channel() -> None:
    beta = seeded_identity("beta").signing
    hello = greeting(
        sent=header(ALPHA, BETA, secret=OLD), received=header(BETA, ALPHA, secret=beta)
    )
    assert read_hello(sign_hello(hello, OLD)).hello == hello


@pytest.mark.parametrize(
    "foreign",
    [
        header(ALPHA, GAMMA, secret=OLD),
        header(GAMMA, BETA, secret=OLD),
        header(BETA, GAMMA, secret=OLD),
        header(GAMMA, ALPHA, secret=OLD),
        header(ALPHA, BETA, net="other-net", secret=OLD),
        header(BETA, ALPHA, net="other-net", secret=OLD),
    ],
)
def test_a_head_of_another_channel_is_refused(foreign: Signed) -> None:
    for hello in (greeting(sent=foreign), greeting(received=foreign)):
        with pytest.raises(ElementMalformed, match="another channel"):
            read_hello(sign_hello(hello, OLD))


def test_a_head_in_the_wrong_direction_is_refused() -> None:
    for wrong in (
        greeting(sent=header(BETA, ALPHA, secret=OLD)),
        greeting(received=header(ALPHA, BETA, secret=OLD)),
    ):
        with pytest.raises(ElementMalformed, match="another channel"):
            read_hello(sign_hello(wrong, OLD))


def test_what_cannot_be_opened_is_a_fault_of_the_peer_and_of_keys() -> None:
    signed = header(ALPHA, BETA, secret=OLD)
    envelope = Envelope(signed, read_head(signed), bytes(5232))
    for secrets in ((), (sealing_secret("beta"),)):
        with pytest.raises(CannotOpen) as refused:
            open_envelope(envelope, secrets)
        assert isinstance(refused.value, PeerFault)
        assert isinstance(refused.value, KeyCannotOpen)
