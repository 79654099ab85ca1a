"""The plan: the same for a seed, harmless in every address, consistent in every fate."""

import hashlib
from collections import Counter
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inhope_node.demo import figures
from inhope_node.demo.addresses import RESERVED_BLOCKS, RESERVED_ENDINGS
from inhope_node.demo.generator import ITEMS_MAX, REPORTS_MAX, make_plan
from inhope_node.demo.members import HOTLINES, INTERPOL, hotline_of
from inhope_node.demo.plan import Outcome, Plan, PlannedItem, PlannedReport, expected_places

BY_NAME = {member.name: member for member in HOTLINES}
STATE_AFTER = {
    ("reported_to_police",): "police_informed",
    ("reported_to_police", "reported_to_provider"): "notified",
    ("reported_to_police", "reported_to_provider", "removed"): "removed",
    ("reported_to_police", "reported_to_provider", "unavailable"): "unavailable",
}

plans = st.builds(make_plan, st.integers(0, 2**63 - 1), st.integers(1, 80))
few = settings(max_examples=30, deadline=None)


def pairs(plan: Plan) -> list[tuple[PlannedReport, PlannedItem]]:
    return [(report, item) for report in plan.reports for item in report.items]


@given(st.integers(0, 2**63 - 1), st.integers(1, 60))
@few
def test_a_seed_gives_the_same_plan_again(seed: int, reports: int) -> None:
    assert make_plan(seed, reports) == make_plan(seed, reports)


def test_the_plan_of_seed_one_never_changes() -> None:
    plan = make_plan(1, 60)
    contents = repr(plan) + "".join(item.address for item in plan.items)
    assert hashlib.sha256(contents.encode()).hexdigest()[:16] == "32833bca64337cdc"


def test_another_seed_gives_another_plan() -> None:
    assert make_plan(1, 20).reports != make_plan(2, 20).reports


@pytest.mark.parametrize("reports", [-1, 0, REPORTS_MAX + 1])
def test_a_plan_is_bounded(reports: int) -> None:
    with pytest.raises(ValueError, match="1 to 300"):
        make_plan(1, reports)


@pytest.mark.parametrize("reports", [1, 60, 200, REPORTS_MAX])
def test_a_plan_has_the_reports_asked_for_and_never_too_many_items(reports: int) -> None:
    plan = make_plan(7, reports)
    assert len(plan.reports) == reports
    assert reports <= len(plan.items) <= ITEMS_MAX
    assert len({report.reference for report in plan.reports}) == reports


@given(plans)
@few
def test_every_address_is_reserved(plan: Plan) -> None:
    for item in plan.items:
        parts = urlsplit(item.address)
        host = parts.hostname or ""
        assert parts.scheme == "https"
        assert host.endswith(RESERVED_ENDINGS) or host.startswith(RESERVED_BLOCKS)
        assert item.address.isascii()
        assert len(item.address) < 120


@given(plans)
@few
def test_the_addresses_of_one_report_differ(plan: Plan) -> None:
    for report in plan.reports:
        assert len({item.address for item in report.items}) == len(report.items)


@given(plans)
@few
def test_an_address_has_the_same_facts_whoever_reports_it(plan: Plan) -> None:
    facts: dict[str, set[tuple[object, ...]]] = {}
    for item in plan.items:
        known = facts.setdefault(item.address, set())
        known.add((item.labels, item.answers, item.verdict == "not_illegal", item.hosting[-1:]))
    assert all(len(each) == 1 for each in facts.values())


@given(plans)
@few
def test_baseline_is_three_times_yes_and_never_allowed_anywhere(plan: Plan) -> None:
    for item in plan.items:
        results = {result for _, result in item.verdicts}
        assert (item.answers == ("yes", "yes", "yes")) == ("baseline" in results)
        assert "baseline" not in results or results == {"baseline"}


@given(plans)
@few
def test_the_finders_law_stands_first_and_decides(plan: Plan) -> None:
    for report, item in pairs(plan):
        assert item.verdicts[0][0] == BY_NAME[report.hotline].country
        assert len(dict(item.verdicts)) == len(item.verdicts)
        assert (item.verdict == "not_illegal") == (item.outcome is Outcome.NOT_ILLEGAL)


@given(plans)
@few
def test_the_way_follows_from_the_countries_stated(plan: Plan) -> None:
    for report, item in pairs(plan):
        finder = BY_NAME[report.hotline]
        if item.outcome is Outcome.NOT_ILLEGAL:
            assert (item.hosting, item.returns, item.owner) == ((), (), finder.name)
            continue
        *wrong, last = item.hosting
        assert [BY_NAME[each.by].country for each in item.returns] == wrong
        assert finder.country not in wrong
        assert last not in wrong
        host = hotline_of(last)
        assert item.owner == (host.name if host else finder.name)
        assert (item.outcome is Outcome.ORPHANED) == (host is None)
        assert (item.outcome is Outcome.HOME) == (host is finder)


@given(plans)
@few
def test_the_state_follows_from_the_acts(plan: Plan) -> None:
    ends = {Outcome.NOT_ILLEGAL: "closed_not_illegal", Outcome.ORPHANED: "orphaned"}
    for item in plan.items:
        if item.outcome in ends:
            assert (item.acts, item.state) == ((), ends[item.outcome])
        else:
            assert item.state == STATE_AFTER[item.acts]


@given(plans)
@few
def test_interpol_gets_baseline_always_and_national_by_policy(plan: Plan) -> None:
    for report, item in pairs(plan):
        shares = report.hotline != "hotline-c"
        by_policy = item.verdict == "nationally_illegal" and shares
        assert item.at_interpol == (item.verdict == "baseline" or by_policy)


@given(plans)
@few
def test_nobody_holds_an_item_but_finder_owner_returners_and_interpol(plan: Plan) -> None:
    for report, item in pairs(plan):
        places = expected_places(report, item, INTERPOL.name)
        allowed = {report.hotline, item.owner, *(each.by for each in item.returns)}
        assert set(places) - {INTERPOL.name} == allowed
        assert (INTERPOL.name in places) == item.at_interpol
        assert places[report.hotline] == places[item.owner] == item.state


@given(plans)
@few
def test_a_plan_shows_no_address_and_no_reporter(plan: Plan) -> None:
    shown = repr(plan)
    assert not any(item.address in shown for item in plan.items)
    assert not any(report.reporter in shown for report in plan.reports if report.reporter)


def test_many_plans_together_have_the_published_shape() -> None:
    plans = [make_plan(seed, 60) for seed in range(60)]
    items = [item for plan in plans for item in plan.items]
    reports = [report for plan in plans for report in plan.reports]
    illegal = sum(item.outcome is not Outcome.NOT_ILLEGAL for item in items) / len(items)
    assert illegal == pytest.approx(figures.ILLEGAL_PER_MILLE / 1000, abs=0.03)
    assert len(items) / len(reports) == pytest.approx(2.2, abs=0.3)
    types = Counter(report.site_type for report in reports)
    assert types["website"] / len(reports) == pytest.approx(0.427, abs=0.03)
    assert types["image_host"] / len(reports) == pytest.approx(0.394, abs=0.03)
    assert any(len(report.items) > 20 for report in reports)


def test_every_kind_of_fate_occurs_in_one_default_demo() -> None:
    items = make_plan(1, 60).items
    assert {item.outcome for item in items} == set(Outcome)
    assert any(item.returns for item in items)
    assert len({item.address for item in items}) < len(items)
