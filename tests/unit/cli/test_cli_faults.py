"""Every fault is one sentence, an exit code, with `--json` an object; none repeats contents."""

import json
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.command_line import Type
from support.desk_answers import STATUS
from support.fake_desk import FakeDesk

from inhope_node.cli import faults
from inhope_node.errors import BY_CODE, Internal, NodeError

SECRET = "https://host.example/one"


def fail_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make `status` fail inside with `error`."""

    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("inhope_node.desk_client.DeskClient.get", broken)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("code", BY_CODE)
def test_every_fault_has_its_sentence_and_exit_code(
    code: str, type_: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_with(BY_CODE[code]("Do this."), monkeypatch)
    plain = type_("status")
    assert (plain.stdout, plain.stderr) == ("", "inhope-node: Do this.\n")
    for line in (("--json", "status"), ("status", "--json")):
        result = type_(*line)
        assert json.loads(result.stdout) == {"error": {"code": code, "message": "Do this."}}
        assert result.stderr == "inhope-node: Do this.\n"
        assert result.exit_code == plain.exit_code == BY_CODE[code].exit_code


@pytest.mark.usefixtures("desk")
def test_a_fault_nobody_foresaw_tells_its_place_and_nothing_else(
    type_: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_with(KeyError(SECRET), monkeypatch)
    result = type_("status", "--json")
    assert result.exit_code == 1
    assert "This command broke (KeyError, inhope_node.cli.status:" in result.stderr
    assert SECRET not in result.output
    assert json.loads(result.stdout)["error"]["code"] == "internal"


def test_a_fault_from_elsewhere_has_no_place_of_ours() -> None:
    assert "outside the node" in str(faults.understood(ValueError(SECRET), ()))


@pytest.mark.usefixtures("desk")
def test_a_person_may_stop_a_command(type_: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(KeyboardInterrupt(), monkeypatch)
    result = type_("status")
    assert (result.exit_code, result.stderr) == (130, "inhope-node: Stopped.\n")


@pytest.mark.usefixtures("desk")
def test_a_reader_that_goes_away_is_no_fault(type_: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(BrokenPipeError(32, "Broken pipe"), monkeypatch)
    result = type_("status")
    assert (result.exit_code, result.stderr) == (1, "")


def test_a_daemon_that_is_away_says_how_to_start_it(type_: Type, tmp_path: Path) -> None:
    tokens = tmp_path / "home" / "tokens"
    tokens.mkdir(parents=True)
    (tokens / "ada.token").write_text("token", encoding="ascii")
    (tokens / "ada.token").chmod(0o600)
    result = type_("status")
    assert result.exit_code == 8
    assert f"start it with `inhope-node --home {tmp_path / 'home'} run`" in result.stderr


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (["itm"], "No such command 'itm'. Did you mean 'item'? Try 'inhope-node --help'."),
        (["--hme", "x"], "No such option '--hme'."),
        (["item", "tak"], "No such command 'tak'. Did you mean 'take'?"),
        (["item", "take"], "Missing argument 'ID'. Try 'inhope-node item take --help'."),
        (["status", "--as", "ada"], "--as stands before the command: inhope-node --as ..."),
        (["item", "list", "--home", "x"], "--home stands before the command"),
        (["item", "list", "--limit", "0"], "Try 'inhope-node item list --help'."),
    ],
)
def test_a_wrong_command_line_is_one_sentence(line: list[str], sentence: str, type_: Type) -> None:
    plain, as_json = type_(*line, home=False), type_("--json", *line, home=False)
    assert plain.exit_code == as_json.exit_code == 2
    assert plain.stderr.startswith("inhope-node: ")
    assert plain.stderr.count("\n") == 1
    assert sentence in plain.stderr
    assert json.loads(as_json.stdout)["error"]["code"] == "bad-input"


@pytest.mark.parametrize(
    "line",
    [
        [SECRET],
        ["--" + SECRET],
        ["item", SECRET],
        ["item", "list", SECRET],
        ["item", "list", "--limit", SECRET],
        ["item", "list", f"--limit={SECRET}"],
        ["item", "act", "01890a5d-ac96-7744-b1c2-0123456789ab", SECRET],
        ["user", "add", "dana", "--role", SECRET],
        ["report", "file", "--from", "list.txt", "a" * 41],
    ],
)
def test_no_sentence_repeats_what_could_be_contents(line: list[str], type_: Type) -> None:
    result = type_(*line, "--json", home=False)
    assert result.exit_code == 2
    assert line[-1].rpartition("=")[2] not in result.output
    assert "host.example" not in result.output


@given(st.lists(st.sampled_from(["a", "--x=https://b.example/c", "d.example", "e" * 41, "f/g"])))
def test_leaving_out_contents_leaves_out_all_of_them(arguments: list[str]) -> None:
    sentence = faults.without_contents("Got (" + " ".join(arguments) + ").", arguments)
    assert not any(mark in sentence for mark in ("example", "e" * 41, "f/g"))


@pytest.mark.parametrize("line", [[], ["item"], ["card"], ["peer"]])
def test_a_group_alone_shows_its_help(line: list[str], type_: Type) -> None:
    result = type_(*line, home=False)
    assert result.exit_code == 2
    assert "Example:" in result.stderr


def test_other_faults_of_click_are_sentences_too() -> None:
    fault = faults.understood(click.FileError("f", "no space"), ())
    assert isinstance(fault, NodeError)
    assert "no space" in str(fault)
    assert str(faults.understood(click.UsageError("Not so."), ())) == "Not so."


def test_internal_is_the_fault_of_last_resort() -> None:
    assert type(faults.understood(RuntimeError(), ())) is Internal


def test_options_between_words_of_a_command_are_understood(desk: FakeDesk, type_: Type) -> None:
    desk.on_get("/v1/peers", {"peers": []})
    desk.on_get("/v1/status", STATUS)
    assert json.loads(type_("peer", "--json", "list").stdout) == {"peers": []}
