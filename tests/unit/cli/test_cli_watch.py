"""`status`, `alarms` and `outbox`: what a person reads and what a program reads."""

import json

import pytest
from support.command_line import Type
from support.desk_answers import ALARM, STATUS, WAITING
from support.fake_desk import FakeDesk


def test_status_shows_the_node_and_each_channel(desk: FakeDesk, type_: Type) -> None:
    desk.on_get("/v1/status", STATUS)
    result = type_("status")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert "node\tHotline Alpha, hotline in net demo" in lines
    assert "running since\t2023-11-14 22:13:20Z (2 h ago)" in lines
    assert "items\t3 in all, 1 new, 2 offered" in lines
    assert "beta\tverified\thotline\tyes\t1 min ago\t4\t5\t6\ttries again in 1 min" in lines
    assert "gamma\tintroduced\thotline\tno\tnever\t0\t0\t0\tnot confirmed yet" in lines
    assert result.stderr == ""


def test_status_points_at_alarms(desk: FakeDesk, type_: Type) -> None:
    desk.on_get("/v1/status", STATUS | {"alarms": 2})
    result = type_("status")
    assert "alarms\t2" in result.stdout
    assert result.stderr.startswith("Something needs you; see: inhope-node --home ")
    assert result.stderr.endswith(f"{desk.home} alarms\n")


@pytest.mark.usefixtures("terminal")
def test_status_is_aligned_on_a_terminal(desk: FakeDesk, type_: Type) -> None:
    desk.on_get("/v1/status", STATUS | {"peers": []})
    result = type_("status")
    assert "\t" not in result.stdout
    assert "No peers yet; meet one with" in result.stdout


@pytest.mark.parametrize(
    ("words", "path", "document"),
    [
        (("status",), "/v1/status", STATUS | {"alarms": 1}),
        (("alarms",), "/v1/alarms", {"alarms": [ALARM]}),
        (("outbox", "list"), "/v1/outbox", {"outbox": [WAITING]}),
    ],
)
def test_json_is_the_answer_of_the_desk_and_nothing_else(
    words: tuple[str, ...], path: str, document: object, desk: FakeDesk, type_: Type
) -> None:
    desk.on_get(path, document)
    for line in (("--json", *words), (*words, "--json"), (words[0], "--json", *words[1:])):
        result = type_(*line)
        assert json.loads(result.stdout) == document
        assert result.stderr == ""


def test_alarms_say_what_to_do(desk: FakeDesk, type_: Type) -> None:
    desk.on_get("/v1/alarms", {"alarms": [ALARM]})
    cells = type_("alarms").stdout.rstrip("\n").split("\t")
    assert cells[:4] == ["2023-11-14 22:13:20Z", "3", "undelivered", "beta"]
    assert cells[4:] == ["Messages wait for more than a day.", "Call them."]


def test_the_outbox_says_what_waits(desk: FakeDesk, type_: Type) -> None:
    desk.on_get("/v1/outbox", {"outbox": [WAITING]})
    cells = type_("outbox", "list").stdout.rstrip("\n").split("\t")
    assert cells[1:3] == ["beta", "offer"]
    assert cells[-3:] == ["waiting", "-", "2"]


@pytest.mark.usefixtures("terminal")
def test_nothing_is_said_in_words_to_a_person(desk: FakeDesk, type_: Type) -> None:
    desk.on_get("/v1/alarms", {"alarms": []})
    desk.on_get("/v1/outbox", {"outbox": []})
    assert type_("alarms").stdout == "No alarms.\n"
    assert type_("outbox", "list").stdout == "Nothing waits.\n"


def test_nothing_is_nothing_in_a_pipe(desk: FakeDesk, type_: Type) -> None:
    desk.on_get("/v1/outbox", {"outbox": []})
    assert type_("outbox", "list").stdout == ""
