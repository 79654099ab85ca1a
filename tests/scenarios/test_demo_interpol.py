"""What INTERPOL sees of a day's work: illegal items only, once each, equal addresses as one."""

from collections import Counter
from pathlib import Path

import pytest
from support.federation import Day, Threads, met

from inhope_node.demo.generator import make_plan

pytestmark = pytest.mark.slow

PLAN = make_plan(9, 12)


def test_interpol_shows_equal_addresses_as_one_and_no_report(tmp_path: Path) -> None:
    wanted = [item.address for item in PLAN.items if item.at_interpol]
    assert len(set(wanted)) < len(wanted), "this seed repeats no address"
    with met(tmp_path, Threads()) as federation:
        day = Day(federation, PLAN)
        day.crew.start()
        day.work_until(lambda: day.casebook.judged == len(PLAN.items))
        day.work_until_still()
        day.crew.end()
        assert day.finding().clean
        desk = federation.stations["interpol"].desk()
        export, status = desk.get("/v1/export"), desk.get("/v1/status")
    assert status["addresses"] == PLAN.addresses_at_interpol
    assert export["reports"] == []
    rows = Counter(row["address"] for row in export["items"])
    assert len({row["same_address"] - rows[row["address"]] for row in export["items"]}) == 1
    assert {row["owner"] for row in export["items"]} <= {"hotline-a", "hotline-b", "hotline-c"}
