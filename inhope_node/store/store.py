"""The one object that the rooms above hold: the tables, and the transaction around them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from inhope_node.store.cases import Facts, Items, Reports, Shares
from inhope_node.store.database import connect, is_storage_fault, savepoint, transaction
from inhope_node.store.journal import Alarms, Audit
from inhope_node.store.peers import Peers
from inhope_node.store.people import Answers, Users
from inhope_node.store.post import Channels, Messages, Outbox
from inhope_node.store.schema import migrations


class Store:
    """Every table of one node. Used from one thread only, the clerk's."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.reports = Reports(db)
        self.items = Items(db)
        self.facts = Facts(db)
        self.shares = Shares(db)
        self.audit = Audit(db)
        self.alarms = Alarms(db)
        self.users = Users(db)
        self.answers = Answers(db)
        self.peers = Peers(db)
        self.messages = Messages(db)
        self.outbox = Outbox(db)
        self.channels = Channels(db)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, on the disk when it returns."""
        with transaction(self.db):
            yield

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of a transaction that may fail alone."""
        with savepoint(self.db):
            yield

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()


def open_store(path: Path, key: bytes | None) -> Store:
    """Open the database and bring its tables up to date.

    Raises:
        HomeUnusable: It cannot be read with this key.
    """
    db = connect(path, key)
    migrations.apply(db)
    return Store(db)


__all__ = ["Store", "is_storage_fault", "open_store"]
