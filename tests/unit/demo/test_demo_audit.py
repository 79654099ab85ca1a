"""The audit: silent over ideal homes, and loud over every single fault planted in them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.ideal_homes import NODE_IDS, ideal_homes, item_id, with_rows

from inhope_node.demo.audit import audit, count
from inhope_node.demo.exports import Export, HeldItem, read_export
from inhope_node.demo.generator import make_plan
from inhope_node.demo.members import INTERPOL, MEMBERS
from inhope_node.demo.plan import Outcome, Plan, expected_places

PLAN = make_plan(1, 30)
few = settings(max_examples=40, deadline=None)


def held(plan: Plan) -> list[tuple[str, str]]:
    """Return every (node, item id) that the plan wants."""
    return [
        (node, item_id(report.reference, number))
        for report in plan.reports
        for number, item in enumerate(report.items, start=1)
        for node in expected_places(report, item, INTERPOL.name)
    ]


HELD = held(PLAN)
HELD_BY_FINDER_OR_OWNER = [
    (node, item_id(report.reference, number))
    for report in PLAN.reports
    for number, item in enumerate(report.items, start=1)
    for node in sorted({report.hotline, item.owner})
]
HELD_BY_FINDER = [
    (report.hotline, item_id(report.reference, number))
    for report in PLAN.reports
    for number in range(1, len(report.items) + 1)
]


def planted(node: str, item: str, change: Callable[[HeldItem], HeldItem | None]) -> list[Export]:
    """Return ideal homes with one row of one node changed."""
    return with_rows(ideal_homes(PLAN), node, lambda row: change(row) if row.id == item else row)


@given(st.integers(0, 1000), st.integers(1, 40))
@few
def test_ideal_homes_are_clean(seed: int, reports: int) -> None:
    plan = make_plan(seed, reports)
    finding = audit(plan, ideal_homes(plan))
    assert finding.clean
    assert finding.deviations == ()


@given(st.sampled_from(HELD))
@few
def test_a_row_that_is_missing_anywhere_is_one_lost_item(place: tuple[str, str]) -> None:
    finding = audit(PLAN, planted(*place, lambda _: None))
    assert (finding.lost, finding.doubled) == (1, 0)


@given(st.sampled_from(HELD), st.sampled_from(["new", "offered", "delivered", "assessing"]))
@few
def test_a_wrong_state_anywhere_is_one_lost_item(place: tuple[str, str], state: str) -> None:
    finding = audit(PLAN, planted(*place, lambda row: replace(row, state=state)))
    assert (finding.lost, finding.doubled) == (1, 0)
    assert finding.deviations[0].node == place[0]
    assert state in finding.deviations[0].fault


@given(st.sampled_from(HELD_BY_FINDER_OR_OWNER))
@few
def test_a_wrong_owner_at_finder_or_owner_is_one_lost_item(place: tuple[str, str]) -> None:
    finding = audit(PLAN, planted(*place, lambda row: replace(row, owner="f" * 64)))
    assert (finding.lost, finding.doubled) == (1, 0)


@given(st.sampled_from(HELD))
@few
def test_a_wrong_address_anywhere_is_one_lost_item(place: tuple[str, str]) -> None:
    other = "hxxps://elsewhere[.]example/1"
    finding = audit(PLAN, planted(*place, lambda row: replace(row, address=other)))
    assert finding.lost == 1


@given(st.sampled_from(HELD_BY_FINDER))
@few
def test_a_wrong_verdict_at_the_finder_is_one_lost_item(place: tuple[str, str]) -> None:
    finding = audit(PLAN, planted(*place, lambda row: replace(row, verdict="undetermined")))
    assert (finding.lost, finding.doubled) == (1, 0)


@given(st.sampled_from(HELD_BY_FINDER), st.sampled_from(MEMBERS).map(lambda each: each.name))
@few
def test_a_node_that_must_not_hold_an_item_makes_it_lost(
    place: tuple[str, str], intruder: str
) -> None:
    homes = ideal_homes(PLAN)
    row = next(row for each in homes for row in each.items if row.id == place[1])
    at = next(index for index, each in enumerate(homes) if each.node == intruder)
    assume(all(each.id != place[1] for each in homes[at].items))
    homes[at] = replace(homes[at], items=(*homes[at].items, row))
    finding = audit(PLAN, homes)
    assert (finding.lost, finding.doubled) == (1, 0)
    assert finding.deviations[0].node == intruder
    assert "must not hold it" in finding.deviations[0].fault


@given(st.integers(0, len(PLAN.reports) - 1))
@few
def test_a_report_filed_twice_is_doubled_with_all_its_items(number: int) -> None:
    report = PLAN.reports[number]
    homes = ideal_homes(PLAN)
    at = next(index for index, each in enumerate(homes) if each.node == report.hotline)
    copy = next(each for each in homes[at].reports if each.reference == report.reference)
    rows = [row for row in homes[at].items if row.id in copy.items]
    again = [replace(row, id=f"again-{row.id}") for row in rows]
    homes[at] = replace(
        homes[at],
        reports=(*homes[at].reports, replace(copy, items=tuple(row.id for row in again))),
        items=(*homes[at].items, *again),
    )
    finding = audit(PLAN, homes)
    assert finding.lost == 0
    assert finding.doubled == 1 + len(rows)


def test_one_report_row_with_an_item_twice_is_doubled() -> None:
    homes = ideal_homes(PLAN)
    report = homes[0].reports[0]
    row = next(row for row in homes[0].items if row.id == report.items[0])
    homes[0] = replace(
        homes[0],
        reports=(replace(report, items=(*report.items, "again")), *homes[0].reports[1:]),
        items=(*homes[0].items, replace(row, id="again")),
    )
    finding = audit(PLAN, homes)
    assert (finding.lost, finding.doubled) == (0, 1)


def test_an_item_that_nobody_planned_is_doubled_once_however_many_hold_it() -> None:
    stray = replace(ideal_homes(PLAN)[0].items[0], id="stray")
    homes = [replace(each, items=(*each.items, stray)) for each in ideal_homes(PLAN)]
    finding = audit(PLAN, homes)
    assert (finding.lost, finding.doubled) == (0, 1)


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.name)
def test_an_effect_that_came_twice_is_doubled_once(member: object) -> None:
    name = getattr(member, "name", "")
    homes = [
        replace(each, effects_doubled=1) if each.node == name else each
        for each in ideal_homes(PLAN)
    ]
    finding = audit(PLAN, homes)
    assert (finding.lost, finding.doubled) == (0, 1)
    assert not finding.clean


def test_a_report_that_was_never_filed_loses_all_its_items() -> None:
    report = next(each for each in PLAN.reports if len(each.items) > 2)
    gone = {item_id(report.reference, n) for n in range(1, len(report.items) + 1)}
    homes = [
        replace(
            each,
            reports=tuple(row for row in each.reports if row.reference != report.reference),
            items=tuple(row for row in each.items if row.id not in gone),
        )
        for each in ideal_homes(PLAN)
    ]
    finding = audit(PLAN, homes)
    assert (finding.lost, finding.doubled) == (len(report.items), 0)


def test_no_finding_shows_an_address() -> None:
    homes = [replace(each, items=()) for each in ideal_homes(PLAN)]
    finding = audit(PLAN, homes)
    assert finding.lost == len(PLAN.items)
    assert "://" not in repr(finding)


@given(st.integers(0, 1000), st.integers(1, 40))
@few
def test_the_figures_of_ideal_homes_are_those_of_the_plan(seed: int, reports: int) -> None:
    plan = make_plan(seed, reports)
    figures = count(ideal_homes(plan))
    outcomes = [item.outcome for item in plan.items]
    assert figures.reports == reports
    assert figures.items == len(plan.items)
    assert figures.offered == plan.offers
    assert figures.accepted == outcomes.count(Outcome.ABROAD)
    assert figures.returned == figures.offered - figures.accepted
    assert figures.orphaned == outcomes.count(Outcome.ORPHANED)
    assert figures.at_interpol == sum(item.at_interpol for item in plan.items)
    assert figures.addresses_at_interpol == plan.addresses_at_interpol


def test_an_export_is_read_from_the_answer_of_the_desk() -> None:
    row = {
        "id": "i", "state": "new", "finder_id": "f", "owner_id": "o",
        "address": "hxxps://a[.]example/", "verdict": None, "next_step": "take",
    }  # fmt: skip
    document = {
        "node": "hotline-a",
        "node_id": NODE_IDS["hotline-a"],
        "reports": [{"id": "r", "reference": None, "items": ["i"]}],
        "items": [row],
        "effects": [{"origin": "o", "id": "m", "times": 3}, {"origin": "o", "id": "n", "times": 1}],
    }
    export = read_export("hotline-a", document)
    assert export.effects_doubled == 2
    assert export.reports[0].reference == ""
    assert export.items[0].verdict == ""


def test_an_export_without_an_owner_is_a_fault() -> None:
    with pytest.raises(KeyError):
        read_export("hotline-a", {"node_id": "x", "reports": [], "effects": [], "items": [{}]})
