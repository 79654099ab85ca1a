"""Saves and finds what happened: the chained audit and the alarms.

Each audit entry carries the digest of the one before it, so nobody can take one out or change one
without every later digest telling. Entries name things, codes and people by pseudonym; never an
address, a note or a reporter.
"""

import json

from sqlite_utils import Database

from inhope_node.model.records import Alarm, AuditEntry
from inhope_node.store.database import Row, change, first, rows
from keys.encoding import encode
from keys.identifiers import NO_DIGEST, Digest, tagged_hash


class Audit:
    """The chained record of every step."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(
        self, *, at_ms: int, actor: str, event: str, item_id: str = "", **detail: object
    ) -> None:
        """Append one entry."""
        text = json.dumps(detail, sort_keys=True, separators=(",", ":"))
        previous = self.head()
        digest = _digest(previous, at_ms, actor, event, item_id, text)
        sql = """INSERT INTO audit (previous, digest, at_ms, actor, event, item_id, detail)
                 VALUES (:previous, :digest, :at_ms, :actor, :event, :item_id, :detail)"""
        values = {"previous": previous, "digest": digest, "at_ms": at_ms, "actor": actor}
        change(self._db, sql, event=event, item_id=item_id, detail=text, **values)

    def head(self) -> Digest:
        """Digest of the last entry; it stands for the whole history before it."""
        row = first(self._db, "SELECT digest FROM audit ORDER BY number DESC LIMIT 1")
        return Digest(row["digest"]) if row else NO_DIGEST

    def of_item(self, item_id: str) -> list[AuditEntry]:
        """What happened to one item, oldest first."""
        found = rows(
            self._db, "SELECT * FROM audit WHERE item_id = :id ORDER BY number", id=item_id
        )
        return [_entry(row) for row in found]

    def broken_at(self) -> int:
        """Number of the first entry that does not fit the chain; 0 if the whole chain holds."""
        previous = NO_DIGEST
        for row in rows(self._db, "SELECT * FROM audit ORDER BY number"):
            at = (row["at_ms"], row["actor"], row["event"], row["item_id"], row["detail"])
            if row["previous"] != previous or row["digest"] != _digest(previous, *at):
                return int(row["number"])
            previous = Digest(row["digest"])
        return 0

    def effects(self) -> list[Row]:
        """Messages that took effect more than once: there must be none."""
        sql = """SELECT detail, count(*) AS times FROM audit WHERE event = 'message_applied'
                 GROUP BY detail HAVING count(*) > 1"""
        found = rows(self._db, sql)
        return [{**json.loads(row["detail"]), "times": row["times"]} for row in found]


def _digest(previous: bytes, *words: int | str) -> Digest:
    """The digest of one entry: `at_ms`, `actor`, `event`, `item_id`, `detail`, in this order."""
    return tagged_hash("audit", previous, encode(list(words)))


def _entry(row: Row) -> AuditEntry:
    return AuditEntry(**{name: value for name, value in row.items() if name != "previous"})


class Alarms:
    """What a person should see; a row per cause, with its age."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def raise_(self, code: str, about: str, *, now_ms: int, message: str, advice: str) -> None:
        """Raise an alarm, or count it again when it stands already."""
        sql = """INSERT INTO alarms (code, about, since_ms, last_ms, times, message, advice)
                 VALUES (:code, :about, :now, :now, 1, :message, :advice)
                 ON CONFLICT (code, about) DO UPDATE SET last_ms = :now, times = times + 1,
                 message = :message, advice = :advice"""
        change(self._db, sql, code=code, about=about, now=now_ms, message=message, advice=advice)

    def clear(self, code: str, about: str) -> None:
        """End an alarm whose cause is gone."""
        change(self._db, "DELETE FROM alarms WHERE code = :c AND about = :a", c=code, a=about)

    def standing(self) -> list[Alarm]:
        """All that stand, oldest first."""
        sql = "SELECT code, about, since_ms, times, message, advice FROM alarms ORDER BY since_ms"
        return [Alarm(**row) for row in rows(self._db, sql)]
