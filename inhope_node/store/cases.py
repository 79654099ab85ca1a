"""Saves and finds reports, items, facts and planned shares."""

from dataclasses import asdict

from sqlite_utils import Database

from inhope_node.errors import NotFound
from inhope_node.model.item import Item
from inhope_node.model.lifecycle import State
from inhope_node.model.records import Fact, PlannedShare, Report
from inhope_node.store.database import Row, change, first, insert, rows

FACT = "origin, id, item_id, kind, made_at_ms, body"


def item_of(row: Row) -> Item:
    """The item that a row holds."""
    return Item(**{**row, "state": State(row["state"])})


class Reports:
    """The reports of this house."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, report: Report) -> None:
        """Keep a new report."""
        insert(self._db, "reports", asdict(report))

    def get(self, report_id: str) -> Report:
        """The report.

        Raises:
            NotFound: This node has no such report.
        """
        row = first(self._db, "SELECT * FROM reports WHERE id = :id", id=report_id)
        if row is None:
            raise NotFound("This node has no report with that id; `report list` shows them.")
        return Report(**row)

    def page(self, *, after: str, limit: int) -> list[Report]:
        """At most `limit` reports with ids above `after`, oldest first."""
        sql = "SELECT * FROM reports WHERE id > :after ORDER BY id LIMIT :most"
        return [Report(**row) for row in rows(self._db, sql, after=after, most=limit)]

    def count(self) -> int:
        """How many there are."""
        return int(self._db["reports"].count)


class Items:
    """All items this node holds, its own and those it was told of."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, item: Item) -> None:
        """Keep a new item."""
        insert(self._db, "items", asdict(item))

    def save(self, item: Item) -> None:
        """Write the changed fields of an item back."""
        fields = {k: v for k, v in asdict(item).items() if k != "id"}
        sets = ", ".join(f"{name} = :{name}" for name in fields)
        change(self._db, f"UPDATE items SET {sets} WHERE id = :id", id=item.id, **fields)  # noqa: S608 (field names of a dataclass)

    def find(self, item_id: str) -> Item | None:
        """The item, or None."""
        row = first(self._db, "SELECT * FROM items WHERE id = :id", id=item_id)
        return None if row is None else item_of(row)

    def get(self, item_id: str) -> Item:
        """The item.

        Raises:
            NotFound: This node has no such item.
        """
        item = self.find(item_id)
        if item is None:
            raise NotFound("This node has no item with that id; `item list` shows them.")
        return item

    def page(
        self, *, state: str, owner: str, after: str, limit: int, folded: bool = False
    ) -> list[Item]:
        """At most `limit` items above `after`; "" for state or owner means any.

        With `folded`, items of equal canonical address are one: the first that came.
        """
        sql = """SELECT * FROM items WHERE id > :after AND (:state = '' OR state = :state)
                 AND (:owner = '' OR owner = :owner)
                 AND (:folded = 0 OR NOT EXISTS (SELECT 1 FROM items AS twin
                      WHERE twin.canonical = items.canonical AND twin.id < items.id))
                 ORDER BY id LIMIT :most"""
        asked = {"after": after, "state": state, "owner": owner, "folded": int(folded)}
        return [item_of(row) for row in rows(self._db, sql, **asked, most=limit)]

    def of_report(self, report_id: str) -> list[str]:
        """Ids of the items of one report, in order of filing."""
        sql = "SELECT id FROM items WHERE report_id = :id ORDER BY id"
        return [str(row["id"]) for row in rows(self._db, sql, id=report_id)]

    def waiting(self, me: str, *, pseudonym: str, now_ms: int, limit: int) -> list[Item]:
        """Items on which a person of node `me` can do something now, most pressing first.

        What only waits for its provider comes last, so that it never hides what waits for a person.
        """
        sql = """SELECT * FROM items WHERE
                 (owner = :me AND state IN ('new', 'assessed', 'located', 'police_pending',
                                            'police_informed', 'notified'))
                 OR (owner = :me AND state = 'assessing'
                     AND (taken_by = :who OR lease_until_ms <= :now))
                 OR (offered_to = :me AND state = 'delivered')
                 ORDER BY (state = 'notified'), (urgency = 'normal'), received_at_ms, id
                 LIMIT :most"""
        found = rows(self._db, sql, me=me, who=pseudonym, now=now_ms, most=limit)
        return [item_of(row) for row in found]

    def leases_ended(self, me: str, *states: State, now_ms: int) -> list[Item]:
        """Items of node `me` in one of `states` whose lease, to a person or a peer, ran out."""
        sql = """SELECT * FROM items WHERE owner = :me AND state = :state
                 AND lease_until_ms BETWEEN 1 AND :now ORDER BY id"""
        asked = [rows(self._db, sql, me=me, state=state.value, now=now_ms) for state in states]
        return [item_of(row) for found in asked for row in found]

    def overdue(self, me: str, state: State, before_ms: int) -> int:
        """How many items of node `me` stand in `state` since before a time."""
        sql = """SELECT count(*) AS n FROM items WHERE state = :state AND changed_at_ms < :before
                 AND (owner = :me OR offered_to = :me)"""
        row = first(self._db, sql, me=me, state=state.value, before=before_ms)
        return int(row["n"]) if row else 0

    def same_address(self, canonical: str) -> int:
        """How many items have this canonical address, the asking one included."""
        sql = "SELECT count(*) AS n FROM items WHERE canonical = :canonical"
        row = first(self._db, sql, canonical=canonical)
        return int(row["n"]) if row else 0

    def by_state(self) -> dict[str, int]:
        """How many items stand in each state."""
        found = rows(self._db, "SELECT state, count(*) AS n FROM items GROUP BY state")
        return {row["state"]: row["n"] for row in found}

    def owned(self, me: str) -> int:
        """How many items this node owns."""
        row = first(self._db, "SELECT count(*) AS n FROM items WHERE owner = :me", me=me)
        return int(row["n"]) if row else 0

    def addresses(self) -> int:
        """How many different addresses there are in canonical form."""
        row = first(self._db, "SELECT count(DISTINCT canonical) AS n FROM items")
        return int(row["n"]) if row else 0


