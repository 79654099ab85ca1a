"""A desk that waits: calls of the desk API that outlive a daemon that is down.

Whoever works here holds one idempotency key for one thing to be done and asks with it until
the node answers. So a daemon may die between doing it and saying so, and it is done once.
A refusal of the node is an answer and goes to the caller. Nothing here knows casework.
"""

import uuid
from collections.abc import Callable, Mapping
from threading import Event
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from inhope_node.errors import NodeNotRunning

T = TypeVar("T")
Json: TypeAlias = dict[str, Any]

RETRY_S: Final = 0.2


class Desk(Protocol):
    """What the demo uses of `inhope_node.desk_client.DeskClient`."""

    def get(self, path: str, **query: str | int | bool | None) -> Json:
        """Read a resource; raises `NodeError`."""
        ...

    def post(self, path: str, body: Mapping[str, Any], *, key: str | None = None) -> Json:
        """Do something once for each key; raises `NodeError`."""
        ...


class WorkEnded(Exception):
    """The demo ended while a call waited for its node."""


class PatientDesk:
    """A desk whose calls wait for the node as long as the work goes on."""

    def __init__(self, desk: Desk, ended: Event, *, retry_s: float = RETRY_S) -> None:
        self._desk = desk
        self._ended = ended
        self._retry_s = retry_s

    def get(self, path: str, **query: str | int | bool | None) -> Json:
        """Read a resource, waiting for the node if it is down.

        Raises:
            WorkEnded: The demo ended meanwhile.
            NodeError: The node refused.
        """
        return self._until_answered(lambda: self._desk.get(path, **query))

    def post(self, path: str, body: Mapping[str, Any]) -> Json:
        """Do something exactly once, waiting for the node if it is down.

        Raises:
            WorkEnded: The demo ended meanwhile.
            NodeError: The node refused.
        """
        key = str(uuid.uuid4())
        return self._until_answered(lambda: self._desk.post(path, body, key=key))

    def _until_answered(self, call: Callable[[], T]) -> T:
        while True:
            try:
                return call()
            except NodeNotRunning as error:
                if self._ended.wait(self._retry_s):
                    raise WorkEnded from error
