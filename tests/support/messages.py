"""Messages, envelopes and answers between the seeded nodes, for tests of what nodes say.

Alpha speaks, beta hears. Every builder takes changes by field name; what is not named is lawful.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from support.identities import (
    NET,
    NOW_MS,
    entropy_of,
    seeded_card,
    seeded_identity,
    seeded_node_id,
)

from keys.encoding import decode, encode
from keys.identifiers import NO_DIGEST, Digest, KeyId, MessageId, uuid7
from keys.signed import Signed
from protocol.bodies.action import ActionBody
from protocol.bodies.assessment import AssessmentBody, Baseline, Verdict
from protocol.bodies.assignment import AcceptanceBody, OfferBody, ReturnBody
from protocol.bodies.catalogue import Body
from protocol.bodies.hosting import HostingBody
from protocol.bodies.item import HashValue, ItemBody
from protocol.channel import Head
from protocol.envelope import Envelope
from protocol.hello import Hello
from protocol.message import Message, SignedMessage, sign_message
from protocol.receipt import Receipt
from protocol.refusal import Refusal
from protocol.sealing import seal
from protocol.vocabulary import (
    ActionType,
    Colour,
    Commerciality,
    HashAlgorithm,
    HostingMethod,
    IntakeChannel,
    ItemKind,
    Kind,
    Method,
    Outcome,
    RefusalCode,
    Reply,
    ReturnReason,
    SiteType,
    Urgency,
    VerdictResult,
)

ALPHA_ID, BETA_ID = seeded_node_id("alpha"), seeded_node_id("beta")
ALPHA, BETA = seeded_identity("alpha"), seeded_identity("beta")
SHORT_SIGNATURE, HYBRID_SIGNATURE = bytes(64), bytes(3373)


def digest_of(label: str) -> Digest:
    """Return the 32 bytes of `label`."""
    return Digest(entropy_of(label)(32))


def id_of(label: str) -> MessageId:
    """Return the UUIDv7 of `label`."""
    return uuid7(NOW_MS, entropy_of(label)(10))


BODIES: Final[Mapping[Kind, Body]] = {
    Kind.ITEM: ItemBody(
        report_id=id_of("report"),
        address="https://host.example/path?page=1",
        kind=ItemKind.PAGE,
        site_type=SiteType.WEBSITE,
        commerciality=Commerciality.UNKNOWN,
        channel=IntakeChannel.WEB_FORM,
        urgency=Urgency.NORMAL,
        received_at_ms=NOW_MS,
        hashes=(HashValue(algorithm=HashAlgorithm.SHA256, value=digest_of("file")),),
        ext={"example.test": {"count": 3, "seen": True, "word": "plain"}},
    ),
    Kind.ASSESSMENT: AssessmentBody(
        method=Method.MANUAL,
        assessor="analyst-1",
        assessed_at_ms=NOW_MS,
        labels=("demo@1:alpha", "demo@1:beta"),
        baseline=Baseline(real=Reply.YES, below_age_limit=Reply.YES, severity=Reply.YES),
        verdicts=(
            Verdict(jurisdiction="XA", result=VerdictResult.BASELINE),
            Verdict(jurisdiction="XB", result=VerdictResult.UNDETERMINED),
        ),
    ),
    Kind.HOSTING: HostingBody(
        country="XB",
        observed_at_ms=NOW_MS,
        method=HostingMethod.DNS,
        addresses=("192.0.2.7", "2001:db8::7"),
        asn=64496,
        organisation="Example Hosting",
        cdn=True,
    ),
    Kind.OFFER: OfferBody(epoch=2, lease_until_ms=NOW_MS),
    Kind.ACCEPTANCE: AcceptanceBody(epoch=2),
    Kind.RETURN: ReturnBody(epoch=2, reason=ReturnReason.CAPACITY),
    Kind.ACTION: ActionBody(
        action=ActionType.REMOVED, at_ms=NOW_MS, epoch=1, reason="Gone since noon."
    ),
}


def message(kind: Kind = Kind.ITEM, **changes: Any) -> Message:
    """Return a message of alpha to beta."""
    fields: dict[str, Any] = {
        "net": NET,
        "id": id_of(f"message {kind}"),
        "kind": kind,
        "origin": ALPHA_ID,
        "made_at_ms": NOW_MS,
        "subject": id_of("item"),
        "colour": Colour.AMBER,
        "to": (BETA_ID,),
        "body": BODIES.get(kind, BODIES[Kind.ACCEPTANCE]),
        "salt": bytes(range(16)),
    }
    return Message(**fields | changes)


@cache
def signed_message(kind: Kind = Kind.ITEM) -> SignedMessage:
    """Return that message under alpha's signature."""
    return sign_message(message(kind), ALPHA.signing)


