"""The peer's signed answer to one envelope, with a word for every message (spec: receipt).

Written once, in the transaction that takes the envelope in; whoever sends the same envelope again
gets the same bytes again.
"""

from dataclasses import dataclass
from typing import Final

from keys.card_reading import TIME_MS_MAX, read_net
from keys.encoding import Value, decode, encode
from keys.errors import Malformed
from keys.identifiers import DIGEST_BYTES, KEY_ID_BYTES, NODE_ID_BYTES, Digest, KeyId, NodeId
from keys.shape import binary, integer, one_of, sequence, text
from keys.signed import Signed, sign
from keys.suite import SigningSecret
from protocol.errors import ElementMalformed
from protocol.limits import MESSAGES_PER_ENVELOPE_MAX, PROTOCOL_VERSION, SIGNED_BYTES_MAX
from protocol.version import versioned
from protocol.vocabulary import Outcome, ResultCode

TAG = "receipt"
FIELDS = 12
RESULT_CHARS_MAX = 32
RESULTS: Final = frozenset(
    {"accepted", "known"}
    | {f"{verb}:{c.value}" for verb in ("parked", "refused") for c in ResultCode}
)
"""Every word a message can come to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the receiver of an envelope says about it.

    Attributes:
        sender: Who signs this receipt: the receiver of the envelope.
        receiver: Who sent the envelope.
        envelope: Digest of the envelope.
        results: One word per message, in their order; empty unless the outcome is `opened`.
        received_at_ms: By the receiver's clock.
        sealing_key_id: The key to seal for from now on.
        audit_head: Head of the receiver's audit after this envelope.
    """

    net: str
    sender: NodeId
    receiver: NodeId
    incarnation: int
    seq: int
    envelope: Digest
    outcome: Outcome
    results: tuple[str, ...]
    received_at_ms: int
    sealing_key_id: KeyId
    audit_head: Digest


@dataclass(frozen=True, slots=True)
class ReceiptElement:
    """A receipt with its signature."""

    signed: Signed
    receipt: Receipt


def sign_receipt(receipt: Receipt, secret: SigningSecret) -> Signed:
    """Sign a receipt of ours."""
    fields: list[Value] = [
        PROTOCOL_VERSION,
        receipt.net,
        bytes(receipt.sender),
        bytes(receipt.receiver),
        receipt.incarnation,
        receipt.seq,
        bytes(receipt.envelope),
        receipt.outcome.value,
        list(receipt.results),
        receipt.received_at_ms,
        bytes(receipt.sealing_key_id),
        bytes(receipt.audit_head),
    ]
    return sign(TAG, encode(fields), secret)


def read_receipt(signed: Signed) -> ReceiptElement:
    """Read a receipt; the signature is not checked here.

    Raises:
        VersionUnknown: We do not speak it.
        ElementMalformed: Another shape, or a word that does not exist.
    """
    try:
        fields = versioned(decode(signed.payload, bytes_max=SIGNED_BYTES_MAX), FIELDS)
        return ReceiptElement(signed, _read(fields))
    except Malformed as fault:
        raise ElementMalformed(str(fault)) from fault


def _read(fields: list[Value]) -> Receipt:
    outcome = one_of(fields[7], Outcome)
    results = sequence(fields[8], MESSAGES_PER_ENVELOPE_MAX, _result)
    if bool(results) != (outcome is Outcome.OPENED):
        raise Malformed("Results stand exactly where the envelope was opened.")
    return Receipt(
        net=read_net(fields[1]),
        sender=NodeId(binary(fields[2], NODE_ID_BYTES)),
        receiver=NodeId(binary(fields[3], NODE_ID_BYTES)),
        incarnation=integer(fields[4], 1),
        seq=integer(fields[5], 1),
        envelope=Digest(binary(fields[6], DIGEST_BYTES)),
        outcome=outcome,
        results=results,
        received_at_ms=integer(fields[9], 0, TIME_MS_MAX),
        sealing_key_id=KeyId(binary(fields[10], KEY_ID_BYTES)),
        audit_head=Digest(binary(fields[11], DIGEST_BYTES)),
    )


def _result(value: Value) -> str:
    word = text(value, RESULT_CHARS_MAX)
    if word not in RESULTS:
        raise Malformed("A result is none of the known words.")
    return word
