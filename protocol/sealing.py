"""Messages into an envelope and out of it again (spec: envelope).

Plaintext `[salt, [signed messages]]`, led by its length in four bytes and filled with zeros to the
next power of two from 4 KiB to 1 MiB, so that a size tells little. HPKE binds the header through
`info`; the header commits to salt and messages through `contents`. No compression.
"""

from collections.abc import Sequence

from keys.encoding import Value, decode, encode
from keys.errors import CannotOpen as KeyCannotOpen
from keys.errors import Malformed
from keys.identifiers import Digest, NodeId, tagged_hash
from keys.shape import binary, binary_between, fixed_list, sequence
from keys.signed import parse_signed, sign
from keys.suite import SealingPublic, SealingSecret, SigningSecret
from protocol.envelope import TAG, Envelope, Header, payload_of
from protocol.errors import BadContents, CannotOpen, UsageFault
from protocol.limits import (
    ENVELOPE_SALT_BYTES,
    MESSAGE_BYTES_MAX,
    MESSAGES_PER_ENVELOPE_MAX,
    PLAINTEXT_BYTES_MAX,
    PLAINTEXT_BYTES_MIN,
    SUITE,
)
from protocol.message import TAG as MESSAGE_TAG

LENGTH_BYTES = 4


def seal(  # noqa: PLR0913 (an envelope has these, each named by the caller)
    messages: Sequence[bytes],
    *,
    net: str,
    sender: NodeId,
    receiver: NodeId,
    incarnation: int,
    seq: int,
    previous: Digest,
    card_version: int,
    sent_at_ms: int,
    salt: bytes,
    secret: SigningSecret,
    recipient: SealingPublic,
) -> Envelope:
    """Seal signed messages for one peer.

    Args:
        messages: The exact signed bytes of 1 to 256 messages.
        net: The network.
        sender: Our node id.
        receiver: The peer's.
        incarnation: As `channel.next_place` gives it.
        seq: Likewise.
        previous: Likewise.
        card_version: Our newest card.
        sent_at_ms: Our clock.
        salt: 32 fresh random bytes.
        secret: The sender's signing key.
        recipient: The receiver's sealing key.

    Raises:
        UsageFault, Malformed: Number, length or shape is not what the receiver will ask for.
    """
    _check_sealable(messages, salt)
    header = Header(
        suite=SUITE,
        net=net,
        sender=sender,
        receiver=receiver,
        incarnation=incarnation,
        seq=seq,
        previous=previous,
        card_version=card_version,
        sealing_key_id=recipient.key_id,
        contents=_contents(salt, messages),
        sent_at_ms=sent_at_ms,
    )
    sealed = recipient.seal(_info(header), padded(encode([salt, list(messages)])))
    return Envelope(sign(TAG, payload_of(header, sealed), secret), header, sealed)


def open_envelope(envelope: Envelope, secrets: Sequence[SealingSecret]) -> tuple[bytes, ...]:
    """The signed bytes of the messages inside.

    Raises:
        CannotOpen: It is sealed for none of our keys, or the seal is broken.
        BadContents: It opens, but padding, shape or commitment is wrong.
    """
    key_id = envelope.header.sealing_key_id
    ours = [secret for secret in secrets if secret.public.key_id == key_id]
    if not ours:
        raise CannotOpen("The envelope is sealed for a key that is not here.")
    try:
        plaintext = ours[0].open(_info(envelope.header), envelope.sealed)
    except KeyCannotOpen as fault:
        raise CannotOpen(str(fault)) from fault
    try:
        salt, messages = _inside(unpadded(plaintext))
        contents = _contents(salt, messages)
    except Malformed as fault:
        raise BadContents("The contents are not well formed.") from fault
    if contents != envelope.header.contents:
        raise BadContents("The contents are not those that the header commits to.")
    return messages


def padded(plaintext: bytes) -> bytes:
    """Length, plaintext, zeros up to the next size allowed.

    Raises:
        UsageFault: Longer than the largest size.
    """
    framed = len(plaintext).to_bytes(LENGTH_BYTES) + plaintext
    size = max(PLAINTEXT_BYTES_MIN, 1 << (len(framed) - 1).bit_length())
    if size > PLAINTEXT_BYTES_MAX:
        raise UsageFault("The messages are together too long for an envelope.")
    return framed.ljust(size, b"\0")


def unpadded(framed: bytes) -> bytes:
    """The plaintext inside.

    Raises:
        BadContents: The size is none of those allowed, or what follows the plaintext is not zero,
            or the padding is more than needed.
    """
    length = int.from_bytes(framed[:LENGTH_BYTES])
    plaintext = framed[LENGTH_BYTES : LENGTH_BYTES + length]
    if len(framed) > PLAINTEXT_BYTES_MAX or len(plaintext) != length or padded(plaintext) != framed:
        raise BadContents("The padding is not the one that the rule gives.")
    return plaintext


def _check_sealable(messages: Sequence[bytes], salt: bytes) -> None:
    if not 1 <= len(messages) <= MESSAGES_PER_ENVELOPE_MAX:
        raise UsageFault("An envelope holds 1 to 256 messages.")
    if len(salt) != ENVELOPE_SALT_BYTES:
        raise UsageFault("The salt of an envelope has 32 bytes.")


def _inside(plaintext: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    fields = fixed_list(decode(plaintext, bytes_max=PLAINTEXT_BYTES_MAX), 2)
    messages = sequence(fields[1], MESSAGES_PER_ENVELOPE_MAX, _one)
    if not messages:
        raise Malformed("An envelope holds at least one message.")
    return binary(fields[0], ENVELOPE_SALT_BYTES), messages


def _one(value: Value) -> bytes:
    return binary_between(value, 1, MESSAGE_BYTES_MAX)


def _contents(salt: bytes, messages: Sequence[bytes]) -> Digest:
    """Commitment to salt and messages, by the digest of each signed message.

    Raises:
        Malformed: One of them is no signed message.
    """
    read = (parse_signed(m, tag=MESSAGE_TAG, bytes_max=MESSAGE_BYTES_MAX) for m in messages)
    return tagged_hash("contents", salt, *(signed.digest for signed in read))


def _info(header: Header) -> bytes:
    return tagged_hash("sealed-info", encode(header.to_value()))
