"""The picture and the last words: every count in its place, nothing but counts and names."""

import io
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console
from support.ideal_homes import ideal_homes, with_rows

from inhope_node.demo.audit import audit
from inhope_node.demo.generator import make_plan
from inhope_node.demo.live import LiveTable, ProgressLines, screen_for, table_of
from inhope_node.demo.members import HOTLINES, MEMBERS
from inhope_node.demo.play import Result, victim_of
from inhope_node.demo.show import (
    DEVIATIONS_SHOWN_MAX,
    figures_table,
    running_on,
    sentences,
    summary,
)
from inhope_node.demo.views import STAGES, View
from inhope_node.model.lifecycle import State

PLAN = make_plan(1, 20)
PROMISED = (
    "nodes reports items offered accepted returned orphaned at_interpol envelopes receipts"
    " lost doubled restarts seconds"
)


def views(**changes: Any) -> tuple[View, ...]:
    plain: dict[str, Any] = {
        "up": True,
        "reports": 3,
        "states": {"new": 2, "removed": 1},
        "received": 4,
        "receipts": 4,
    }
    return tuple(View(name=member.name, **plain | changes) for member in MEMBERS)


def result(**changes: Any) -> Result:
    whole = Result(
        finding=audit(PLAN, ideal_homes(PLAN)),
        views=views(),
        restarts=1,
        stalled=False,
        troubles=(),
        seconds=12.34,
    )
    return replace(whole, **changes)


def spoilt() -> Result:
    return result(finding=audit(PLAN, with_rows(ideal_homes(PLAN), "hotline-a", lambda _: None)))


def drawn(*things: object, width: int = 80, terminal: bool = False) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=terminal)
    console.print(*things)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_every_state_of_an_item_has_exactly_one_row() -> None:
    shown = [state for states in STAGES.values() for state in states]
    assert sorted(shown) == sorted(state.value for state in State)


def test_the_table_fits_a_terminal_of_eighty_by_twenty_four() -> None:
    lines = drawn(table_of(views(reports=9999, sent=99999))).splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) + 2 <= 24
    assert all("…" not in line for line in lines)


def test_the_table_adds_up_the_states_of_a_stage() -> None:
    lines = drawn(table_of(views(states={"removed": 2, "unavailable": 3}))).splitlines()
    offline = next(line for line in lines if "offline" in line)
    assert offline.split()[1:] == ["5"] * 4


def test_a_node_that_is_down_says_so_and_keeps_its_numbers() -> None:
    up, *others = views()
    text = drawn(table_of((replace(up, up=False), *others)))
    assert text.count("down") == 1
    assert text.count(" up") == 3
    assert next(line for line in text.splitlines() if "reports" in line).split()[1] == "3"


def test_a_pipe_gets_a_line_now_and_then_and_a_terminal_a_table() -> None:
    pipe, terminal = Console(file=io.StringIO()), Console(file=io.StringIO(), force_terminal=True)
    assert isinstance(screen_for(pipe), ProgressLines)
    assert isinstance(screen_for(terminal), LiveTable)


def test_a_progress_line_comes_once_in_a_while_and_names_who_is_down() -> None:
    console = Console(file=io.StringIO(), width=40)
    screen = screen_for(console)
    screen.open()
    up, *others = views(outbox=2)
    screen.show("   1 s", (replace(up, up=False), *others))
    screen.show("   2 s", views())
    screen.close()
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue() == "   1 s · outbox 8 · receipts 16 · down: hotline-a\n"


def test_a_terminal_keeps_what_was_said_and_sees_the_table() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=80)
    screen = screen_for(console)
    screen.open()
    screen.show("a headline", views())
    screen.say("[a sentence]")
    screen.close()
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert "a headline" in text
    assert "[a sentence]" in text
    assert "hotline-a" in text


def test_the_figures_hold_all_that_is_promised() -> None:
    figures = summary(PLAN, result())
    assert set(PROMISED.split()) <= set(figures)
    assert figures["nodes"] == 4
    assert figures["envelopes"] == figures["receipts"] == 16
    assert figures["seconds"] == 12.3
    assert (figures["lost"], figures["doubled"], figures["restarts"]) == (0, 0, 1)


def test_the_table_of_figures_shows_lost_and_doubled() -> None:
    lines = drawn(figures_table(summary(PLAN, spoilt()))).splitlines()
    values = {line.rsplit(maxsplit=1)[0].strip(): line.split()[-1] for line in lines}
    assert int(values["lost"]) > 0
    assert values["doubled"] == "0"
    assert values["items in them"] == str(spoilt().finding.figures.items)


def test_a_clean_end_says_so_in_one_sentence() -> None:
    killed, clean = sentences(PLAN, result())
    assert killed.startswith(victim_of(PLAN.seed))
    assert f"{len(PLAN.items)} items" in clean
    assert sentences(PLAN, result(restarts=0)) == [clean]


def test_a_spoilt_end_names_faults_but_not_all_of_them_and_no_address() -> None:
    said = sentences(PLAN, replace(spoilt(), troubles=("hotline-b: No. (2 times)",)))
    faults = [sentence for sentence in said if sentence.startswith("Not as planned")]
    assert len(faults) == DEVIATIONS_SHOWN_MAX + 1
    assert "further deviations" in faults[-1]
    assert said[-1] == "Refused meanwhile: hotline-b: No. (2 times)"
    assert not any("://" in sentence for sentence in said)


def test_over_four_seeds_every_daemon_is_killed_once() -> None:
    assert {victim_of(seed) for seed in range(1, 5)} == {member.name for member in MEMBERS}


def test_the_same_demo_can_be_asked_for_again() -> None:
    assert "demo --seed 1 --reports 20" in running_on(PLAN)


@pytest.mark.parametrize("member", HOTLINES, ids=lambda member: member.name)
def test_a_view_adds_up_its_items(member: object) -> None:
    view = View(name=getattr(member, "name", ""), states={"new": 2, "removed": 1})
    assert view.items == 3
    assert view.stage("waiting for a look") == 2
