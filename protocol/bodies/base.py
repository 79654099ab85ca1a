"""What every body shares: strictness, frozenness, and the types its fields are made of.

A body refuses unknown fields and never converts one type into another; words of the wire become
enums, lists become tuples, and nothing else changes on the way in.
"""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from keys.card_reading import TIME_MS_MAX
from keys.encoding import INTEGER_MAX, INTEGER_MIN
from protocol.limits import (
    EXTENSION_CHARS_MAX,
    EXTENSION_ENTRIES_MAX,
    EXTENSION_NAMESPACES_MAX,
    NAME_CHARS_MAX,
)


def _text_only(word: Any) -> Any:
    if not isinstance(word, str):
        raise ValueError("must be a word")  # noqa: TRY004 (pydantic reports a ValueError only)
    return word


Lax = Field(strict=False)
"""Lets a list become a tuple and a word its enum."""
Word = BeforeValidator(_text_only)
"""Keeps bytes from becoming an enum, which laxity alone would allow."""
TimeMs = Annotated[int, Field(ge=0, le=TIME_MS_MAX)]
"""Milliseconds since 1970 UTC, to the end of the year 9999."""
Epoch = Annotated[int, Field(ge=1, le=2**31)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Name = Annotated[str, Field(max_length=NAME_CHARS_MAX)]
Small = Annotated[int, Field(ge=INTEGER_MIN, le=INTEGER_MAX)]
Extension = dict[
    Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,31}$")],
    bool | Small | Annotated[str, Field(max_length=EXTENSION_CHARS_MAX)],
]
Extensions = dict[
    Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")],
    Annotated[Extension, Field(max_length=EXTENSION_ENTRIES_MAX)],
]


def ascending(values: tuple[str, ...]) -> tuple[str, ...]:
    """Let only strictly ascending values pass, so that one set has one spelling.

    Raises:
        ValueError: They are not sorted or not unique.
    """
    if list(values) != sorted(set(values)):
        raise ValueError("must be sorted and unique")
    return values


Ascending = AfterValidator(ascending)


class WireBody(BaseModel):
    """The base of every body.

    Attributes:
        ext: Extensions by namespace; kept and passed on, never needed to understand a body.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", hide_input_in_errors=True)
    ext: Extensions = Field(default_factory=dict, max_length=EXTENSION_NAMESPACES_MAX)


class WirePart(BaseModel):
    """The base of what stands inside a body."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", hide_input_in_errors=True)
