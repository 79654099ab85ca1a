"""A desk that answers what a test tells it to, on a Unix socket in a folder, in a thread.

It records every call, so that a test can say what travelled. It knows no rules of the node.
"""

import json
import os
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

TOKEN = "token-of-a-test"
NOT_SCRIPTED = {"error": {"code": "not-found", "message": "The fake desk has no such answer."}}


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str]


@dataclass(slots=True)
class FakeDesk:
    """What the desk answers, and what it was asked.

    Attributes:
        home: The folder with the socket.
        answers: (method, path) -> (status, document), or bytes to send as they are.
        calls: Every request, in order.
        breaks: How many of the next connections end before an answer.
    """

    home: Path
    answers: dict[tuple[str, str], tuple[int, Any]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    breaks: int = 0

    def on_get(self, path: str, document: Any) -> None:
        """Answer `document` to a GET of `path`."""
        self.answers["GET", path] = (200, document)

    def on_post(self, path: str, document: Any) -> None:
        """Answer `document` to a POST to `path`."""
        self.answers["POST", path] = (200, document)

    def refuse(self, method: str, path: str, *, status: int, code: str, message: str) -> None:
        """Answer with an error."""
        self.answers[method, path] = (status, {"error": {"code": code, "message": message}})

    @property
    def last(self) -> Call:
        """The latest request."""
        return self.calls[-1]

    def answer(self, call: Call) -> tuple[int, bytes]:
        """Record `call` and return what was scripted for it."""
        self.calls.append(call)
        status, document = self.answers.get((call.method, call.path), (404, NOT_SCRIPTED))
        return status, document if isinstance(document, bytes) else json.dumps(document).encode()


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    desk: FakeDesk

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet about clients that go away."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        """Answer a GET."""
        self._reply()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._reply()

    def log_message(self, *_: object) -> None:
        """Log nothing."""

    def _reply(self) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        target = urlsplit(self.path)
        status, answer = self.server.desk.answer(
            Call(
                self.command,
                unquote(target.path),
                dict(parse_qsl(target.query)),
                json.loads(data) if data else None,
                dict(self.headers.items()),
            )
        )
        if self.server.desk.breaks:
            self.server.desk.breaks -= 1
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


@contextmanager
def running_desk(home: Path) -> Iterator[FakeDesk]:
    """Run a fake desk in `home` with a token for a user `ada`, however long the path is."""
    (home / "tokens").mkdir(parents=True, exist_ok=True)
    token = home / "tokens" / "ada.token"
    token.write_text(TOKEN + "\n", encoding="ascii")
    token.chmod(0o600)
    folder = os.open(home, os.O_PATH | os.O_DIRECTORY)
    desk = FakeDesk(home)
    try:
        with _Server(f"/proc/self/fd/{folder}/desk.sock", _Handler) as server:
            server.desk = desk
            thread = threading.Thread(target=server.serve_forever, args=(0.02,))
            thread.start()
            yield desk
            server.shutdown()
            thread.join()
    finally:
        os.close(folder)
        (home / "desk.sock").unlink()
