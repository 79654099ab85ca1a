"""The scripted people: they carry every item to its fate, and outlive a node that dies."""

import threading
import time
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.paper_desks import PaperDesk, PaperNodes

from inhope_node.demo.analyst import Analyst, Arrivals, file_reports, report_body
from inhope_node.demo.casebook import Casebook
from inhope_node.demo.crew import Crew
from inhope_node.demo.desk import Desk, Json, PatientDesk, WorkEnded
from inhope_node.demo.generator import make_plan
from inhope_node.demo.members import HOTLINES
from inhope_node.demo.plan import Plan
from inhope_node.errors import BadInput, NodeNotRunning

NAMES = [member.name for member in HOTLINES]


def patient(desk: PaperDesk) -> PatientDesk:
    return PatientDesk(desk, Event(), retry_s=0)


def work_through(plan: Plan, faults: dict[str, list[str]]) -> PaperNodes:
    """Let one analyst at each hotline work until nobody has anything to do."""
    nodes, casebook, ended = PaperNodes(), Casebook(plan), Event()
    desks = {name: patient(PaperDesk(name, nodes, faults.get(name, []))) for name in NAMES}
    for name, desk in desks.items():
        file_reports(desk, casebook, name, Arrivals(), ended)
    analysts = [Analyst(name, desk, casebook, ended) for name, desk in desks.items()]
    while any(analyst.do_next() for analyst in analysts):
        pass
    assert casebook.troubles == ()
    assert casebook.judged == len(plan.items)
    return nodes


@given(
    st.integers(0, 500),
    st.dictionaries(
        st.sampled_from(NAMES), st.lists(st.sampled_from(["before", "after"]), max_size=40)
    ),
)
@settings(max_examples=40, deadline=None)
def test_every_item_comes_to_its_planned_state_whatever_breaks(
    seed: int, faults: dict[str, list[str]]
) -> None:
    plan = make_plan(seed, 12)
    nodes = work_through(plan, faults)
    found = sorted((item.report, item.address, item.state) for item in nodes.items.values())
    assert found == sorted(
        (report.reference, item.address, item.state)
        for report in plan.reports
        for item in report.items
    )
    assert len(nodes.references) == len(set(nodes.references)) == len(plan.reports)


def test_a_call_is_repeated_with_the_same_key_and_a_new_one_gets_a_new_key() -> None:
    desk = PaperDesk("hotline-a", PaperNodes(), ["after", "before"])
    calls = patient(desk)
    calls.post("/v1/items/next", {})
    calls.post("/v1/items/next", {})
    first, *repeated, last = desk.keys
    assert repeated == [first, first]
    assert last != first


def test_a_waiting_call_ends_with_the_working_day() -> None:
    ended = Event()
    ended.set()
    desk = PaperDesk("hotline-a", PaperNodes(), ["before"])
    with pytest.raises(WorkEnded):
        PatientDesk(desk, ended).get("/v1/status")
    assert PatientDesk(desk, ended).get("/v1/status") == {"path": "/v1/status"}


def test_a_reporter_is_named_only_where_there_is_one() -> None:
    bodies = [report_body(report) for report in make_plan(1, 60).reports]
    assert {bool(body.get("reporter")) for body in bodies} == {True, False}
    assert all(body.get("reporter", "x") for body in bodies)


def test_an_item_is_known_as_soon_as_its_filing_was_answered() -> None:
    plan = make_plan(1, 1)
    casebook = Casebook(plan)
    assert casebook.find("item-0", timeout_s=0) is None
    filing = threading.Timer(
        0.05, casebook.note_filed, (plan.reports[0], [f"item-{n}" for n in range(len(plan.items))])
    )
    filing.start()
    case = casebook.find("item-0", timeout_s=5)
    assert case is not None
    assert case.item is plan.items[0]


def test_what_a_node_refuses_is_noted_once_with_its_count() -> None:
    class Refusing(PaperDesk):
        def _verb(self, *_arguments: object) -> None:
            raise BadInput("The paper says no.")

    plan = make_plan(1, 3)
    casebook, nodes = Casebook(plan), PaperNodes()
    desk = patient(Refusing("hotline-a", nodes))
    file_reports(desk, casebook, "hotline-a", Arrivals(), Event())
    analyst = Analyst("hotline-a", desk, casebook, Event())
    for _ in range(3):
        analyst.do_next()
    assert len(casebook.troubles) == 1
    assert casebook.troubles[0].startswith("hotline-a: The paper says no.")


def test_a_crew_works_and_goes_home_though_a_node_is_down() -> None:
    class Down(PaperDesk):
        def _break(self, moment: str) -> None:
            raise NodeNotRunning(f"Torn {moment}.")

    plan = make_plan(2, 10)
    nodes, casebook = PaperNodes(), Casebook(plan)
    desks: dict[str, list[Desk]] = {
        "hotline-a": [PaperDesk("hotline-a", nodes)],
        "hotline-b": [Down("hotline-b", nodes)],
    }
    crew = Crew(casebook, desks)
    crew.start()
    expected = sum(report.hotline == "hotline-a" for report in plan.reports)
    for _ in range(100):
        if casebook.filed == expected:
            break
        threading.Event().wait(0.05)
    crew.end()
    assert casebook.filed == expected
    assert casebook.troubles == ()


def test_somebody_who_breaks_down_is_noted() -> None:
    class Broken(PaperDesk):
        def _do(self, *_arguments: object) -> Json:
            raise RuntimeError("torn")

    casebook = Casebook(make_plan(1, 1))
    report = casebook.plan.reports[0]
    crew = Crew(casebook, {report.hotline: [Broken(report.hotline, PaperNodes())]})
    crew.start()
    crew.end()
    assert any("stopped: RuntimeError" in trouble for trouble in casebook.troubles)


def test_reports_come_in_when_they_are_due_and_not_after_the_end() -> None:
    ended = Event()
    began = time.monotonic()
    arrivals = Arrivals(began, gap_s=0.05)
    assert all(arrivals.wait_for(number, ended) for number in range(3))
    assert time.monotonic() - began >= 0.1
    ended.set()
    assert not arrivals.wait_for(3, ended)


@pytest.mark.parametrize("seed", range(5))
def test_many_people_at_once_leave_no_item_behind(seed: int) -> None:
    plan = make_plan(seed, 12)
    nodes, casebook = PaperNodes(), Casebook(plan)
    desks: dict[str, list[Desk]] = {
        name: [PaperDesk(name, nodes) for _ in range(4)] for name in NAMES
    }
    crew = Crew(casebook, desks)
    crew.start()
    planned = sorted(item.state for item in plan.items)
    for _ in range(200):
        with nodes.lock:
            if sorted(item.state for item in nodes.items.values()) == planned:
                break
        threading.Event().wait(0.05)
    crew.end()
    assert sorted(item.state for item in nodes.items.values()) == planned
    assert casebook.troubles == ()