def padded_message(length: int) -> bytes:
    """Return `length` bytes, 400 or more, in the shape of a signed message that says nothing."""
    around = 1 + 8 + 3 + 10 + 66
    return Signed("message", bytes(length - around), KeyId(bytes(8)), SHORT_SIGNATURE).encode()


def envelope(messages: Sequence[bytes] | None = None, **changes: Any) -> Envelope:
    """Return an envelope of alpha to beta, the first of its channel."""
    fields: dict[str, Any] = {
        "net": NET,
        "sender": ALPHA_ID,
        "receiver": BETA_ID,
        "incarnation": 1,
        "seq": 1,
        "previous": NO_DIGEST,
        "card_version": 1,
        "sent_at_ms": NOW_MS,
        "salt": bytes(range(32)),
        "secret": ALPHA.signing,
        "recipient": BETA.sealing[0].public,
    }
    inside = [signed_message().encode()] if messages is None else messages
    return seal(inside, **fields | changes)


@cache
def first_envelope() -> Envelope:
    """Return that envelope with every kind of message inside."""
    return envelope([signed_message(kind).encode() for kind in BODIES])


@cache
def answering_envelope() -> Envelope:
    """Return the first envelope of the other channel, from beta to alpha."""
    return envelope(
        [padded_message(500)],
        sender=BETA_ID,
        receiver=ALPHA_ID,
        secret=BETA.signing,
        recipient=ALPHA.sealing[0].public,
    )


def receipt(**changes: Any) -> Receipt:
    """Return beta's receipt of alpha's first envelope."""
    fields: dict[str, Any] = {
        "net": NET,
        "sender": BETA_ID,
        "receiver": ALPHA_ID,
        "incarnation": 1,
        "seq": 1,
        "envelope": first_envelope().digest,
        "outcome": Outcome.OPENED,
        "results": ("accepted", "known", "parked:subject", "refused:handling"),
        "received_at_ms": NOW_MS,
        "sealing_key_id": BETA.sealing[0].public.key_id,
        "audit_head": digest_of("audit"),
    }
    return Receipt(**fields | changes)


def hello(**changes: Any) -> Hello:
    """Return alpha's greeting of beta, with heads in both directions and a card."""
    fields: dict[str, Any] = {
        "net": NET,
        "sender": ALPHA_ID,
        "receiver": BETA_ID,
        "nonce": bytes(range(16)),
        "answers": NO_DIGEST,
        "sent": first_envelope().signed,
        "received": answering_envelope().signed,
        "audit_head": digest_of("audit"),
        "card_version": 1,
        "known_card_version": 0,
        "cards": (seeded_card("alpha").encode(),),
        "give": False,
        "at_ms": NOW_MS,
    }
    return Hello(**fields | changes)


def refusal(**changes: Any) -> Refusal:
    """Return beta's refusal of alpha's first envelope."""
    fields: dict[str, Any] = {
        "net": NET,
        "sender": BETA_ID,
        "receiver": ALPHA_ID,
        "regarding": first_envelope().digest,
        "code": RefusalCode.GAP,
        "head": Head(1, 0, NO_DIGEST),
    }
    return Refusal(**fields | changes)


def fields_of(signed: Signed) -> list[Any]:
    """Return the decoded payload, to be changed at will."""
    fields = decode(signed.payload, bytes_max=len(signed.payload))
    assert isinstance(fields, list)
    return fields


def saying(tag: str, fields: Any) -> Signed:
    """Return a container for any payload, under a signature of zeros."""
    signature = SHORT_SIGNATURE if tag == "message" else HYBRID_SIGNATURE
    return Signed(tag, encode(fields), KeyId(bytes(8)), signature)
