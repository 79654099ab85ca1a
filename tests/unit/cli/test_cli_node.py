"""`init` and `run`: what is asked, what is handed to the home and the daemon, what is told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.command_line import Type

from inhope_node.cli import node
from inhope_node.errors import BackendMissing, BadInput, HomeInUse, NodeError, PortInUse
from inhope_node.home import InitResult

WORDS = (
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
PASSPHRASE = "five words do quite well"
SAID = (
    *("--net", "demo", "--name", "Hotline Alpha", "--role", "hotline", "--country", "xa"),
    *("--country", "XB", "--contact", "desk@alpha.example"),
    *("--listen", "127.0.0.1:9000", "--endpoint", "https://alpha.example:9000"),
)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Stand in for the making of a home; holds what was asked for."""
    asked: dict[str, Any] = {}

    def create(path: Path, **settings: object) -> InitResult:
        asked.update(settings, path=path)
        token_path = path / "tokens" / "administrator.token"
        return InitResult(node_id="5a" * 32, words=WORDS, token_path=token_path)

    monkeypatch.setattr(node, "create_home", create)
    return asked


def fail(fault: NodeError) -> Callable[..., None]:
    def failing(*_: object, **__: object) -> None:
        raise fault

    return failing


def test_init_takes_all_from_options(
    made: dict[str, Any], type_: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
    monkeypatch.setattr(node, "system_clock", lambda: 1_700_000_000_000)
    result = type_("init", *SAID, "--passphrase-file", str(secret))
    assert result.exit_code == 0
    assert made == {
        "path": tmp_path / "home",
        "net": "demo",
        "name": "Hotline Alpha",
        "role": "hotline",
        "countries": ("XA", "XB"),
        "contact": "desk@alpha.example",
        "listen": "127.0.0.1:9000",
        "endpoint": "https://alpha.example:9000",
        "passphrase": PASSPHRASE,
        "now_ms": 1_700_000_000_000,
    }
    assert f"node id\t{'5a' * 32}\n" in result.stdout
    assert "tokens/administrator.token\n" in result.stdout
    assert "words of the card\t 1 one" in result.stdout
    assert f"inhope-node --home {tmp_path / 'home'} run\n" in result.stderr
    assert PASSPHRASE not in result.output


def test_init_asks_for_what_is_missing(made: dict[str, Any], type_: Type) -> None:
    about = ["demo", "Hotline Alpha", "h", "xa xb", "desk@alpha.example", "", ""]
    typed = [*about, PASSPHRASE, PASSPHRASE]
    result = type_("init", "--json", keys="\n".join(typed) + "\n")
    assert result.exit_code == 0
    assert (made["role"], made["countries"]) == ("hotline", ("XA", "XB"))
    assert (made["listen"], made["endpoint"]) == ("127.0.0.1:8443", "https://127.0.0.1:8443")
    assert made["passphrase"] == PASSPHRASE
    assert json.loads(result.stdout) == {
        "node_id": "5a" * 32,
        "words": list(WORDS),
        "token_file": str(made["path"] / "tokens" / "administrator.token"),
    }


def test_init_asks_interpol_for_no_countries(made: dict[str, Any], type_: Type) -> None:
    about = ["demo", "Central", "i", "ops@central.example", "127.0.0.1:9000", ""]
    typed = [*about, PASSPHRASE, PASSPHRASE]
    assert type_("init", keys="\n".join(typed) + "\n").exit_code == 0
    assert (made["role"], made["countries"]) == ("interpol", ())
    assert (made["listen"], made["endpoint"]) == ("127.0.0.1:9000", "https://127.0.0.1:9000")


def test_init_without_answers_says_what_is_missing(made: dict[str, Any], type_: Type) -> None:
    result = type_("init", "--role", "hotline")
    assert result.exit_code == 2
    assert result.stderr.endswith("answered: Net, the label of the federation\n")
    assert made == {}


def test_init_without_a_passphrase_says_how_to_give_it(made: dict[str, Any], type_: Type) -> None:
    result = type_("init", *SAID)
    assert result.exit_code == 9
    assert "give --passphrase-file, INHOPE_PASSPHRASE or the systemd credential" in result.stderr
    assert made == {}


def test_init_refuses_a_used_folder_before_it_asks(
    made: dict[str, Any], type_: Type, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "something").touch()
    result = type_("init")
    assert (result.exit_code, made) == (10, {})
    assert "is not empty; choose a new folder for the home." in result.stderr


def test_init_refuses_a_file_for_a_home(made: dict[str, Any], type_: Type, tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    result = type_("init")
    assert (result.exit_code, made) == (10, {})
    assert "cannot be a home: Not a directory." in result.stderr


@pytest.mark.parametrize("fault", [BadInput("A country has two letters."), BackendMissing("Old.")])
def test_init_ends_with_the_code_of_the_fault(
    fault: NodeError, type_: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INHOPE_PASSPHRASE", PASSPHRASE)
    monkeypatch.setattr(node, "create_home", fail(fault))
    result = type_("init", *SAID)
    assert (result.exit_code, result.stderr) == (fault.exit_code, f"inhope-node: {fault}\n")


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_run_hands_over_to_the_daemon_and_says_when_it_is_ready(
    form: tuple[str, ...], type_: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []

    def run(home: Path, passphrase: str, *, ready: Callable[[str], None]) -> None:
        started.append((home, passphrase))
        ready("Listening.")

    monkeypatch.setattr(node, "run_daemon", run)
    result = type_("run", *form, keys=PASSPHRASE + "\n")
    assert result.exit_code == 0
    assert started == [(tmp_path / "home", PASSPHRASE)]
    assert result.stdout == ('{"ready": "Listening."}\n' if form else "Listening.\n")


@pytest.mark.parametrize("fault", [HomeInUse("One runs."), PortInUse("The port is taken.")])
def test_run_ends_with_the_code_of_the_fault(
    fault: NodeError, type_: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INHOPE_PASSPHRASE", PASSPHRASE)
    monkeypatch.setattr(node, "run_daemon", fail(fault))
    result = type_("run")
    assert (result.exit_code, result.stderr) == (fault.exit_code, f"inhope-node: {fault}\n")
