"""Saves and finds what travels: messages, the outbox, envelopes both ways, evidence.

Outgoing: a message waits in the outbox, is sealed into a numbered envelope whose bytes are fixed
here before the first send and dropped once receipted. Incoming: the head of each envelope and the
receipt it got, byte for byte.

    outbox row: waiting -> sent -> delivered | parked | refused | quarantined
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlite_utils import Database

from inhope_node.store.database import Row, change, first, insert, rows
from keys.identifiers import NO_DIGEST, Digest
from protocol.channel import EMPTY, Head

URGENT, NORMAL = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMessage:
    """One message, ours or a peer's, in its exact signed bytes.

    Attributes:
        sender: Node id (hex) of who delivered it; "" for our own.
        result: What it came to here; "" for our own.
    """

    origin: str
    id: str
    digest: bytes
    kind: str
    item_id: str
    sender: str
    result: str
    signed: bytes
    at_ms: int
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """One message on its way to one peer."""

    number: int
    peer: str
    origin: str
    message_id: str
    kind: str
    item_id: str
    rank: int
    state: str
    result: str
    tries: int
    incarnation: int
    seq: int
    queued_at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingEnvelope:
    """One sealed envelope to a peer; `wire` is None once it is settled."""

    peer: str
    incarnation: int
    seq: int
    digest: bytes
    head: bytes
    wire: bytes | None
    sealed_at_ms: int


class Messages:
    """Every message made here or taken in, once."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, message: StoredMessage) -> None:
        """Keep it; the database refuses a second one of the same origin and id."""
        row = asdict(message)
        del row["number"]
        insert(self._db, "messages", row)

    def find(self, origin: str, message_id: str) -> StoredMessage | None:
        """The message with this identity, or None. This is the guard against doing it twice."""
        sql = "SELECT * FROM messages WHERE origin = :origin AND id = :id"
        row = first(self._db, sql, origin=origin, id=message_id)
        return None if row is None else StoredMessage(**row)

    def parked(self, item_id: str) -> list[StoredMessage]:
        """Messages about an item that wait for it, in order of arrival."""
        sql = """SELECT * FROM messages WHERE item_id = :id AND result = 'parked:subject'
                 ORDER BY number"""
        return [StoredMessage(**row) for row in rows(self._db, sql, id=item_id)]

    def settle(self, number: int, result: str) -> None:
        """Write what a parked message came to."""
        sql = "UPDATE messages SET result = :result WHERE number = :number"
        change(self._db, sql, number=number, result=result)

    def received(self) -> int:
        """How many came from peers."""
        row = first(self._db, "SELECT count(*) AS n FROM messages WHERE sender <> ''")
        return int(row["n"]) if row else 0


