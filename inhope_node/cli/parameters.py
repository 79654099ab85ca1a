"""Parameters that several commands share, and that no person could put contents into.

An id that cannot be one is not repeated in the sentence: it may be an address, pasted by mistake.
"""

import uuid
from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])


class IdType(click.ParamType[uuid.UUID]):
    """The id of a report or item, in full."""

    name = "id"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> uuid.UUID:
        """Return the id, or fail without repeating what was given."""
        try:
            return value if isinstance(value, uuid.UUID) else uuid.UUID(value)
        except ValueError:
            self.fail(
                "that is no id; copy one, with all its 36 characters, from a list.", param, ctx
            )


ID: Final = IdType()


def item_id(command: _Command) -> _Command:
    """Add the id of an item as the first argument of a command."""
    return click.argument("item_id", metavar="ID", type=ID)(command)
