"""`user`: a new user's token ends in a private file, and nowhere else."""

import json
from pathlib import Path

import pytest
from support.command_line import Type
from support.desk_answers import USER
from support.fake_desk import FakeDesk

NEW = "token-of-dana"


@pytest.fixture(autouse=True)
def _answers(desk: FakeDesk) -> None:
    desk.on_post("/v1/users", {"user": USER, "token": NEW})
    desk.on_get("/v1/users", {"users": [USER]})


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_the_token_lies_in_the_home_for_its_owner_only(
    form: tuple[str, ...], desk: FakeDesk, type_: Type
) -> None:
    result = type_("user", "add", "dana", "--role", "analyst", *form)
    path = desk.home / "tokens" / "dana.token"
    assert result.exit_code == 0
    assert path.read_text(encoding="ascii") == NEW + "\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert NEW not in result.output
    assert str(path) in result.stdout
    assert desk.last.body == {"name": "dana", "role": "analyst"}


def test_json_says_where_the_token_lies(desk: FakeDesk, type_: Type, tmp_path: Path) -> None:
    target = tmp_path / "for-dana"
    line = ("user", "add", "dana", "--role", "analyst", "--pseudonym", "analyst-2", "--json")
    result = type_(*line, "--token-to", str(target))
    assert json.loads(result.stdout) == {"user": USER, "token_file": str(target)}
    assert desk.last.body["pseudonym"] == "analyst-2"
    assert target.read_text(encoding="ascii") == NEW + "\n"


def test_a_token_that_lies_there_is_never_overwritten(desk: FakeDesk, type_: Type) -> None:
    result = type_("--as", "ada", "user", "add", "ada", "--role", "analyst")
    assert result.exit_code == 5
    assert "exists already; choose another place with --token-to FILE." in result.stderr
    assert desk.calls == []


def test_a_refusal_leaves_no_file_behind(desk: FakeDesk, type_: Type) -> None:
    desk.refuse("POST", "/v1/users", status=403, code="not-allowed", message="Ask a manager.")
    result = type_("user", "add", "dana", "--role", "analyst")
    assert (result.exit_code, result.stderr) == (3, "inhope-node: Ask a manager.\n")
    assert not (desk.home / "tokens" / "dana.token").exists()


def test_a_place_that_cannot_be_written_is_told_before_the_node_is_asked(
    desk: FakeDesk, type_: Type, tmp_path: Path
) -> None:
    target = tmp_path / "no" / "folder"
    result = type_("user", "add", "dana", "--role", "analyst", "--token-to", str(target))
    assert result.exit_code == 2
    assert "Cannot write" in result.stderr
    assert desk.calls == []


def test_a_role_nobody_has_is_refused(desk: FakeDesk, type_: Type) -> None:
    result = type_("user", "add", "dana", "--role", "king")
    assert result.exit_code == 2
    assert "'analyst', 'manager', 'administrator'" in result.stderr
    assert desk.calls == []


def test_list_gives_a_line_a_user(type_: Type) -> None:
    assert type_("user", "list").stdout == "dana\tanalyst\tanalyst-2\n"
    assert json.loads(type_("--json", "user", "list").stdout) == {"users": [USER]}
