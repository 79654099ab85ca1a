"""`item assess`: said with options, or asked letter by letter and shown before it is sent."""

import pytest
from support.command_line import Type
from support.desk_answers import ITEM, ITEM_ID, STATUS
from support.fake_desk import FakeDesk

YES = {"real": "yes", "below_age_limit": "yes", "severity": "yes"}
THREE = ("--real", "yes", "--below-age-limit", "yes", "--severity", "yes")


@pytest.fixture(autouse=True)
def _answers(desk: FakeDesk) -> None:
    desk.on_post(f"/v1/items/{ITEM_ID}/assess", ITEM)
    desk.on_get("/v1/status", STATUS)


def test_options_say_all_of_it(desk: FakeDesk, type_: Type) -> None:
    line = ("--label", "demo@1:alpha", "--label", "demo@1:beta", "--verdict", "xa=baseline")
    result = type_("item", "assess", ITEM_ID, *line, *THREE, "--verdict", "XB=undetermined")
    assert result.exit_code == 0
    assert desk.last.body == {
        "labels": ["demo@1:alpha", "demo@1:beta"],
        "baseline": YES,
        "verdicts": {"XA": "baseline", "XB": "undetermined"},
    }


def test_three_times_yes_spares_the_question_for_the_verdict(desk: FakeDesk, type_: Type) -> None:
    result = type_("item", "assess", ITEM_ID, keys="demo@1:alpha\ny\ny\ny\ny\n")
    assert result.exit_code == 0
    assert desk.last.body == {
        "labels": ["demo@1:alpha"],
        "baseline": YES,
        "verdicts": {"XA": "baseline"},
    }
    assert "verdict  XA baseline" in result.stderr


def test_otherwise_every_country_of_the_node_is_asked_for(desk: FakeDesk, type_: Type) -> None:
    desk.on_get("/v1/status", STATUS | {"countries": ["XA", "XC"]})
    result = type_("item", "assess", ITEM_ID, keys="\ny\nN\nu\nb\nn\no\ny\n")
    assert result.exit_code == 0
    assert "baseline" not in result.stderr.partition("verdict in XA")[2]
    assert desk.last.body == {
        "labels": [],
        "baseline": {"real": "yes", "below_age_limit": "no", "severity": "unknown"},
        "verdicts": {"XA": "nationally_illegal", "XC": "not_illegal"},
    }


def test_a_node_without_countries_is_asked_by_whose_law_it_judges(
    desk: FakeDesk, type_: Type
) -> None:
    desk.on_get("/v1/status", STATUS | {"countries": []})
    assert type_("item", "assess", ITEM_ID, keys="xa xb\n\ny\ny\ny\ny\n").exit_code == 0
    assert desk.last.body["verdicts"] == {"XA": "baseline", "XB": "baseline"}


def test_a_mistyped_label_is_asked_for_again(desk: FakeDesk, type_: Type) -> None:
    typed = "demo@1:alpha beta\ndemo@1:alpha demo@1:beta\ny\ny\ny\ny\n"
    result = type_("item", "assess", ITEM_ID, keys=typed)
    assert result.exit_code == 0
    assert "A label reads taxonomy@version:label, such as demo@1:alpha." in result.stderr
    assert desk.last.body["labels"] == ["demo@1:alpha", "demo@1:beta"]


def test_no_at_the_end_sends_nothing(desk: FakeDesk, type_: Type) -> None:
    result = type_("item", "assess", ITEM_ID, keys="\ny\ny\ny\nn\n")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (130, "inhope-node: Stopped.")
    assert [call.method for call in desk.calls] == ["GET"]


@pytest.mark.parametrize(
    "line",
    [("--label", "demo@1:alpha"), THREE, ("--verdict", "XA=baseline"), THREE[:4]],
)
def test_half_of_it_is_not_enough(line: tuple[str, ...], desk: FakeDesk, type_: Type) -> None:
    result = type_("item", "assess", ITEM_ID, *line)
    assert result.exit_code == 2
    assert "or no option at all to be asked." in result.stderr
    assert desk.calls == []


@pytest.mark.parametrize(
    "verdict", ["XA", "XA=illegal", "=baseline", "XAA=baseline", "XA:baseline"]
)
def test_a_verdict_names_a_country_and_a_known_result(
    verdict: str, desk: FakeDesk, type_: Type
) -> None:
    result = type_("item", "assess", ITEM_ID, *THREE, "--verdict", verdict)
    assert result.exit_code == 2
    assert "A verdict reads CC=VERDICT, such as XA=baseline" in result.stderr
    assert desk.calls == []
