"""A command line under test: a home with a fake desk, and a way to type a command there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support.command_line import Type
from support.fake_desk import FakeDesk, running_desk

from inhope_node.cli import output
from inhope_node.cli.main import PROGRAM, root


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("INHOPE_HOME", "INHOPE_TOKEN_FILE", "INHOPE_PASSPHRASE", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FakeDesk]:
    with running_desk(tmp_path / "home") as running:
        yield running


@pytest.fixture
def type_(tmp_path: Path) -> Type:
    runner = CliRunner()

    def typed(*arguments: str, keys: str | bytes = "", home: bool = True) -> Result:
        start = ("--home", str(tmp_path / "home")) if home else ()
        line = [*start, *arguments]
        return runner.invoke(root, line, input=keys, prog_name=PROGRAM, catch_exceptions=False)

    return typed


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands believe that a person looks at stdout."""
    monkeypatch.setattr(output, "on_terminal", lambda: True)
