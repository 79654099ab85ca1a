"""The only list of kinds and their bodies, and the way between a body and its map."""

from enum import Enum
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from pydantic import ValidationError

from keys.encoding import Value
from protocol.bodies.action import ActionBody
from protocol.bodies.assessment import AssessmentBody, Baseline, Verdict
from protocol.bodies.assignment import AcceptanceBody, OfferBody, ReturnBody
from protocol.bodies.base import WireBody
from protocol.bodies.hosting import HostingBody
from protocol.bodies.item import HashValue, ItemBody
from protocol.errors import SchemaRefused
from protocol.vocabulary import Kind

Body: TypeAlias = (
    ItemBody | AssessmentBody | HostingBody | OfferBody | AcceptanceBody | ReturnBody | ActionBody
)

SCHEMAS: Final[MappingProxyType[Kind, type[Body]]] = MappingProxyType(
    {
        Kind.ITEM: ItemBody,
        Kind.ASSESSMENT: AssessmentBody,
        Kind.HOSTING: HostingBody,
        Kind.OFFER: OfferBody,
        Kind.ACCEPTANCE: AcceptanceBody,
        Kind.RETURN: ReturnBody,
        Kind.ACTION: ActionBody,
    }
)


_FIELD_NAMES: Final = frozenset(
    name
    for shape in (*SCHEMAS.values(), Baseline, Verdict, HashValue)
    for name in shape.model_fields
)


def encode_body(body: WireBody) -> dict[str, Value]:
    """The map that travels: every field, `ext` only where it says something."""
    fields = _plain(body.model_dump())
    if not fields["ext"]:
        del fields["ext"]
    return fields  # type: ignore[no-any-return]


def parse_body(kind: Kind, value: Value) -> Body:
    """The body of a message of `kind`.

    Raises:
        SchemaRefused: This kind is not understood yet, or a field is missing, unknown or wrong.
    """
    schema = SCHEMAS.get(kind)
    if schema is None or not isinstance(value, dict):
        raise SchemaRefused("This kind of message has no body we know.")
    try:
        return schema.model_validate(value)
    except ValidationError as fault:
        wrong = fault.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(_shown, wrong["loc"]))
        raise SchemaRefused(f"The body of '{kind.value}' is wrong at '{place}'.") from None


def _shown(part: int | str) -> str:
    """Show a place in a body without its contents: a peer may name a field as it likes."""
    return str(part) if isinstance(part, int) or part in _FIELD_NAMES else "unnamed"


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value
