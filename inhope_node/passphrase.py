"""Where the passphrase of a vault comes from: file, environment, systemd credential, or a prompt.

It never comes from an argument, since command lines are for everybody to read.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from inhope_node.errors import BadInput

VARIABLE: Final = "INHOPE_PASSPHRASE"
CREDENTIAL: Final = "inhope-passphrase"
CHARS_MIN: Final = 12


def obtain(file: Path | None, *, confirm: bool, prompt: Callable[[str, bool], str]) -> str:
    """The passphrase, from the first source there is.

    Args:
        file: A file that holds it on its first line, or None.
        confirm: It is a new one: it must have at least 12 characters.
        prompt: Asks a person; gets the question and whether to ask twice.

    Raises:
        BadInput: The file cannot be read, or a new passphrase is too short.
    """
    text = _from_file(file) if file is not None else _from_surroundings()
    if text is None:
        text = prompt("Passphrase of this node's vault", confirm)
    if confirm and len(text) < CHARS_MIN:
        raise BadInput(f"A passphrase has at least {CHARS_MIN} characters; five words do well.")
    return text


def _from_surroundings() -> str | None:
    if VARIABLE in os.environ:
        return os.environ[VARIABLE]
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if folder and (Path(folder) / CREDENTIAL).exists():
        return _from_file(Path(folder) / CREDENTIAL)
    return None


def _from_file(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(
            "The passphrase file cannot be read: check its path and its rights."
        ) from fault
    return lines[0] if lines else ""
