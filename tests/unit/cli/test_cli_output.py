"""How single values are written, and what a person at a real terminal can do with a question."""

import sys

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhope_node.cli import ask, output


@given(st.text())
def test_no_text_can_steer_a_terminal_or_break_a_line(text: str) -> None:
    assert output.harmless(text).isprintable()
    assert "\t" not in output.cell(text)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "-"), ("", "-"), ([], "-"), (0, "0"), (True, "yes"), (False, "no"), (["a", 1], "a, 1")],
)
def test_a_cell_has_a_word_for_nothing_and_for_truth(value: object, shown: str) -> None:
    assert output.cell(value) == shown


@given(st.integers(0, 2**63 - 1))
def test_every_time_a_peer_can_send_has_a_picture(at_ms: int) -> None:
    assert output.moment(at_ms)


@pytest.mark.parametrize(
    ("length_ms", "shown"),
    [(0, "0 s"), (999, "0 s"), (59_999, "59 s"), (60_000, "1 min"), (7_200_000, "2 h")],
)
def test_a_duration_is_told_in_its_largest_unit(length_ms: int, shown: str) -> None:
    assert output.duration(length_ms) == shown


def test_a_time_beyond_the_calendar_is_told_as_a_number() -> None:
    assert output.moment(2**63 - 1) == f"{2**63 - 1} ms"


@pytest.mark.parametrize("question", [lambda: ask.text("Name"), lambda: ask.secret("Word", False)])  # noqa: FBT003
def test_a_person_who_stops_at_a_question_stops_the_command(
    question: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> str:
        raise click.Abort

    monkeypatch.setattr(click, "prompt", stopped)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    assert callable(question)
    with pytest.raises(click.Abort):
        question()
