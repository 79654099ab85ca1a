"""What stands in a card, as values that know how they are spelled on the wire (spec: card).

Values only: `keys.card_reading` checks shapes, `keys.card` says which card may be believed. Name,
role and countries are claims of the node about itself.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from keys.encoding import Value
from keys.identifiers import Digest, NodeId
from keys.suite import SealingPublic, SigningPublic

CARD_FORMAT: Final = 1


class Role(StrEnum):
    """What an organisation is in the network."""

    HOTLINE = "hotline"
    INTERPOL = "interpol"
    POLICE = "police"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Who says it runs a node.

    Attributes:
        name: One line of 1 to 100 characters.
        role: What it is.
        countries: Those it serves, ISO 3166-1 alpha-2, sorted, each once.
        contact: How people reach its people, one line of at most 200 characters.
    """

    name: str
    role: Role
    countries: tuple[str, ...]
    contact: str

    def to_value(self) -> list[Value]:
        """Return the array that stands in a card."""
        return [self.name, self.role.value, list(self.countries), self.contact]


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningEntry:
    """A signing key and when it is meant to be used; a window raises alarms, it refuses nothing.

    Attributes:
        public: The key.
        from_ms: Start of its window, ms since 1970 UTC.
        until_ms: End of its window, after the start.
        compromised_since_ms: Since when a thief may have it; 0 if it is well.
    """

    public: SigningPublic
    from_ms: int
    until_ms: int
    compromised_since_ms: int = 0

    def to_value(self) -> list[Value]:
        """Return the array that stands in a card."""
        window = (self.from_ms, self.until_ms, self.compromised_since_ms)
        return [self.public.ed25519, self.public.mldsa, *window]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealingEntry:
    """A sealing key and its window; the attributes mean what they mean in `SigningEntry`."""

    public: SealingPublic
    from_ms: int
    until_ms: int
    compromised_since_ms: int = 0

    def to_value(self) -> list[Value]:
        """Return the array that stands in a card."""
        return [self.public.key, self.from_ms, self.until_ms, self.compromised_since_ms]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a node listens.

    Attributes:
        url: The https address that the protocol's paths are appended to, at most 200 characters.
        pins: SHA-256 of each TLS certificate that may answer there, 1 to 4.
    """

    url: str
    pins: tuple[bytes, ...]

    def to_value(self) -> list[Value]:
        """Return the array that stands in a card."""
        return [self.url, list(self.pins)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A node's public identity, one version of it.

    Attributes:
        net: The network it belongs to.
        node_id: Which node; the same in every version.
        version: Counted from 1 without gaps.
        previous: Digest of the version before, `NO_DIGEST` in version 1.
        issued_at_ms: When the node made it, by its own clock.
        root: The key that signs cards.
        next_root: Digest of the only key that may ever replace `root`.
        signing: Its keys for messages and envelopes, 1 to 8.
        sealing: Its keys to seal for, 1 to 8.
        endpoints: Where it listens, at most 4; none if it only calls.
        organisation: What it claims to be.
        protocol: The lowest and the highest protocol version it speaks.
        suites: The numbers of its suites, ascending.
    """

    net: str
    node_id: NodeId
    version: int
    previous: Digest
    issued_at_ms: int
    root: SigningPublic
    next_root: Digest
    signing: tuple[SigningEntry, ...]
    sealing: tuple[SealingEntry, ...]
    endpoints: tuple[Endpoint, ...]
    organisation: Organisation
    protocol: tuple[int, int]
    suites: tuple[int, ...]

    def to_value(self) -> list[Value]:
        """Return the array that is signed."""
        return [
            CARD_FORMAT,
            self.net,
            bytes(self.node_id),
            self.version,
            bytes(self.previous),
            self.issued_at_ms,
            [self.root.ed25519, self.root.mldsa],
            bytes(self.next_root),
            [entry.to_value() for entry in self.signing],
            [entry.to_value() for entry in self.sealing],
            [endpoint.to_value() for endpoint in self.endpoints],
            self.organisation.to_value(),
            list(self.protocol),
            list(self.suites),
        ]
