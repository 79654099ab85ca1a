"""All secrets of one node, as one value: what the vault keeps (spec: card).

Only seeds are stored; keys grow from them again. Root and next root belong off the machine once
they are written down elsewhere, and may then be missing here. No secret shows in a repr.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from keys.card import (
    Endpoint,
    Organisation,
    SealingEntry,
    SignedCard,
    SigningEntry,
    first_card,
)
from keys.card_reading import read_net
from keys.certificate import TlsSecret, create_certificate, pin
from keys.encoding import Value, decode, encode
from keys.errors import Malformed
from keys.identifiers import NODE_ID_BYTES, NodeId
from keys.shape import binary, binary_between, fixed_list, integer, sequence
from keys.suite import (
    SEALING_SEED_BYTES,
    SIGNING_SEED_BYTES,
    SealingSecret,
    SigningSecret,
)

IDENTITY_BYTES_MAX: Final = 65536
SEALING_SECRETS_MAX: Final = 64
STORE_KEY_BYTES: Final = 32
TLS_PART_BYTES_MAX: Final = 8192
SIGNING_WINDOW_MS: Final = 400 * 24 * 3600 * 1000
"""A year and five weeks: alarms ask for a new key, nothing stops at its end."""
SEALING_WINDOW_MS: Final = 44 * 24 * 3600 * 1000
"""30 days of use and 14 days of overlap with the next key."""

_IDENTITY_FORMAT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a node is, secrets included; the repr shows only net and node id.

    Attributes:
        net: The network it belongs to.
        node_id: Which node it is.
        root: Signs cards; None when it is kept elsewhere.
        next_root: Replaces `root` if that is lost or stolen; None when it is kept elsewhere.
        signing: Signs messages and envelopes now.
        sealing: Open what peers sealed, newest first; old ones go when no longer needed.
        tls: The certificate of the listener.
        store_key: 32 bytes, the key of the database.
    """

    net: str
    node_id: NodeId
    root: SigningSecret | None = field(repr=False)
    next_root: SigningSecret | None = field(repr=False)
    signing: SigningSecret = field(repr=False)
    sealing: tuple[SealingSecret, ...] = field(repr=False)
    tls: TlsSecret = field(repr=False)
    store_key: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        """Return everything as bytes, in the clear: only the vault may see them."""
        return encode(
            [
                _IDENTITY_FORMAT,
                self.net,
                bytes(self.node_id),
                _seed_of(self.root),
                _seed_of(self.next_root),
                self.signing.seed,
                [secret.seed for secret in self.sealing],
                [self.tls.certificate_der, self.tls.key_der],
                self.store_key,
            ]
        )


def from_bytes(data: bytes) -> Identity:
    """Return the identity that `Identity.to_bytes` wrote.

    Raises:
        Malformed: It is none.
    """
    fields = fixed_list(decode(data, bytes_max=IDENTITY_BYTES_MAX), 9)
    integer(fields[0], _IDENTITY_FORMAT, _IDENTITY_FORMAT)
    sealing = sequence(fields[6], SEALING_SECRETS_MAX, _sealing_secret)
    if not sealing:
        raise Malformed("An identity needs a sealing key.")
    certificate_der, key_der = fixed_list(fields[7], 2)
    return Identity(
        net=read_net(fields[1]),
        node_id=NodeId(binary(fields[2], NODE_ID_BYTES)),
        root=None if fields[3] is None else _signing_secret(fields[3]),
        next_root=None if fields[4] is None else _signing_secret(fields[4]),
        signing=_signing_secret(fields[5]),
        sealing=sealing,
        tls=TlsSecret(
            binary_between(certificate_der, 1, TLS_PART_BYTES_MAX),
            binary_between(key_der, 1, TLS_PART_BYTES_MAX),
        ),
        store_key=binary(fields[8], STORE_KEY_BYTES),
    )


def create_identity(
    *,
    net: str,
    organisation: Organisation,
    endpoint_url: str,
    now_ms: int,
    entropy: Callable[[int], bytes] = os.urandom,
) -> tuple[Identity, SignedCard]:
    """Return a new node and its first card.

    Args:
        net: The network it joins.
        organisation: What it will claim to be.
        endpoint_url: Where peers reach it; empty for a node that only calls.
        now_ms: Milliseconds since 1970 UTC.
        entropy: Gives as many random bytes as asked; the same bytes give the same node.

    Raises:
        Malformed: A name, a country or the address does not have the form that a card asks for.
    """
    root, next_root, signing = (
        SigningSecret.from_seed(entropy(SIGNING_SEED_BYTES)) for _ in range(3)
    )
    sealing = SealingSecret.from_seed(entropy(SEALING_SEED_BYTES))
    store_key = entropy(STORE_KEY_BYTES)
    tls = create_certificate(name=_host(endpoint_url), now_ms=now_ms, entropy=entropy)
    card = first_card(
        net=net,
        root=root,
        next_root=next_root.public,
        issued_at_ms=now_ms,
        signing=(signing_entry(signing, now_ms),),
        sealing=(sealing_entry(sealing, now_ms),),
        endpoints=(Endpoint(endpoint_url, (pin(tls.certificate_der),)),) if endpoint_url else (),
        organisation=organisation,
    )
    identity = Identity(
        net=net,
        node_id=card.card.node_id,
        root=root,
        next_root=next_root,
        signing=signing,
        sealing=(sealing,),
        tls=tls,
        store_key=store_key,
    )
    return identity, card


def signing_entry(secret: SigningSecret, now_ms: int) -> SigningEntry:
    """Return the entry for a card in which this key starts now."""
    return SigningEntry(public=secret.public, from_ms=now_ms, until_ms=now_ms + SIGNING_WINDOW_MS)


def sealing_entry(secret: SealingSecret, now_ms: int) -> SealingEntry:
    """Return the entry for a card in which this key starts now."""
    return SealingEntry(public=secret.public, from_ms=now_ms, until_ms=now_ms + SEALING_WINDOW_MS)


def _host(endpoint_url: str) -> str:
    """Return the host of the address; the card checks the rest of it."""
    try:
        return urlsplit(endpoint_url).hostname or "localhost"
    except ValueError as error:
        raise Malformed("The address of the endpoint is no URL.") from error


def _seed_of(secret: SigningSecret | None) -> bytes | None:
    return None if secret is None else secret.seed


def _signing_secret(value: Value) -> SigningSecret:
    return SigningSecret.from_seed(binary(value, SIGNING_SEED_BYTES))


def _sealing_secret(value: Value) -> SealingSecret:
    return SealingSecret.from_seed(binary(value, SEALING_SEED_BYTES))
