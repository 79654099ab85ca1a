"""A home is made whole or not at all, and opens for its owner, its words and one daemon only."""

import os
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.daemons import PASSPHRASE, free_port, made_home, without_rights

from inhope_node import home as home_room
from inhope_node.config import Config, read_config
from inhope_node.errors import (
    BackendMissing,
    BadInput,
    HomeInUse,
    HomeUnusable,
    NodeError,
    PassphraseWrong,
)
from inhope_node.folder import write_file
from inhope_node.home import chain_file, change_card, open_home, own_card, own_chain
from inhope_node.node import open_node
from inhope_node.passphrase import CREDENTIAL, VARIABLE, obtain
from keys.errors import BackendUnfit
from keys.vault import TEST, save


def nobody(_question: str, _twice: bool) -> str:  # noqa: FBT001
    raise AssertionError("a person was asked")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that tests only read."""
    path = tmp_path_factory.mktemp("made") / "home"
    made_home(path)
    return path


def opened(path: Path, passphrase: str = PASSPHRASE) -> None:
    open_home(path, passphrase).close()


# --- making one


def test_a_new_home_is_its_owners_alone_and_holds_no_secret_in_the_open(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "home"
    result = made_home(path)
    token = result.token_path.read_text().strip()
    for file in [path, *path.rglob("*")]:
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file
        assert not file.name.startswith(".")
        if file.is_file() and file != result.token_path:
            data = file.read_bytes()
            assert PASSPHRASE.encode() not in data
            assert token.encode() not in data
    assert len(result.words) == 12
    home = open_home(path, PASSPHRASE)
    with closing(home.open_store()) as store:
        user = store.users.by_token(token)
        assert user is not None
        assert (user.name, user.role.value) == ("administrator", "administrator")
        assert store.audit.broken_at() == 0
    home.close()
    assert repr(home.identity.store_key) not in repr(home)


def test_a_folder_that_holds_anything_is_left_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "letter").write_text("mine")
    with pytest.raises(HomeUnusable, match="not empty"):
        made_home(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert [file.name for file in tmp_path.iterdir()] == ["letter"]


def test_a_home_is_not_made_where_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("mine")
    with pytest.raises(HomeUnusable, match="cannot be made"):
        made_home(tmp_path / "home")


@pytest.mark.parametrize("broken", ["write_file", "save", "open_store", "write_token"])
def test_a_making_that_fails_leaves_nothing_and_can_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    path = tmp_path / "home"

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(home_room, broken, full)
        with pytest.raises((OSError, HomeUnusable), match="No space left"):
            made_home(path)
    assert list(path.iterdir()) == []
    made_home(path)
    opened(path)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"role": "chief"}, "hotline"),
        ({"listen": "8443"}, "HOST:PORT"),
        ({"listen": "host:0"}, "HOST:PORT"),
        ({"listen": "host:65536"}, "HOST:PORT"),
        ({"listen": "host:٣"}, "HOST:PORT"),
        ({"countries": ("Xanadu",)}, "card"),
        ({"net": "A net"}, "card"),
        ({"endpoint": "http://host.example"}, "card"),
        ({"passphrase": ""}, "vault"),
    ],
)
def test_what_makes_no_card_makes_no_home(tmp_path: Path, more: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        made_home(tmp_path / "home", **more)
    assert not list(tmp_path.glob("home/*"))


def test_an_ipv6_address_may_be_listened_on(tmp_path: Path) -> None:
    made_home(tmp_path / "home", listen=f"[::1]:{free_port()}")
    assert read_config(tmp_path / "home" / "node.toml").listen_host == "::1"


@pytest.mark.parametrize("verb", [made_home, opened])
def test_nothing_runs_on_a_broken_cryptographic_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: Callable[[Path], None]
) -> None:
    def unfit() -> None:
        raise BackendUnfit("cryptography is too old: install version 48.")

    monkeypatch.setattr(home_room, "check_backend", unfit)
    with pytest.raises(BackendMissing, match="install version 48") as refusal:
        verb(tmp_path / "home")
    assert refusal.value.exit_code == 15


# --- opening one


@pytest.mark.parametrize("passphrase", ["", "wrong", PASSPHRASE + " "])
def test_another_passphrase_opens_nothing(made: Path, passphrase: str) -> None:
    with pytest.raises(PassphraseWrong, match="the passphrase is wrong, or") as refusal:
        opened(made, passphrase)
    assert refusal.value.exit_code == 9
    opened(made)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made_home(tmp_path / "home")
    return tmp_path / "home"


def test_a_vault_that_others_may_read_is_not_opened(home: Path) -> None:
    (home / "vault").chmod(0o644)
    with pytest.raises(HomeUnusable, match="give it mode 0600") as refusal:
        opened(home)
    assert refusal.value.exit_code == 10
    (home / "vault").chmod(0o600)
    opened(home)


def test_a_damaged_vault_is_said_to_be_one(home: Path) -> None:
    data = bytearray((home / "vault").read_bytes())
    data[-1] ^= 1
    (home / "vault").write_bytes(bytes(data))
    with pytest.raises(PassphraseWrong, match="damaged"):
        opened(home)


def test_a_vault_that_cannot_be_read_is_named(home: Path) -> None:
    (home / "vault").unlink()
    (home / "vault").mkdir(mode=0o700)
    with pytest.raises(HomeUnusable):
        opened(home)


def test_a_vault_on_a_broken_disk_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(home_room, "load", broken)
    with pytest.raises(HomeUnusable, match="cannot be read: Input/output error"):
        opened(home)


def test_a_home_of_somebody_else_is_said_to_be_unreadable(home: Path) -> None:
    with without_rights(home):
        for verb in (opened, own_chain):
            with pytest.raises(HomeUnusable, match=r"Permission denied.*user that it belongs to"):
                verb(home)
    opened(home)


@pytest.mark.parametrize("path", ["nowhere", "empty"])
def test_a_folder_without_a_node_says_how_to_make_one(tmp_path: Path, path: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(HomeUnusable, match="inhope-node init"):
        opened(tmp_path / path)


def test_a_home_is_one_daemons_at_a_time(home: Path) -> None:
    first = open_home(home, PASSPHRASE)
    with pytest.raises(HomeInUse, match="stop it first") as refusal:
        opened(home)
    assert refusal.value.exit_code == 11
    first.close()
    opened(home)


def test_a_refused_opening_lets_go_of_the_home(home: Path) -> None:
    with pytest.raises(PassphraseWrong):
        opened(home, "wrong")
    opened(home)


def test_a_home_that_cannot_be_locked_is_named(home: Path) -> None:
    (home / "lock").unlink(missing_ok=True)
    (home / "lock").mkdir()
    with pytest.raises(HomeUnusable, match="cannot be used"):
        opened(home)


@pytest.mark.parametrize("damage", ["none", "bytes", "name", "gap"])
def test_cards_that_are_missing_or_damaged_are_named(home: Path, damage: str) -> None:
    card = home / "cards" / "1.card"
    if damage == "bytes":
        card.write_bytes(b"x")
    elif damage == "none":
        card.unlink()
    else:
        card.rename(card.with_name({"name": "one.card", "gap": "2.card"}[damage]))
        if damage == "gap":
            (home / "cards" / "1.card").write_bytes(b"")
    with pytest.raises(HomeUnusable, match=r"restore the folder cards/"):
        opened(home)


def test_cards_of_another_node_are_not_taken_for_ours(home: Path, made: Path) -> None:
    (home / "cards" / "1.card").write_bytes((made / "cards" / "1.card").read_bytes())
    with pytest.raises(HomeUnusable, match="of two nodes"):
        opened(home)


def test_a_database_of_another_node_is_not_opened(home: Path, made: Path) -> None:
    (home / "node.db").write_bytes((made / "node.db").read_bytes())
    for name in ("node.db-wal", "node.db-shm"):
        (home / name).unlink(missing_ok=True)
    ours = open_home(home, PASSPHRASE)
    with pytest.raises(HomeUnusable, match="belong together"):
        open_node(ours, lambda: 1)
    ours.close()


# --- its card


def test_the_card_is_changed_by_a_next_one_that_follows(home: Path) -> None:
    card = change_card(home, PASSPHRASE, now_ms=1, name="New name")
    card = change_card(home, PASSPHRASE, now_ms=2, endpoint="https://new.example:1")
    assert (card.card.version, card.card.organisation.name) == (3, "New name")
    assert own_card(home) == card
    assert len(own_chain(home)) == 3
    assert len(chain_file(own_chain(home))) > len(card.encode())
    opened(home)


def test_a_card_that_would_not_be_valid_changes_nothing(home: Path) -> None:
    for more in ({"name": "x" * 1000}, {"endpoint": "http://host.example"}):
        with pytest.raises(BadInput, match="would not be valid"):
            change_card(home, PASSPHRASE, now_ms=1, **more)
    assert own_card(home).card.version == 1
    opened(home)


def test_a_card_is_not_changed_under_a_running_node(home: Path) -> None:
    first = open_home(home, PASSPHRASE)
    with pytest.raises(HomeInUse):
        change_card(home, PASSPHRASE, now_ms=1, name="New name")
    first.close()


def test_a_card_is_signed_where_the_root_is(home: Path) -> None:
    first = open_home(home, PASSPHRASE)
    without = first.identity
    first.close()
    object.__setattr__(without, "root", None)
    (home / "vault").unlink()
    save(home / "vault", without, PASSPHRASE, cost=TEST)
    with pytest.raises(BadInput, match="sign the card where it is kept"):
        change_card(home, PASSPHRASE, now_ms=1, name="New name")
    opened(home)


def test_a_file_is_there_as_a_whole_or_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    write_file(file, b"old")

    def broken(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", broken)
        with pytest.raises(HomeUnusable, match="file cannot be written: No space"):
            write_file(file, b"new")
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


# --- settings


def test_the_settings_of_a_new_home_are_the_defaults(made: Path) -> None:
    config = read_config(made / "node.toml")
    assert config.rules == Config().rules


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("listen_prt = 1", "'listen_prt'"),
        ("listen_port = 0", "'listen_port'"),
        ("[rules.deadlines_ms]\nlease = 1", "'rules.deadlines_ms.lease'"),
        ("= x", "not TOML"),
        ("\xff", "not TOML"),
    ],
)
def test_a_wrong_setting_is_named_by_its_place(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "node.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(HomeUnusable, match=says):
        read_config(tmp_path / "node.toml")


def test_settings_that_are_missing_are_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(HomeUnusable, match="cannot be read: No such file"):
        read_config(tmp_path / "node.toml")


# --- passphrase


@pytest.fixture(autouse=True)
def _no_passphrase_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (VARIABLE, "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)


def test_a_passphrase_comes_from_file_environment_credential_or_a_person_in_this_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def person(question: str, twice: bool) -> str:  # noqa: FBT001
        asked.append((question, twice))
        return "from a person, long"

    assert obtain(None, confirm=True, prompt=person) == "from a person, long"
    assert asked == [("Passphrase of this node's vault", True)]
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert obtain(None, confirm=False, prompt=person) == "from a person, long"
    (tmp_path / CREDENTIAL).write_text("from systemd\n")
    assert obtain(None, confirm=False, prompt=nobody) == "from systemd"
    monkeypatch.setenv(VARIABLE, "from the environment")
    assert obtain(None, confirm=False, prompt=nobody) == "from the environment"
    file = tmp_path / "file"
    file.write_text("from a file\nsecond line")
    assert obtain(file, confirm=False, prompt=nobody) == "from a file"


@pytest.mark.parametrize("data", [None, b"\xff\xfe"])
def test_a_passphrase_file_that_cannot_be_read_is_said_to_be_one(
    tmp_path: Path, data: bytes | None
) -> None:
    if data is not None:
        (tmp_path / "file").write_bytes(data)
    with pytest.raises(BadInput, match="check its path and its rights"):
        obtain(tmp_path / "file", confirm=False, prompt=nobody)


def test_a_new_passphrase_has_a_length_an_old_one_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert obtain(tmp_path / "file", confirm=False, prompt=nobody) == ""
    with pytest.raises(BadInput, match="at least 12 characters"):
        obtain(tmp_path / "file", confirm=True, prompt=nobody)


@pytest.mark.parametrize("source", ["file", "environment", "credential"])
def test_a_vault_opens_with_the_passphrase_of_every_source(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    (tmp_path / CREDENTIAL).write_text(PASSPHRASE + "\n")
    if source == "environment":
        monkeypatch.setenv(VARIABLE, PASSPHRASE)
    if source == "credential":
        monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    file = tmp_path / CREDENTIAL if source == "file" else None
    opened(made, obtain(file, confirm=False, prompt=nobody))


def test_every_fault_of_a_home_is_one_sentence(made: Path) -> None:
    with pytest.raises(NodeError) as refusal:
        opened(made, "wrong")
    assert str(refusal.value).endswith(".")
    assert "wrong" not in str(refusal.value).replace("is wrong", "")
