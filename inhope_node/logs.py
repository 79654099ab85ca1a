"""Structured logs: one JSON object a line on standard error, and nothing private in it.

Callers log events by name with ids, counts, codes and peers' names. As a second fence, every value
is looked at: what holds a scheme mark or is long is replaced, so an address can never slip through
an exception's text. Exceptions are logged by type, never with their message.
"""

import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

VALUE_CHARS_MAX: Final = 120
ALLOWED_LONG: Final = frozenset({"node_id"})
Event = MutableMapping[str, Any]


def fenced(_logger: object, _method: str, event: Event) -> Event:
    """Replace every value that could be an address or free text."""
    for name, value in event.items():
        if isinstance(value, str) and name not in ALLOWED_LONG and _suspicious(value):
            event[name] = "(withheld)"
        elif not isinstance(value, str | int | float | bool | None):
            event[name] = type(value).__name__
    return event


def _suspicious(value: str) -> bool:
    return "://" in value or "[.]" in value or len(value) > VALUE_CHARS_MAX


def configure() -> None:
    """Send logs to standard error as JSON lines."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            fenced,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


log: Any = structlog.get_logger()
