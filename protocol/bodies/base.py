"""What every body shares: strictness, frozenness, and the types its fields are made of.

A body refuses unknown fields and never converts one type into another; words of the wire become
enums, lists become tuples, and nothing else changes on the way in.
"""

from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from protocol.limits import (
    EXTENSION_CHARS_MAX,
    EXTENSION_ENTRIES_MAX,
    NAME_CHARS_MAX,
)

INT_MAX = 2**63 - 1
E = TypeVar("E")
T = TypeVar("T")

Lax = Field(strict=False)
TimeMs = Annotated[int, Field(ge=0, le=INT_MAX)]
Epoch = Annotated[int, Field(ge=1, le=2**31)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Name = Annotated[str, Field(max_length=NAME_CHARS_MAX)]
Small = Annotated[int, Field(ge=-INT_MAX - 1, le=INT_MAX)]
Extension = dict[
    Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,31}$")],
    bool | Small | Annotated[str, Field(max_length=EXTENSION_CHARS_MAX)],
]
Extensions = dict[
    Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")],
    Annotated[Extension, Field(max_length=EXTENSION_ENTRIES_MAX)],
]


def ascending(values: tuple[T, ...]) -> tuple[T, ...]:
    """Let only strictly ascending values pass, so that one set has one spelling.

    Raises:
        ValueError: They are not sorted or not unique.
    """
    if list(values) != sorted(set(values)):  # type: ignore[type-var]
        raise ValueError("must be sorted and unique")
    return values


Ascending = AfterValidator(ascending)


class WireBody(BaseModel):
    """The base of every body.

    Attributes:
        ext: Extensions by namespace; kept and passed on, never needed to understand a body.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")
    ext: Extensions = Field(default_factory=dict, max_length=4)


class WirePart(BaseModel):
    """The base of what stands inside a body."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")
