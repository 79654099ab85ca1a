"""The one place that opens a database: encrypted, all or nothing, and honest when full."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as dbapi
from support.desk import ADDRESS, Desk, open_desk

from inhope_node.errors import HomeUnusable, StoreFull
from inhope_node.store.database import (
    DatabaseFault,
    change,
    connect,
    first,
    is_storage_fault,
    rows,
)
from inhope_node.store.store import open_store

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
NOTE = "a note for colleagues only"


def test_nothing_in_the_file_can_be_read_without_the_key(tmp_path: Path) -> None:
    with open_desk(tmp_path, key=KEY) as desk:
        desk.filed(notes=NOTE, reporter="reporter@host.example")
        written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {"node.db", "node.db-wal"} <= set(written)
    for data in written.values():
        for text in (NOTE, ADDRESS, "host.example", "CREATE TABLE"):
            for coded in (text.encode(), text.encode("utf-16-le"), text.encode().hex().encode()):
                assert coded not in data


def test_the_same_search_finds_everything_in_a_plain_file(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        desk.filed(notes=NOTE)
    data = (tmp_path / "node.db").read_bytes()
    assert all(text.encode() in data for text in (NOTE, ADDRESS, "CREATE TABLE"))


def test_what_was_kept_is_there_after_opening_again(tmp_path: Path) -> None:
    with open_desk(tmp_path, key=KEY) as desk:
        item = desk.filed()
    with open_desk(tmp_path, key=KEY) as desk:
        assert desk.store.items.get(item.id) == item


@pytest.mark.parametrize("key", [OTHER_KEY, None])
def test_another_key_opens_nothing_and_the_sentence_says_what_belongs_together(
    tmp_path: Path, key: bytes | None
) -> None:
    open_store(tmp_path / "node.db", KEY).close()
    with pytest.raises(HomeUnusable, match="put back the vault and the database"):
        connect(tmp_path / "node.db", key)


def test_a_file_that_cannot_be_opened_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(HomeUnusable, match="cannot be opened"):
        connect(tmp_path / "nowhere" / "node.db", KEY)


def test_the_disk_is_waited_for_at_every_commit_and_others_can_read_meanwhile(desk: Desk) -> None:
    found = {
        name: rows(desk.store.db, f"PRAGMA {name}")[0][name]
        for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
    }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
    }


def test_a_transaction_is_kept_as_a_whole_or_not_at_all(desk: Desk) -> None:
    def file_and_fail() -> None:
        with desk.store.transaction():
            desk.filed()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        file_and_fail()
    assert desk.store.reports.count() == 0
    assert desk.store.items.by_state() == {}
    assert desk.store.audit.head() == bytes(32)


def test_a_transaction_inside_another_ends_with_the_outer_one(desk: Desk) -> None:
    def fail_late() -> None:
        with desk.store.transaction():
            with desk.store.transaction():
                desk.filed()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_late()
    assert desk.store.reports.count() == 0


def test_a_transaction_writes_from_its_first_moment_so_that_no_other_writer_begins(
    desk: Desk, tmp_path: Path
) -> None:
    with closing(dbapi.connect(str(tmp_path / "node.db"), timeout=0)) as second:
        with desk.store.transaction(), pytest.raises(dbapi.OperationalError, match="locked"):
            second.execute("BEGIN IMMEDIATE")
        second.execute("BEGIN IMMEDIATE")
        second.execute("ROLLBACK")


def test_a_savepoint_undoes_its_own_part_only(desk: Desk) -> None:
    def fail_inside() -> None:
        with desk.store.savepoint():
            desk.filed("https://host.example/two")
            raise ZeroDivisionError

    with desk.store.transaction():
        first_item = desk.filed()
        with pytest.raises(ZeroDivisionError):
            fail_inside()
        with desk.store.savepoint():
            third = desk.filed("https://host.example/three")
    kept = desk.store.items.page(state="", owner="", after="", limit=10)
    assert [item.id for item in kept] == [first_item.id, third.id]
    assert desk.store.audit.broken_at() == 0


@pytest.fixture
def fill(desk: Desk) -> Callable[[bool], None]:
    def set_full(full: bool) -> None:  # noqa: FBT001
        pages = rows(desk.store.db, "PRAGMA page_count")[0]["page_count"] if full else 2**30
        desk.store.db.execute(f"PRAGMA max_page_count = {pages}")

    return set_full


def test_a_full_disk_keeps_nothing_half_and_says_that_nothing_is_lost(
    desk: Desk, fill: Callable[[bool], None]
) -> None:
    before = desk.filed()
    fill(True)  # noqa: FBT003

    def file_many() -> None:
        with desk.store.transaction():
            for number in range(500):
                desk.filed(f"https://host.example/{number}/{'x' * 400}")

    with pytest.raises(StoreFull, match="free some space"):
        file_many()
    assert desk.store.reports.count() == 1
    assert desk.store.items.get(before.id) == before
    fill(False)  # noqa: FBT003
    file_many()
    assert desk.store.reports.count() == 501
    assert desk.store.audit.broken_at() == 0


def test_a_full_disk_inside_a_savepoint_ends_the_whole_transaction(
    desk: Desk, fill: Callable[[bool], None]
) -> None:
    fill(True)  # noqa: FBT003

    def file_many() -> None:
        with desk.store.transaction(), desk.store.savepoint():
            for number in range(500):
                desk.filed(f"https://host.example/{number}/{'x' * 400}")

    with pytest.raises(StoreFull):
        file_many()
    assert desk.store.reports.count() == 0


def test_only_the_disks_own_faults_count_as_a_full_store(desk: Desk) -> None:
    assert is_storage_fault(dbapi.OperationalError("database or disk is full"))
    assert is_storage_fault(dbapi.OperationalError("attempt to write a readonly database"))
    assert not is_storage_fault(dbapi.OperationalError("no such table: x"))
    assert not is_storage_fault(ValueError("full"))
    with pytest.raises(DatabaseFault), desk.store.transaction():
        change(desk.store.db, "UPDATE nothing SET x = 1")


def test_tables_are_made_once(tmp_path: Path) -> None:
    for _ in range(2):
        open_store(tmp_path / "node.db", KEY).close()
    with closing(open_store(tmp_path / "node.db", KEY)) as store:
        assert first(store.db, "SELECT count(*) AS n FROM _sqlite_migrations") == {"n": 1}
