"""The one place that opens a database file.

A node's database is one SQLCipher file in WAL mode with `synchronous=FULL`: a COMMIT that returned
is on the disk, and everything on the disk is encrypted, index and journal included. One connection,
owned by one thread (`inhope_node.clerk`), does all the writing.

This room knows the traps of the libraries so that no other room has to: sqlite-utils must be told
of SQLCipher before it is imported, its own `atomic()` begins plainly and then loses races, and its
`transform()` drops triggers. A house test keeps both words out of every other file.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3
import sqlcipher3.dbapi2 as dbapi

# sqlite-utils prefers a module of this name: with the alias it speaks SQLCipher, faults included.
sys.modules.setdefault("pysqlite3", sqlcipher3)
sys.modules.setdefault("pysqlite3.dbapi2", dbapi)

from sqlite_utils import Database  # noqa: E402  (must come after the alias above)

from inhope_node.errors import HomeUnusable, StoreFull  # noqa: E402

BUSY_TIMEOUT_S = 10
CHECKPOINT_PAGES = 10_000
OWNER_ONLY = 0o600
FULL_WORDS = ("full", "disk i/o error", "readonly", "read-only", "unable to open")
Row = dict[str, Any]

DatabaseFault = dbapi.DatabaseError
IntegrityFault = dbapi.IntegrityError


def connect(path: Path, key: bytes | None) -> Database:
    """Open the database at `path`, made for its owner only if absent.

    Args:
        path: The file.
        key: The raw 32-byte key from the vault; None opens a plain file (tests and exports only).

    Raises:
        HomeUnusable: The file is no database, or was made with another key.
    """
    try:
        path.touch(mode=OWNER_ONLY)
        connection = dbapi.connect(str(path), timeout=BUSY_TIMEOUT_S, isolation_level=None)
    except (OSError, dbapi.DatabaseError) as fault:
        raise HomeUnusable(
            "The database of this home cannot be opened: give its folder and file back to the "
            "user that the node runs as."
        ) from fault
    try:
        _unlock(connection, key)
    except dbapi.DatabaseError as fault:
        connection.close()
        raise HomeUnusable(
            "The database of this home cannot be read with the key in its vault: put back the "
            "vault and the database that belong together."
        ) from fault
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "trusted_schema=OFF",
        f"wal_autocheckpoint={CHECKPOINT_PAGES}",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return Database(connection)


def _unlock(connection: Any, key: bytes | None) -> None:
    """Give the key and read with it, since only reading shows whether it is the right one."""
    if key is not None:
        connection.execute("PRAGMA cipher_log_level=NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute("SELECT count(*) FROM sqlite_master")


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """Do everything inside or nothing; joins the transaction that is open already.

    Raises:
        StoreFull: The disk took no more. Nothing of this transaction was kept.
    """
    if is_in_transaction(db):
        yield
        return
    try:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("COMMIT")
    except BaseException as fault:
        if is_in_transaction(db):
            db.execute("ROLLBACK")
        if is_storage_fault(fault):
            raise StoreFull(
                "The node's disk takes no more: free some space; nothing that was acknowledged "
                "is lost and work goes on by itself afterwards."
            ) from fault
        raise


@contextmanager
def savepoint(db: Database) -> Iterator[None]:
    """Undo only what happens inside when it fails; the transaction around it lives on."""
    db.execute("SAVEPOINT inner_step")
    try:
        yield
    except BaseException:
        if is_in_transaction(db):
            db.execute("ROLLBACK TO inner_step")
            db.execute("RELEASE inner_step")
        raise
    db.execute("RELEASE inner_step")


def is_in_transaction(db: Database) -> bool:
    """Whether one is open; SQLite ends one by itself when the disk is full."""
    return bool(db.conn.in_transaction)


def is_storage_fault(fault: BaseException) -> bool:
    """Whether `fault` is the disk's and not the data's: full, unwritable, failing."""
    if not isinstance(fault, dbapi.OperationalError):
        return False
    return any(word in str(fault).lower() for word in FULL_WORDS)


def rows(db: Database, sql: str, **values: object) -> list[Row]:
    """All rows of a query with `:name` parameters, each as a dict."""
    return list(db.query(sql, values))


def first(db: Database, sql: str, **values: object) -> Row | None:
    """The first row of a query, or None."""
    return next(iter(rows(db, sql, **values)), None)


def insert(db: Database, table: str, row: Row) -> None:
    """Add one row."""
    db.table(table).insert(row)


def change(db: Database, sql: str, **values: object) -> int:
    """Run one INSERT, UPDATE or DELETE and say how many rows it touched."""
    return int(db.execute(sql, values).rowcount)