class Facts:
    """What nodes stated about items, append-only."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, fact: Fact) -> None:
        """Keep a statement; one that is kept already stays as it is."""
        sql = f"""INSERT INTO facts ({FACT})
                  VALUES (:origin, :id, :item_id, :kind, :made_at_ms, :body)
                  ON CONFLICT (origin, id) DO NOTHING"""  # noqa: S608 (a constant)
        change(self._db, sql, **asdict(fact))

    def get(self, origin: str, fact_id: str) -> Fact:
        """One statement of one node.

        Raises:
            NotFound: It was never made.
        """
        sql = f"SELECT {FACT} FROM facts WHERE origin = :origin AND id = :id"  # noqa: S608
        row = first(self._db, sql, origin=origin, id=fact_id)
        if row is None:
            raise NotFound("This node has no such statement.")
        return Fact(**row)

    def of_item(self, item_id: str, *kinds: str) -> list[Fact]:
        """Statements about an item in the order in which they came, of some kinds or of all."""
        sql = f"SELECT {FACT} FROM facts WHERE item_id = :id ORDER BY number"  # noqa: S608
        found = [Fact(**row) for row in rows(self._db, sql, id=item_id)]
        return [fact for fact in found if not kinds or fact.kind in kinds]


class Shares:
    """What shall be told to whom and was not yet made into a message."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def plan(self, share: PlannedShare) -> None:
        """Plan it; planning it twice is planning it once."""
        values = {k: v for k, v in asdict(share).items() if k != "number"}
        sql = """INSERT INTO planned_shares (item_id, kind, fact_id, audience, planned_at_ms)
                 VALUES (:item_id, :kind, :fact_id, :audience, :planned_at_ms)
                 ON CONFLICT (fact_id, audience) DO NOTHING"""
        change(self._db, sql, **values)

    def next(self, *, after: int, limit: int) -> list[PlannedShare]:
        """At most `limit` plans with numbers above `after`, in the order of planning."""
        sql = "SELECT * FROM planned_shares WHERE number > :after ORDER BY number LIMIT :most"
        return [PlannedShare(**row) for row in rows(self._db, sql, after=after, most=limit)]

    def done(self, number: int) -> None:
        """Forget a plan that was carried out."""
        change(self._db, "DELETE FROM planned_shares WHERE number = :number", number=number)

    def count(self) -> int:
        """How many plans wait."""
        return int(self._db["planned_shares"].count)
