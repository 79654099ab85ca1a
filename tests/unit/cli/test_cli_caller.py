"""Which home and whose token a command works with."""

from pathlib import Path

import pytest
from support.command_line import Type
from support.desk_answers import STATUS
from support.fake_desk import TOKEN, FakeDesk

from inhope_node.cli.caller import Caller


@pytest.fixture(autouse=True)
def _status(desk: FakeDesk) -> None:
    desk.on_get("/v1/status", STATUS)


def add_token(desk: FakeDesk, name: str, token: str) -> Path:
    path = desk.home / "tokens" / f"{name}.token"
    path.write_text(token, encoding="utf-8")
    path.chmod(0o600)
    return path


def sent_token(desk: FakeDesk) -> str:
    return desk.last.headers["Authorization"].removeprefix("Bearer ")


def test_the_only_token_in_the_home_is_used(desk: FakeDesk, type_: Type) -> None:
    assert type_("status").exit_code == 0
    assert sent_token(desk) == TOKEN


def test_as_names_whose_token_to_use(desk: FakeDesk, type_: Type) -> None:
    add_token(desk, "dana", "token-of-dana")
    assert type_("--as", "dana", "status").exit_code == 0
    assert sent_token(desk) == "token-of-dana"


def test_of_several_tokens_the_one_called_like_the_login_is_used(
    desk: FakeDesk, type_: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_token(desk, "dana", "token-of-dana")
    monkeypatch.setattr("getpass.getuser", lambda: "dana")
    assert type_("status").exit_code == 0
    assert sent_token(desk) == "token-of-dana"


@pytest.mark.parametrize("fault", [KeyError, OSError])
def test_several_tokens_and_no_hint_ask_who_one_is(
    fault: type[Exception], desk: FakeDesk, type_: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise fault

    add_token(desk, "dana", "token-of-dana")
    monkeypatch.setattr("getpass.getuser", nobody)
    result = type_("status")
    assert result.exit_code == 3
    assert "holds the tokens of ada, dana; say who you are with --as NAME" in result.stderr


def test_a_token_file_goes_before_everything_else(
    desk: FakeDesk, type_: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "mine"
    mine.write_text("token-in-a-file\n", encoding="ascii")
    mine.chmod(0o600)
    assert type_("--token-file", str(mine), "--as", "ada", "status").exit_code == 0
    assert sent_token(desk) == "token-in-a-file"
    monkeypatch.setenv("INHOPE_TOKEN_FILE", str(mine))
    assert type_("status").exit_code == 0
    assert sent_token(desk) == "token-in-a-file"


@pytest.mark.parametrize(
    ("content", "mode", "sentence"),
    [
        ("token", 0o640, "Others can read the token; close it with `chmod 600 "),
        ("", 0o600, "is empty; ask for a new token."),
        ("tökén", 0o600, "no readable token at"),
    ],
)
def test_a_token_that_is_unfit_is_not_sent(
    content: str, mode: int, sentence: str, desk: FakeDesk, type_: Type
) -> None:
    add_token(desk, "ada", content).chmod(mode)
    result = type_("status")
    assert result.exit_code == 3
    assert sentence in result.stderr
    assert desk.calls == []


def test_a_user_without_a_token_here_is_told(desk: FakeDesk, type_: Type) -> None:
    result = type_("--as", "dana", "status")
    assert result.exit_code == 3
    assert "There is no readable token at" in result.stderr
    assert desk.calls == []


def test_a_name_is_no_path(type_: Type) -> None:
    result = type_("--as", "../ada", "status")
    assert result.exit_code == 2
    assert "A user's name has 1 to 32 small letters" in result.stderr


def test_a_home_without_tokens_asks_for_yours(desk: FakeDesk, type_: Type) -> None:
    (desk.home / "tokens" / "ada.token").unlink()
    result = type_("status")
    assert result.exit_code == 3
    assert "holds no token; name yours with --token-file FILE." in result.stderr


def test_no_home_said_is_told(type_: Type) -> None:
    result = type_("status", home=False)
    assert result.exit_code == 2
    assert "Say which node: --home DIR before the command, or set INHOPE_HOME." in result.stderr


def test_a_home_that_is_not_there_is_told(type_: Type, tmp_path: Path) -> None:
    result = type_("--home", str(tmp_path / "no where"), "status", home=False)
    assert result.exit_code == 10
    assert "There is no home at '" in result.stderr


def test_the_environment_says_which_home(
    desk: FakeDesk, type_: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INHOPE_HOME", str(desk.home))
    desk.on_get("/v1/status", STATUS | {"alarms": 1})
    result = type_("status", home=False)
    assert result.exit_code == 0
    assert result.stderr == "Something needs you; see: inhope-node alarms\n"


def test_advice_repeats_what_leads_to_the_same_node(desk: FakeDesk, type_: Type) -> None:
    desk.on_get("/v1/status", STATUS | {"alarms": 1})
    token = desk.home / "tokens" / "ada.token"
    result = type_("--token-file", str(token), "--as", "ada", "status")
    assert f"--home {desk.home} --token-file {token} --as ada alarms" in result.stderr


def test_a_home_can_be_named_without_a_desk() -> None:
    assert Caller(Path("alpha"), None, "").advice("run") == "inhope-node run"
