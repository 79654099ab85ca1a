"""`card`: the node's own card, read from a real home without any node running."""

import base64
import json
from pathlib import Path

import pytest
from support.command_line import Type

from inhope_node.cli import card as card_module
from inhope_node.errors import HomeInUse, PassphraseWrong
from inhope_node.home import chain_file, create_home, own_chain
from keys.vault import Cost

PASSPHRASE = "five words do quite well"
LIGHT = Cost(memory_kib=8192, iterations=1, lanes=1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("card") / "home"
    create_home(
        path,
        net="demo",
        name="Hotline Alpha",
        role="hotline",
        countries=("XA",),
        contact="desk@alpha.example",
        listen="127.0.0.1:8443",
        endpoint="https://alpha.example:8443",
        passphrase=PASSPHRASE,
        now_ms=1_700_000_000_000,
        cost=LIGHT,
    )
    return path


def document(type_: Type, home: Path) -> dict[str, object]:
    result = type_("--home", str(home), "card", "show", "--json", home=False)
    shown: dict[str, object] = json.loads(result.stdout)
    return shown


def test_show_prints_twelve_numbered_words(home: Path, type_: Type) -> None:
    result = type_("--home", str(home), "card", "show", home=False)
    assert result.exit_code == 0
    words = document(type_, home)["words"]
    assert isinstance(words, list)
    assert len(words) == 12
    read = [line.split("\t")[1] for line in result.stdout.splitlines() if line.startswith("words")]
    assert " ".join(read).split()[1::2] == words
    assert " ".join(read).split()[::2] == [str(number) for number in range(1, 13)]
    for line in ("name\tHotline Alpha", "countries\tXA", "net\tdemo", "card version\t1"):
        assert line in result.stdout.splitlines()


def test_show_as_json_has_the_card_itself(home: Path, type_: Type) -> None:
    shown = document(type_, home)
    assert base64.b64decode(str(shown["card"])) == chain_file(own_chain(home))
    assert shown["organisation"] == {
        "name": "Hotline Alpha",
        "role": "hotline",
        "countries": ["XA"],
        "contact": "desk@alpha.example",
    }
    assert shown["endpoints"] == ["https://alpha.example:8443"]


def test_export_writes_what_a_peer_adds(home: Path, type_: Type, tmp_path: Path) -> None:
    target = tmp_path / "alpha.card"
    result = type_("--home", str(home), "card", "export", str(target), home=False)
    assert result.stdout == f"Card 1 written to {target}\n"
    assert target.read_bytes() == chain_file(own_chain(home))
    line = ("--home", str(home), "card", "export", str(target), "--json")
    assert json.loads(type_(*line, home=False).stdout)["file"] == str(target)


def test_export_to_a_pipe_is_the_bytes_alone(home: Path, type_: Type) -> None:
    result = type_("--home", str(home), "card", "export", "-", home=False)
    assert result.stdout_bytes == chain_file(own_chain(home))
    as_json = type_("--home", str(home), "card", "export", "-", "--json", home=False)
    assert json.loads(as_json.stdout) == document(type_, home)


@pytest.mark.usefixtures("terminal")
def test_export_does_not_pour_bytes_over_a_terminal(home: Path, type_: Type) -> None:
    result = type_("--home", str(home), "card", "export", "-", home=False)
    assert result.exit_code == 2
    assert "name a file or redirect the output" in result.stderr


def test_export_says_where_it_cannot_write(home: Path, type_: Type, tmp_path: Path) -> None:
    result = type_("--home", str(home), "card", "export", str(tmp_path), home=False)
    assert result.exit_code == 2
    assert "Cannot write" in result.stderr


def test_set_signs_the_next_card(home: Path, type_: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INHOPE_PASSPHRASE", PASSPHRASE)
    before = document(type_, home)
    line = ("card", "set", "--contact", "new@alpha.example", "--json")
    after = json.loads(type_("--home", str(home), *line, home=False).stdout)
    assert after["version"] == int(str(before["version"])) + 1
    assert after["organisation"]["contact"] == "new@alpha.example"
    assert after["words"] != before["words"]


def test_set_asks_for_the_passphrase(
    type_: Type, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(
        card_module, "change_card", lambda path, passphrase, **_: asked.append((path, passphrase))
    )
    line = ("--home", str(home), "card", "set", "--name", "Alpha")
    assert type_(*line, home=False, keys="my secret\n").exit_code == 0
    assert asked == [(home, "my secret")]


def test_set_without_a_change_asks_what_to_change(type_: Type, home: Path) -> None:
    result = type_("--home", str(home), "card", "set", home=False)
    assert result.exit_code == 2
    assert "Say what to change: --name, --contact or --endpoint." in result.stderr


@pytest.mark.parametrize("fault", [HomeInUse("Stop it first."), PassphraseWrong("It is wrong.")])
def test_set_ends_with_the_code_of_the_fault(
    fault: HomeInUse | PassphraseWrong, type_: Type, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setenv("INHOPE_PASSPHRASE", PASSPHRASE)
    monkeypatch.setattr(card_module, "change_card", refuse)
    result = type_("--home", str(home), "card", "set", "--name", "Alpha", home=False)
    assert (result.exit_code, result.stderr) == (fault.exit_code, f"inhope-node: {fault}\n")


def test_a_folder_that_is_no_home_has_no_card(type_: Type, tmp_path: Path) -> None:
    result = type_("--home", str(tmp_path), "card", "show", home=False)
    assert result.exit_code == 10
