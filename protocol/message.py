"""A message: what is said, by its origin, once, about one thing (spec: message).

`[1, net, id, kind, origin, made_at_ms, subject, colour, [to], body, salt]`, signed with Ed25519
alone: the envelope's contents digest puts it under the sender's hybrid signature as well. Its name
is (origin, id); the same name with another digest is another message and is refused.
"""

from dataclasses import dataclass

from keys.card_reading import TIME_MS_MAX, read_net
from keys.encoding import Value, decode, encode
from keys.errors import Malformed
from keys.identifiers import MESSAGE_ID_BYTES, NODE_ID_BYTES, Digest, MessageId, NodeId
from keys.shape import binary, integer, one_of, sequence
from keys.signed import Signed, parse_signed, sign
from keys.suite import SigningSecret
from protocol.bodies.catalogue import Body, encode_body, parse_body
from protocol.errors import ElementMalformed, TooBig, UsageFault
from protocol.firewall import check_contents
from protocol.limits import MESSAGE_BYTES_MAX, PROTOCOL_VERSION, SALT_BYTES, TO_MAX
from protocol.version import versioned
from protocol.vocabulary import Colour, Kind

TAG = "message"
FIELDS = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is said.

    Attributes:
        net: The network it belongs to.
        id: UUIDv7, unique for its origin; the id of the fact it states.
        origin: Who says it.
        made_at_ms: By the origin's clock; decides nothing.
        subject: The item it is about.
        to: Whom it is for, sorted; empty for facts that policy alone directs.
        salt: 16 random bytes, so that a digest does not tell a short body.
    """

    net: str
    id: MessageId
    kind: Kind
    origin: NodeId
    made_at_ms: int
    subject: MessageId
    colour: Colour
    to: tuple[NodeId, ...]
    body: Body
    salt: bytes


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """A message with the exact bytes that its origin signed."""

    signed: Signed
    message: Message

    @property
    def digest(self) -> Digest:
        """Digest of the signed bytes; it names this very message for ever."""
        return self.signed.digest

    def encode(self) -> bytes:
        """The bytes that travel inside an envelope."""
        return self.signed.encode()


def sign_message(message: Message, secret: SigningSecret) -> SignedMessage:
    """Sign a message of ours, which must pass here what it will meet elsewhere.

    Raises:
        ContentsRefused: Something in the body could be a file.
        SchemaRefused: The body is not one of its kind.
        UsageFault: Another field is not as the specification has it.
    """
    fields: list[Value] = [
        PROTOCOL_VERSION,
        message.net,
        bytes(message.id),
        message.kind.value,
        bytes(message.origin),
        message.made_at_ms,
        bytes(message.subject),
        message.colour.value,
        [bytes(node) for node in message.to],
        encode_body(message.body),
        message.salt,
    ]
    try:
        _read(fields)
        return SignedMessage(sign(TAG, encode(fields), secret), message)
    except Malformed as fault:
        raise UsageFault(f"No peer would read this message: {fault}") from fault


def parse_message(data: bytes) -> SignedMessage:
    """Read a signed message: shape, then firewall, then schema. The signature is not checked here.

    Raises:
        TooBig: Longer than a message may be.
        VersionUnknown: We do not speak it.
        ElementMalformed: Not canonical or of another shape.
        ContentsRefused: Something in the body could be a file.
        SchemaRefused: The body is not one of its kind.
    """
    if len(data) > MESSAGE_BYTES_MAX:
        raise TooBig("A message has at most 56 KiB.")
    try:
        signed = parse_signed(data, tag=TAG, bytes_max=MESSAGE_BYTES_MAX)
        return SignedMessage(signed, _read(decode(signed.payload, bytes_max=MESSAGE_BYTES_MAX)))
    except Malformed as fault:
        raise ElementMalformed(str(fault)) from fault


def _read(value: Value) -> Message:
    fields = versioned(value, FIELDS)
    kind = one_of(fields[3], Kind)
    to = sequence(fields[8], TO_MAX, _node)
    if list(to) != sorted(set(to)):
        raise Malformed("The receivers of a message are sorted and unique.")
    check_contents(fields[9])
    return Message(
        net=read_net(fields[1]),
        id=MessageId(binary(fields[2], MESSAGE_ID_BYTES)),
        kind=kind,
        origin=_node(fields[4]),
        made_at_ms=integer(fields[5], 0, TIME_MS_MAX),
        subject=MessageId(binary(fields[6], MESSAGE_ID_BYTES)),
        colour=one_of(fields[7], Colour),
        to=to,
        body=parse_body(kind, fields[9]),
        salt=binary(fields[10], SALT_BYTES),
    )


def _node(value: Value) -> NodeId:
    return NodeId(binary(value, NODE_ID_BYTES))