class Outbox:
    """What waits for peers."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def queue(self, message: StoredMessage, peer: str, *, urgent: bool, now_ms: int) -> None:
        """Let a message wait for a peer; twice is once."""
        sql = """INSERT INTO outbox (peer, origin, message_id, kind, item_id, rank, state, result,
                 tries, incarnation, seq, queued_at_ms)
                 VALUES (:peer, :origin, :id, :kind, :item, :rank, 'waiting', '', 0, 0, 0, :now)
                 ON CONFLICT (peer, origin, message_id) DO NOTHING"""
        values = {"origin": message.origin, "id": message.id, "kind": message.kind, "now": now_ms}
        rank = URGENT if urgent else NORMAL
        change(self._db, sql, peer=peer, item=message.item_id, rank=rank, **values)

    def next(self, peer: str, *, limit: int) -> list[tuple[OutboxRow, bytes]]:
        """The next rows to a peer with their signed bytes: urgent first, else in order of queuing.

        All messages about one item have its rank, so none overtakes one it depends on.
        """
        sql = """SELECT o.*, m.signed AS signed FROM outbox o
                 JOIN messages m ON m.origin = o.origin AND m.id = o.message_id
                 WHERE o.peer = :peer AND o.state = 'waiting'
                 ORDER BY o.rank, o.number LIMIT :most"""
        found = rows(self._db, sql, peer=peer, most=limit)
        return [
            (OutboxRow(**{k: v for k, v in r.items() if k != "signed"}), r["signed"]) for r in found
        ]

    def mark_sent(self, numbers: Sequence[int], *, incarnation: int, seq: int) -> None:
        """Note in which envelope rows travel."""
        sql = """UPDATE outbox SET state = 'sent', tries = tries + 1, incarnation = :inc, seq = :seq
                 WHERE number = :number"""
        for number in numbers:
            change(self._db, sql, inc=incarnation, seq=seq, number=number)

    def in_envelope(self, peer: str, incarnation: int, seq: int) -> list[OutboxRow]:
        """The rows of one envelope, in its order."""
        sql = """SELECT * FROM outbox WHERE peer = :peer AND incarnation = :inc AND seq = :seq
                 AND state = 'sent' ORDER BY rank, number"""
        found = rows(self._db, sql, peer=peer, inc=incarnation, seq=seq)
        return [OutboxRow(**row) for row in found]

    def settle(self, number: int, *, state: str, result: str) -> None:
        """Write what a row came to; `waiting` puts it back to the front."""
        sql = "UPDATE outbox SET state = :state, result = :result WHERE number = :number"
        change(self._db, sql, number=number, state=state, result=result)

    def requeue_after(self, peer: str, head: Head) -> None:
        """Let everything sent after `head` wait again, delivered or not."""
        sql = """UPDATE outbox SET state = 'waiting', result = '' WHERE peer = :peer
                 AND (state = 'sent' OR (state IN ('delivered', 'parked')
                     AND (incarnation > :inc OR (incarnation = :inc AND seq > :seq))))"""
        change(self._db, sql, peer=peer, inc=head.incarnation, seq=head.seq)

    def unsettled(self) -> list[OutboxRow]:
        """Everything that is not delivered, for people to see."""
        sql = "SELECT * FROM outbox WHERE state <> 'delivered' ORDER BY number"
        return [OutboxRow(**row) for row in rows(self._db, sql)]

    def waiting(self) -> dict[str, tuple[int, int]]:
        """Per peer: how many messages are under way or wait, and since when the oldest, in ms."""
        sql = """SELECT peer, count(*) AS n, min(queued_at_ms) AS oldest FROM outbox
                 WHERE state IN ('waiting', 'sent') GROUP BY peer"""
        return {row["peer"]: (row["n"], row["oldest"]) for row in rows(self._db, sql)}

    def urgent_since(self) -> dict[str, int]:
        """Per peer: since when the oldest urgent message is under way or waits, in ms."""
        sql = """SELECT peer, min(queued_at_ms) AS oldest FROM outbox
                 WHERE state IN ('waiting', 'sent') AND rank = :rank GROUP BY peer"""
        return {row["peer"]: row["oldest"] for row in rows(self._db, sql, rank=URGENT)}


class Channels:
    """The numbered envelopes of every channel, both ways."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def sent_head(self, peer: str) -> Head:
        """Where our channel to a peer stands."""
        return self._head("envelopes", peer)

    def received_head(self, peer: str) -> Head:
        """Where the peer's channel to us stands."""
        return self._head("receptions", peer)

    def head_signed(self, table: str, peer: str, head: Head) -> bytes | None:
        """The signed header of the last envelope (table `envelopes` or `receptions`)."""
        row = self._row(table, peer, head.incarnation, head.seq)
        return None if row is None else bytes(row["head"])

    def add_sealed(self, envelope: OutgoingEnvelope) -> None:
        """Fix the bytes of an envelope, before its first send."""
        sql = """INSERT INTO envelopes
                 (peer, incarnation, seq, digest, head, wire, sealed_at_ms, settled)
                 VALUES (:peer, :inc, :seq, :digest, :head, :wire, :at, '')"""
        values = {"inc": envelope.incarnation, "seq": envelope.seq, "digest": envelope.digest}
        values |= {"head": envelope.head, "wire": envelope.wire, "at": envelope.sealed_at_ms}
        change(self._db, sql, peer=envelope.peer, **values)

    def under_way(self, peer: str) -> OutgoingEnvelope | None:
        """The oldest envelope to a peer that has no receipt yet."""
        sql = """SELECT peer, incarnation, seq, digest, head, wire, sealed_at_ms FROM envelopes
                 WHERE peer = :peer AND settled = '' ORDER BY incarnation, seq LIMIT 1"""
        row = first(self._db, sql, peer=peer)
        return None if row is None else OutgoingEnvelope(**row)

    def settle(self, envelope: OutgoingEnvelope, *, settled: str, receipt: bytes | None) -> None:
        """Keep the receipt (or the word why there is none) and drop the sealed bytes."""
        sql = """UPDATE envelopes SET wire = NULL, receipt = :receipt, settled = :settled
                 WHERE peer = :peer AND incarnation = :inc AND seq = :seq"""
        place = {"peer": envelope.peer, "inc": envelope.incarnation, "seq": envelope.seq}
        change(self._db, sql, settled=settled, receipt=receipt, **place)

    def receipted_head(self, peer: str) -> Head:
        """The last envelope to a peer that it receipted."""
        sql = """SELECT incarnation, seq, digest FROM envelopes WHERE peer = :peer
                 AND receipt IS NOT NULL ORDER BY incarnation DESC, seq DESC LIMIT 1"""
        row = first(self._db, sql, peer=peer)
        return EMPTY if row is None else Head(row["incarnation"], row["seq"], Digest(row["digest"]))

    def digest_before(self, envelope: OutgoingEnvelope) -> Digest:
        """Digest of the envelope that `envelope` names as the one before it."""
        sql = """SELECT digest FROM envelopes WHERE peer = :peer
                 AND (incarnation < :inc OR (incarnation = :inc AND seq < :seq))
                 ORDER BY incarnation DESC, seq DESC LIMIT 1"""
        place = {"inc": envelope.incarnation, "seq": envelope.seq}
        row = first(self._db, sql, peer=envelope.peer, **place)
        return NO_DIGEST if row is None else Digest(row["digest"])

    def abandon(self, peer: str) -> None:
        """Give up envelopes that never got a receipt; their messages travel in others."""
        sql = """UPDATE envelopes SET wire = NULL, settled = 'abandoned'
                 WHERE peer = :peer AND settled = ''"""
        change(self._db, sql, peer=peer)

    def open_incarnation(self, peer: str, incarnation: int, previous: bytes, now_ms: int) -> None:
        """Start a new incarnation; its first envelope names `previous` as the one before it."""
        sql = """INSERT INTO envelopes
                 (peer, incarnation, seq, digest, head, wire, sealed_at_ms, settled)
                 VALUES (:peer, :inc, 0, :previous, x'', NULL, :now, 'opened')"""
        change(self._db, sql, peer=peer, inc=incarnation, previous=previous, now=now_ms)

    def reception(self, peer: str, incarnation: int, seq: int) -> tuple[Digest, bytes] | None:
        """Digest and receipt of an envelope taken in at this place, or None."""
        row = self._row("receptions", peer, incarnation, seq)
        return None if row is None else (Digest(row["digest"]), bytes(row["receipt"]))

    def add_received(
        self, peer: str, head: Head, *, signed: bytes, receipt: bytes, now_ms: int
    ) -> None:
        """Keep the head of an envelope taken in, and the receipt it gets for ever."""
        sql = "INSERT INTO receptions VALUES (:peer, :inc, :seq, :digest, :head, :receipt, :now)"
        values = {"digest": head.digest, "head": signed, "receipt": receipt, "now": now_ms}
        change(self._db, sql, peer=peer, inc=head.incarnation, seq=head.seq, **values)

    def add_evidence(self, peer: str, about: str, signed: bytes, now_ms: int) -> None:
        """Keep a signed header that contradicts another of the same peer."""
        values = {"peer": peer, "about": about, "signed": signed, "at_ms": now_ms}
        insert(self._db, "evidence", values)

    def counts(self) -> Row:
        """How many envelopes were receipted, how many taken in."""
        sql = """SELECT (SELECT count(*) FROM envelopes WHERE receipt IS NOT NULL) AS receipts,
                 (SELECT count(*) FROM envelopes WHERE seq > 0) AS sealed,
                 (SELECT count(*) FROM receptions) AS received"""
        return first(self._db, sql) or {}

    def _head(self, table: str, peer: str) -> Head:
        sql = f"""SELECT incarnation, seq, digest FROM {table} WHERE peer = :peer
                  ORDER BY incarnation DESC, seq DESC LIMIT 1"""  # noqa: S608 (one of two constants)
        row = first(self._db, sql, peer=peer)
        return EMPTY if row is None else Head(row["incarnation"], row["seq"], Digest(row["digest"]))

    def _row(self, table: str, peer: str, incarnation: int, seq: int) -> Row | None:
        sql = f"""SELECT * FROM {table} WHERE peer = :peer AND incarnation = :inc AND seq = :seq"""  # noqa: S608
        return first(self._db, sql, peer=peer, inc=incarnation, seq=seq)
