"""A node's home as a folder: made, recognised, locked, and written so that no file is ever half.

It knows names and rights, not what the files say; `inhope_node.home` does.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from inhope_node.errors import HomeInUse, HomeUnusable

SETTINGS: Final = "node.toml"
VAULT: Final = "vault"
DATABASE: Final = "node.db"
SOCKET: Final = "desk.sock"
LOCK: Final = "lock"
CARDS: Final = "cards"
TOKENS: Final = "tokens"
OURS: Final = (SETTINGS, VAULT, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm")


def make_folder(path: Path) -> None:
    """Make an empty home for its owner only; a folder that holds anything is left as it is.

    Raises:
        HomeUnusable: It is not empty, or cannot be made.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(path.iterdir()):
            raise HomeUnusable("This folder is not empty: choose a new one for the home.")
        path.chmod(0o700)
        (path / CARDS).mkdir(mode=0o700)
        (path / TOKENS).mkdir(mode=0o700)
    except OSError as fault:
        raise HomeUnusable(f"The home cannot be made: {fault.strerror}.") from fault


def clear_folder(path: Path) -> None:
    """Take back what `make_folder` and a making that failed left, so that it can be tried again."""
    for file in [path / name for name in OURS] + [
        *path.glob(f"{CARDS}/*"),
        *path.glob(f"{TOKENS}/*"),
    ]:
        file.unlink(missing_ok=True)
    for folder in (path / CARDS, path / TOKENS):
        with suppress(FileNotFoundError):
            folder.rmdir()


def check_folder(path: Path) -> None:
    """Let a folder pass that holds a node.

    Raises:
        HomeUnusable: It does not, or it cannot be read.
    """
    try:
        if not (path / SETTINGS).is_file() or not (path / VAULT).exists():
            raise HomeUnusable("There is no node in this folder: make one with `inhope-node init`.")
    except OSError as fault:
        raise HomeUnusable(
            f"The home cannot be read: {fault.strerror}. Work as the user that it belongs to."
        ) from fault


def lock_folder(path: Path) -> int:
    """Take the home for this process; the handle returned keeps it until it is closed.

    Raises:
        HomeInUse: Another process has it.
        HomeUnusable: The folder cannot be written.
    """
    try:
        lock = os.open(path / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as fault:
        raise HomeUnusable(
            f"The home cannot be used: {fault.strerror}. Work as the user that it belongs to."
        ) from fault
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        os.close(lock)
        raise HomeInUse(
            "A node runs on this home already: stop it first, or use another home."
        ) from fault
    return lock


def write_file(file: Path, data: bytes) -> None:
    """Write a file for its owner only; after a crash it is there as a whole or not at all.

    Raises:
        HomeUnusable: The disk or the folder does not take it; an older file stays as it was.
    """
    draft = file.with_name(f".{file.name}.draft")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
        _settle(file.parent)
    except OSError as fault:
        draft.unlink(missing_ok=True)
        raise HomeUnusable(f"{file.name} cannot be written: {fault.strerror}.") from fault


def _settle(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
