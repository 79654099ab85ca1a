"""Two controls: harm done by hand is seen, once, for what it is.

Without them "lost 0, doubled 0" could mean that nobody looked.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.federation import Day, Threads, met, opened_store

from inhope_node.demo.federation import Federation
from inhope_node.demo.generator import make_plan
from inhope_node.store.database import change, first

pytestmark = pytest.mark.slow

PLAN = make_plan(4, 8)


@pytest.fixture
def federation(tmp_path: Path) -> Iterator[Federation]:
    with met(tmp_path, Threads()) as running:
        yield running


def stop(federation: Federation, name: str) -> None:
    running = federation.stations[name].running
    assert running is not None
    running.terminate()
    running.wait()


def test_one_outbox_row_deleted_by_hand_is_one_lost_item(federation: Federation) -> None:
    day = Day(federation, PLAN)
    stop(federation, "interpol")
    day.crew.start()
    day.work_until(lambda: day.casebook.judged == len(PLAN.items))
    day.work_until_still()
    stop(federation, "hotline-a")
    with opened_store(federation, "hotline-a") as store:
        deleted = change(
            store.db,
            """DELETE FROM outbox WHERE number = (SELECT max(number) FROM outbox
               WHERE kind = 'item' AND state = 'waiting')""",
        )
    assert deleted == 1
    federation.start("hotline-a")
    federation.start("interpol")
    day.work_until_still(still_s=4)
    day.crew.end()
    finding = day.finding()
    assert (finding.lost, finding.doubled) == (1, 0)
    assert {deviation.node for deviation in finding.deviations} == {"interpol"}


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "unguarded"])
def test_one_message_replayed_is_doubled_only_without_the_guard(
    federation: Federation, *, guarded: bool
) -> None:
    """The guard is the memory of messages taken in; switched off here by taking it away."""
    day = Day(federation, PLAN)
    day.crew.start()
    day.work_until(lambda: day.casebook.judged == len(PLAN.items))
    day.work_until_still()
    day.crew.end()
    assert day.finding().clean
    for name in ("hotline-a", "interpol"):
        stop(federation, name)
    with opened_store(federation, "hotline-a") as store:
        row = first(
            store.db,
            """SELECT o.number, o.message_id FROM outbox o JOIN peers p ON p.node_id = o.peer
               WHERE p.name = 'interpol' AND o.kind = 'hosting' AND o.state = 'delivered'""",
        )
        assert row is not None
        again = "UPDATE outbox SET state = 'waiting' WHERE number = :number"
        assert change(store.db, again, number=row["number"]) == 1
    if not guarded:
        with opened_store(federation, "interpol") as store:
            for table in ("messages", "facts"):
                forget = f"DELETE FROM {table} WHERE id = :id"  # noqa: S608 - our own two names
                assert change(store.db, forget, id=row["message_id"]) == 1
    for name in ("interpol", "hotline-a"):
        federation.start(name)
    day.work_until_still()
    finding = day.finding()
    assert (finding.lost, finding.doubled) == (0, 0 if guarded else 1)
    stop(federation, "hotline-a")
    with opened_store(federation, "hotline-a") as store:
        sent = "SELECT state, result, tries FROM outbox WHERE number = :number"
        assert first(store.db, sent, number=row["number"]) == {
            "state": "delivered",
            "result": "known" if guarded else "accepted",
            "tries": 2,
        }
