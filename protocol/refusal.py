"""A refusal: the signed answer to an element that was not taken in (spec: refusals).

It names the element by its digest and, where the place in the channel was wrong, the receiver's
head. What the sender does about it follows from the class of its code alone.
"""

from dataclasses import dataclass

from keys.card_reading import read_net
from keys.encoding import Value, decode, encode
from keys.errors import Malformed
from keys.identifiers import DIGEST_BYTES, NODE_ID_BYTES, Digest, NodeId
from keys.shape import binary, fixed_list, integer, one_of
from keys.signed import Signed, sign
from keys.suite import SigningSecret
from protocol.channel import Head
from protocol.errors import ElementMalformed
from protocol.limits import PROTOCOL_VERSION, SIGNED_BYTES_MAX
from protocol.version import versioned
from protocol.vocabulary import RefusalCode

TAG = "refusal"
FIELDS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why an element was not taken in.

    Attributes:
        regarding: Digest of the element refused.
        head: Where the channel from `receiver` to `sender` stands.
    """

    net: str
    sender: NodeId
    receiver: NodeId
    regarding: Digest
    code: RefusalCode
    head: Head


@dataclass(frozen=True, slots=True)
class RefusalElement:
    """A refusal with its signature."""

    signed: Signed
    refusal: Refusal


def sign_refusal(refusal: Refusal, secret: SigningSecret) -> Signed:
    """Sign a refusal of ours."""
    head = refusal.head
    fields: list[Value] = [
        PROTOCOL_VERSION,
        refusal.net,
        bytes(refusal.sender),
        bytes(refusal.receiver),
        bytes(refusal.regarding),
        refusal.code.value,
        [head.incarnation, head.seq, bytes(head.digest)],
    ]
    return sign(TAG, encode(fields), secret)


def read_refusal(signed: Signed) -> RefusalElement:
    """Read a refusal; the signature is not checked here.

    Raises:
        VersionUnknown: We do not speak it.
        ElementMalformed: Another shape, or a code that does not exist.
    """
    try:
        fields = versioned(decode(signed.payload, bytes_max=SIGNED_BYTES_MAX), FIELDS)
        return RefusalElement(signed, _read(fields))
    except Malformed as fault:
        raise ElementMalformed(str(fault)) from fault


def _read(fields: list[Value]) -> Refusal:
    head = fixed_list(fields[6], 3)
    return Refusal(
        net=read_net(fields[1]),
        sender=NodeId(binary(fields[2], NODE_ID_BYTES)),
        receiver=NodeId(binary(fields[3], NODE_ID_BYTES)),
        regarding=Digest(binary(fields[4], DIGEST_BYTES)),
        code=one_of(fields[5], RefusalCode),
        head=Head(integer(head[0], 1), integer(head[1]), Digest(binary(head[2], DIGEST_BYTES))),
    )
