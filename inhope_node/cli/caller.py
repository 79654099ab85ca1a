"""Who calls which node: the home and the personal token that a command works with.

The token is found as a person expects: the file they named, the one of the user they named, the
only one in the home, or the one called like their login. A token that others can read is refused.
Nothing here is remembered between two calls.
"""

import getpass
import os
import re
import shlex
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inhope_node.desk_client import DeskClient
from inhope_node.errors import BadInput, HomeUnusable, NotSignedIn

USER_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
TOKENS: Final = "tokens"
_TOKEN_BYTES_MAX: Final = 4096


@dataclass(frozen=True, slots=True)
class Caller:
    """The options before the command.

    Attributes:
        given_home: The folder of the node, None if nobody said it.
        token_file: The file that holds the token, None to look for it.
        user: Whose token to take from the home, or "".
        typed: The start of a command line that means the same, for advice to copy.
    """

    given_home: Path | None
    token_file: Path | None
    user: str
    typed: str = "inhope-node"

    def home(self) -> Path:
        """Return the folder of the node.

        Raises:
            BadInput: Nobody said it.
        """
        if self.given_home is None:
            raise BadInput("Say which node: --home DIR before the command, or set INHOPE_HOME.")
        return self.given_home

    def desk(self) -> DeskClient:
        """Return the caller's access to the desk of the running node.

        Raises:
            BadInput: Nobody said which home.
            HomeUnusable: There is no such home, or it is closed to us.
            NotSignedIn: No token was found, or not which one is meant.
        """
        return DeskClient(self.home(), self._token())

    def advice(self, command: str) -> str:
        """Return `command` as a line to copy that reaches the same node."""
        return f"{self.typed} {command}"

    def token_path(self, name: str) -> Path:
        """Return where the token of user `name` lies in the home.

        Raises:
            BadInput: That is no user's name.
        """
        if not USER_NAME.fullmatch(name):
            raise BadInput("A user's name has 1 to 32 small letters, digits and dashes.")
        return self.home() / TOKENS / f"{name}.token"

    def _token(self) -> str:
        if self.token_file is not None:
            return _read_token(self.token_file)
        if self.user:
            return _read_token(self.token_path(self.user))
        return _read_token(self._likely_token())

    def _likely_token(self) -> Path:
        found = {path.stem: path for path in _token_files(self.home())}
        if len(found) == 1:
            return next(iter(found.values()))
        if (login := _login()) in found:
            return found[login]
        folder = shlex.quote(str(self.home() / TOKENS))
        if found:
            raise NotSignedIn(
                f"{folder} holds the tokens of {', '.join(sorted(found))}; say who you are with"
                " --as NAME before the command."
            )
        raise NotSignedIn(f"{folder} holds no token; name yours with --token-file FILE.")


def _token_files(home: Path) -> list[Path]:
    if not home.is_dir():
        shown = shlex.quote(str(home))
        raise HomeUnusable(
            f"There is no home at {shown}; make one with `inhope-node --home {shown} init`."
        )
    return sorted((home / TOKENS).glob("*.token"))


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _read_token(path: Path) -> str:
    shown = shlex.quote(str(path))
    try:
        with path.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            token = opened.read(_TOKEN_BYTES_MAX).decode("ascii").strip()
    except (OSError, ValueError) as error:
        raise NotSignedIn(
            f"There is no readable token at {shown}; name yours with --token-file FILE."
        ) from error
    if stat.S_ISREG(mode) and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise NotSignedIn(f"Others can read the token; close it with `chmod 600 {shown}`.")
    if not token:
        raise NotSignedIn(f"The token file {shown} is empty; ask for a new token.")
    return token
