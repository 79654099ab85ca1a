"""A client of the desk API: how the command line, the demo and scripts speak to a running node.

It talks HTTP over the Unix socket in the home, one connection a call, so any number of threads
may share one client. The socket is reached through the open folder, because a home may lie
deeper than the 107 bytes that a Unix socket's path may have. A refusal of the node comes back
as the `NodeError` that it was inside. Nothing here knows casework, keeps state or logs.
"""

import http.client
import json
import os
import shlex
import socket
import struct
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import quote, urlencode

from inhope_node.errors import HomeUnusable, Internal, NodeNotRunning, NotSignedIn, rebuilt

Json: TypeAlias = dict[str, Any]
"""One JSON object, as the desk API takes and gives it."""

SOCKET_NAME: Final = "desk.sock"
TIMEOUT_S: Final = 60.0
_US_PER_S: Final = 1_000_000

_Query: TypeAlias = Mapping[str, str | int | bool | None]


def path_of(*segments: str) -> str:
    """Return the path of a resource, whatever characters a name in it has."""
    return "/v1/" + "/".join(quote(segment, safe="") for segment in segments)


@dataclass(frozen=True, slots=True)
class DeskClient:
    """One user's access to the desk of the node at `home`.

    Attributes:
        home: The folder of the node.
        token: The user's personal token.
        timeout_s: How long one answer may take.
    """

    home: Path
    token: str = field(repr=False)
    timeout_s: float = TIMEOUT_S

    def get(self, path: str, **query: str | int | bool | None) -> Json:
        """Read a resource; a query value of None is left out.

        Raises:
            NodeError: The node refused, or nobody answered on its socket.
        """
        return self._ask("GET", path + _query_text(query), None, {})

    def post(self, path: str, body: Mapping[str, Any], *, key: str | None = None) -> Json:
        """Do something once, even if the connection breaks and the call is made twice.

        Args:
            path: The resource, as `path_of` writes it.
            body: What to send.
            key: Idempotency key; give the same one to repeat a call of your own. Made here
                if None.

        Raises:
            NodeError: The node refused, or nobody answered on its socket.
        """
        headers = {"Idempotency-Key": key or str(uuid.uuid4()), "Content-Type": "application/json"}
        return self._ask("POST", path, json.dumps(body).encode(), headers)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Json:
        headers["Authorization"] = f"Bearer {_header_text(self.token)}"
        try:
            status, answer = self._exchange(method, path, body, headers)
        except (http.client.HTTPException, ConnectionError):
            status, answer = self._exchange_again(method, path, body, headers)
        return _read_answer(status, answer)

    def _exchange_again(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        try:
            return self._exchange(method, path, body, headers)
        except (http.client.HTTPException, ConnectionError) as error:
            raise NodeNotRunning(
                f"The node at {shlex.quote(str(self.home))} broke the connection twice;"
                " look in its log and try again."
            ) from error

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        with closing(_DeskConnection(self.home, timeout_s=self.timeout_s)) as connection:
            try:
                connection.request(method, path, body, headers)
                response = connection.getresponse()
                return response.status, response.read()
            except TimeoutError as error:
                raise NodeNotRunning(
                    f"The node at {shlex.quote(str(self.home))} gave no answer within"
                    f" {self.timeout_s:.0f} seconds; look in its log and try again."
                ) from error


class _DeskConnection(http.client.HTTPConnection):
    """One HTTP connection over the Unix socket of a home."""

    def __init__(self, home: Path, *, timeout_s: float) -> None:
        super().__init__("desk", timeout=timeout_s)
        self._home = home
        self._timeout_s = timeout_s

    def connect(self) -> None:
        """Connect to the node.

        Raises:
            HomeUnusable: There is no such folder, or it may not be entered.
            NodeNotRunning: The folder has no socket, or nobody listens on it.
            TimeoutError: The node took no more callers in time.
        """
        self.sock = _patient_socket(self._timeout_s)
        with _opened_folder(self._home) as folder:
            try:
                self.sock.connect(f"/proc/self/fd/{folder}/{SOCKET_NAME}")
            except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError) as error:
                raise _not_running(self._home) from error
            except PermissionError as error:
                raise _closed_to_us(self._home) from error
            except BlockingIOError as error:
                raise TimeoutError from error
        self.sock.settimeout(self._timeout_s)


def _patient_socket(timeout_s: float) -> socket.socket:
    """Return a socket whose `connect` queues behind other callers.

    With Python's own timeout the socket would not block, and Linux then refuses a connection at
    once when the listener's queue is full (unix(7), EAGAIN).
    """
    patient = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    seconds = int(timeout_s)
    timeval = struct.pack("@ll", seconds, int((timeout_s - seconds) * _US_PER_S))
    patient.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeval)
    return patient


@contextmanager
def _opened_folder(home: Path) -> Iterator[int]:
    try:
        folder = os.open(home, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    except PermissionError as error:
        raise _closed_to_us(home) from error
    except OSError as error:
        shown = shlex.quote(str(home))
        raise HomeUnusable(
            f"There is no home at {shown}; make one with `inhope-node --home {shown} init`."
        ) from error
    try:
        yield folder
    finally:
        os.close(folder)


def _not_running(home: Path) -> NodeNotRunning:
    shown = shlex.quote(str(home))
    return NodeNotRunning(
        f"No node is running on {shown}; start it with `inhope-node --home {shown} run`."
    )


def _closed_to_us(home: Path) -> HomeUnusable:
    return HomeUnusable(
        f"You may not enter {shlex.quote(str(home))}; work as the user that it belongs to."
    )


def _query_text(query: _Query) -> str:
    given = {name: _plain(value) for name, value in query.items() if value is not None}
    return "?" + urlencode(given) if given else ""


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _header_text(token: str) -> str:
    if not (token.isascii() and token.isprintable()):
        raise NotSignedIn("The token is not one line of plain text; ask for a new one.")
    return token


def _read_answer(status: int, answer: bytes) -> Json:
    try:
        document = json.loads(answer)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise Internal("The node answered something that is no JSON object; look in its log.")
    if status < HTTPStatus.BAD_REQUEST:
        return document
    error = document.get("error")
    if not isinstance(error, dict):
        raise Internal(f"The node answered {status} without saying why; look in its log.")
    raise rebuilt(str(error.get("code")), str(error.get("message")))
