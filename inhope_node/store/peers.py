"""Saves and finds the trust book: peers, their chains of cards, how our talk with them stands."""

from dataclasses import dataclass, replace

from sqlite_utils import Database

from inhope_node.errors import BadInput, NotFound
from inhope_node.store.database import IntegrityFault, Row, change, first, insert, rows
from keys.card import Role, SignedCard, parse_card
from keys.identifiers import Digest, parse_node_id, show_id
from keys.trust import Level, Peer

BATCH_MAX = 256
PEER = """node_id, name, level, allow_private, added_at_ms, confirmed_at_ms, confirmed_digest,
 last_contact_ms, skew_ms, known_card_version, batch_max"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPeer:
    """A peer and what only this node knows of it.

    Attributes:
        name: Our own short name for it.
        peer: Its cards and how far we trust it.
        allow_private: The operator allowed it to live at a private or loopback address.
        last_contact_ms: When it last answered or called with a good signature; 0 if never.
        skew_ms: Its clock minus ours at the last contact, or None.
        known_card_version: The newest of our cards that it is known to hold.
        batch_max: How many messages its next envelope may hold; halved by final refusals.
    """

    name: str
    peer: Peer
    allow_private: bool = False
    added_at_ms: int = 0
    confirmed_at_ms: int = 0
    last_contact_ms: int = 0
    skew_ms: int | None = None
    known_card_version: int = 0
    batch_max: int = BATCH_MAX

    @property
    def id(self) -> str:
        """Its node id as hex."""
        return show_id(self.peer.node_id)

    @property
    def verified(self) -> bool:
        """Whether anything may flow."""
        return self.peer.level is Level.VERIFIED


class Peers:
    """The trust book on disk."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, known: KnownPeer) -> None:
        """Keep a new peer with its cards.

        Raises:
            BadInput: Its node or its name is in the book already.
        """
        try:
            insert(self._db, "peers", _row(known))
        except IntegrityFault as fault:
            raise BadInput(
                "A peer with this name or this node id is known already; `peer list` shows it."
            ) from fault
        self._save_cards(known.peer)

    def save(self, known: KnownPeer) -> None:
        """Write a changed peer back, new cards included."""
        fields = {k: v for k, v in _row(known).items() if k != "node_id"}
        sets = ", ".join(f"{name} = :{name}" for name in fields)
        change(self._db, f"UPDATE peers SET {sets} WHERE node_id = :id", id=known.id, **fields)  # noqa: S608 (our own names)
        self._save_cards(known.peer)

    def touch(self, node_id: str, *, now_ms: int, skew_ms: int | None = None) -> None:
        """Note that the peer proved itself just now."""
        sql = """UPDATE peers SET last_contact_ms = :now, skew_ms = coalesce(:skew, skew_ms)
                 WHERE node_id = :id"""
        change(self._db, sql, id=node_id, now=now_ms, skew=skew_ms)

    def note_card_version(self, node_id: str, version: int) -> None:
        """Note which of our cards the peer says it holds."""
        sql = "UPDATE peers SET known_card_version = :version WHERE node_id = :id"
        change(self._db, sql, id=node_id, version=version)

    def note_batch(self, node_id: str, batch_max: int) -> None:
        """Note how many messages the next envelope to the peer may hold."""
        change(
            self._db, "UPDATE peers SET batch_max = :n WHERE node_id = :id", id=node_id, n=batch_max
        )

    def find(self, node_id: str) -> KnownPeer | None:
        """The peer with this node id, or None."""
        row = first(self._db, f"SELECT {PEER} FROM peers WHERE node_id = :id", id=node_id)  # noqa: S608
        return None if row is None else self._known(row)

    def get(self, name: str) -> KnownPeer:
        """The peer we call so, or whose node id this is.

        Raises:
            NotFound: Nobody is called so.
        """
        sql = f"SELECT {PEER} FROM peers WHERE name = :name OR node_id = :name"  # noqa: S608
        row = first(self._db, sql, name=name)
        if row is None:
            raise NotFound("No peer has that name; `peer list` shows them.")
        return self._known(row)

    def all(self) -> list[KnownPeer]:
        """Everybody in the book, by name."""
        return [self._known(r) for r in rows(self._db, f"SELECT {PEER} FROM peers ORDER BY name")]  # noqa: S608

    def verified(self, *, role: Role | None = None) -> list[KnownPeer]:
        """Verified peers, lowest node id first; all or those of one confirmed role."""
        found = [known for known in self.all() if known.verified]
        fitting = [p for p in found if role is None or p.peer.organisation.role is role]
        return sorted(fitting, key=lambda known: known.peer.node_id)

    def _save_cards(self, peer: Peer) -> None:
        kept = [card.card.version for card in peer.cards]
        for card in peer.cards:
            sql = """INSERT INTO cards VALUES (:node, :version, :digest, :signed)
                     ON CONFLICT (node_id, version) DO UPDATE SET digest = :digest, signed = :signed
                     WHERE digest <> :digest"""
            values = {"node": show_id(peer.node_id), "version": card.card.version}
            change(self._db, sql, digest=card.digest, signed=card.encode(), **values)
        sql = "DELETE FROM cards WHERE node_id = :node AND version > :last"
        change(self._db, sql, node=show_id(peer.node_id), last=max(kept))

    def _known(self, row: Row) -> KnownPeer:
        sql = "SELECT signed FROM cards WHERE node_id = :id ORDER BY version"
        cards = tuple(parse_card(c["signed"]) for c in rows(self._db, sql, id=row["node_id"]))
        peer = _peer(row, cards)
        rest = {k: v for k, v in row.items() if k not in ("node_id", "level", "confirmed_digest")}
        return KnownPeer(**{**rest, "allow_private": bool(row["allow_private"]), "peer": peer})


def _peer(row: Row, cards: tuple[SignedCard, ...]) -> Peer:
    """The trust value of a row; the chain was checked before it was stored."""
    digest = Digest(row["confirmed_digest"]) or None
    named = [card.card.organisation for card in cards if card.digest == digest]
    return Peer(
        node_id=parse_node_id(row["node_id"]),
        level=Level(row["level"]),
        cards=cards,
        confirmed=named[0] if named else None,
        confirmed_digest=digest if named else None,
    )


def _row(known: KnownPeer) -> Row:
    return {
        "node_id": known.id,
        "name": known.name,
        "level": known.peer.level.value,
        "allow_private": int(known.allow_private),
        "added_at_ms": known.added_at_ms,
        "confirmed_at_ms": known.confirmed_at_ms,
        "confirmed_digest": known.peer.confirmed_digest or b"",
        "last_contact_ms": known.last_contact_ms,
        "skew_ms": known.skew_ms,
        "known_card_version": known.known_card_version,
        "batch_max": known.batch_max,
    }


def with_peer(known: KnownPeer, peer: Peer) -> KnownPeer:
    """`known` with another trust value."""
    return replace(known, peer=peer)
