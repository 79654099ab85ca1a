"""The vault: opens with the passphrase only, and a failed write leaves the old one."""

import os
from pathlib import Path
from typing import Any

import pytest
from support.identities import seeded_identity

from keys import vault
from keys.encoding import decode, encode
from keys.errors import VaultExposed, VaultLocked
from keys.vault import TEST, Cost, load, save

ALPHA, BETA = seeded_identity(), seeded_identity("beta")
PASSPHRASE = "correct horse"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "vault"
    save(found, ALPHA, PASSPHRASE, cost=TEST)
    return found


def test_what_is_saved_loads(path: Path) -> None:
    assert load(path, PASSPHRASE) == ALPHA


def test_the_default_cost_works_too(tmp_path: Path) -> None:
    save(tmp_path / "vault", ALPHA, PASSPHRASE)
    assert load(tmp_path / "vault", PASSPHRASE) == ALPHA
    assert Cost(65536, 3, 4) == vault.DEFAULT


def test_the_file_belongs_to_its_owner_alone(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600


def test_no_secret_stands_in_the_file(path: Path) -> None:
    data = path.read_bytes()
    assert ALPHA.root
    for secret in (ALPHA.root.seed, ALPHA.signing.seed, ALPHA.store_key, ALPHA.tls.key_der):
        assert secret[:16] not in data
    save(path, ALPHA, PASSPHRASE, cost=TEST)
    assert path.read_bytes() != data


@pytest.mark.parametrize("typed", ["", "correct hors", "Correct horse", "correct horse ", "\x00"])
def test_another_passphrase_opens_nothing(path: Path, typed: str) -> None:
    with pytest.raises(VaultLocked) as refusal:
        load(path, typed)
    assert typed.strip() == "" or typed not in str(refusal.value)


def test_a_passphrase_may_be_typed_composed_or_decomposed(path: Path) -> None:
    save(path, ALPHA, "caf\u00e9 \udcff", cost=TEST)
    assert load(path, "cafe\u0301 \udcff") == ALPHA


def test_an_empty_passphrase_locks_nothing(tmp_path: Path) -> None:
    with pytest.raises(VaultLocked, match="empty"):
        save(tmp_path / "vault", ALPHA, "", cost=TEST)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "cost", [Cost(1023, 1, 1), Cost(2**20 + 1, 1, 1), Cost(8192, 0, 1), Cost(8192, 1, 17)]
)
def test_a_cost_outside_its_bounds_is_refused(tmp_path: Path, cost: Cost) -> None:
    with pytest.raises(VaultLocked, match="cost"):
        save(tmp_path / "vault", ALPHA, PASSPHRASE, cost=cost)


@pytest.mark.parametrize(
    ("position", "value"),
    [
        (0, 2),
        (1, 8193),
        (1, 2**40),
        (2, 2),
        (2, 0),
        (3, 2),
        (4, bytes(16)),
        (4, bytes(15)),
        (5, bytes(12)),
        (5, bytes(13)),
        (6, b""),
        (6, bytes(900)),
    ],
)
def test_every_field_is_bound(path: Path, position: int, value: Any) -> None:
    fields: Any = decode(path.read_bytes(), bytes_max=100_000)
    fields[position] = value
    path.write_bytes(encode(fields))
    with pytest.raises(VaultLocked):
        load(path, PASSPHRASE)


@pytest.mark.parametrize("length", [0, 1, 40, -1])
def test_a_truncated_vault_is_damaged(path: Path, length: int) -> None:
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(VaultLocked):
        load(path, PASSPHRASE)


def test_an_overlong_vault_is_damaged(path: Path) -> None:
    path.write_bytes(bytes(vault.VAULT_BYTES_MAX + 10))
    with pytest.raises(VaultLocked):
        load(path, PASSPHRASE)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644])
def test_a_vault_that_others_can_reach_is_exposed(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(VaultExposed, match="0600"):
        load(path, PASSPHRASE)
    path.chmod(0o400)
    assert load(path, PASSPHRASE) == ALPHA


def test_a_vault_is_a_regular_file(path: Path, tmp_path: Path) -> None:
    link, pipe, folder = (tmp_path / name for name in ("link", "pipe", "folder"))
    link.symlink_to(path)
    os.mkfifo(pipe, 0o600)
    folder.mkdir(0o700)
    for other in (link, pipe, folder):
        with pytest.raises(VaultExposed, match="regular"):
            load(other, PASSPHRASE)


def test_a_missing_vault_or_folder_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "vault", PASSPHRASE)
    with pytest.raises(FileNotFoundError):
        save(tmp_path / "nowhere" / "vault", ALPHA, PASSPHRASE, cost=TEST)


def test_a_new_vault_replaces_the_old_one_whole(path: Path) -> None:
    save(path, BETA, "other", cost=TEST)
    assert load(path, "other") == BETA
    assert [file.name for file in path.parent.iterdir()] == ["vault"]


@pytest.mark.parametrize("step", ["fsync", "fchmod", "replace"])
def test_a_failed_write_leaves_the_old_vault_and_no_draft(
    path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path if step == "replace" else os, step, fail)
    with pytest.raises(OSError, match="No space"):
        save(path, BETA, "other", cost=TEST)
    monkeypatch.undo()
    assert load(path, PASSPHRASE) == ALPHA
    assert [file.name for file in path.parent.iterdir()] == ["vault"]


def test_file_and_folder_are_synced_before_and_after_the_rename(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    sync, rename = os.fsync, Path.replace

    def recorded_sync(descriptor: int) -> None:
        steps.append("folder" if Path(f"/dev/fd/{descriptor}").is_dir() else "file")
        sync(descriptor)

    def recorded_rename(draft: Path, target: Path) -> Path:
        steps.append("rename")
        return rename(draft, target)

    monkeypatch.setattr(os, "fsync", recorded_sync)
    monkeypatch.setattr(Path, "replace", recorded_rename)
    save(path, BETA, "other", cost=TEST)
    assert steps == ["file", "rename", "folder"]
