"""Between what people type and the bodies that travel: here a fault becomes a sentence.

Reading a stored body back cannot fail, since it was checked when it was made or taken in.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar, cast

from pydantic import BaseModel, ValidationError

from inhope_node.errors import BadInput, ContentsRefused
from inhope_node.model.records import Fact
from keys.encoding import decode, encode
from keys.errors import Malformed
from protocol.bodies.catalogue import Body, encode_body, parse_body
from protocol.errors import ContentsRefused as Smuggled
from protocol.firewall import check_contents
from protocol.limits import MESSAGE_BYTES_MAX
from protocol.vocabulary import Kind

NAME: Final = re.compile(r"[a-z_]{1,32}|[0-9]{1,9}|[A-Z]{2}")
Model = TypeVar("Model", bound=BaseModel)
BodyOf = TypeVar("BodyOf")


def own_body(model: type[Model], values: Mapping[str, object]) -> Model:
    """The body made of what a person of this house stated.

    Raises:
        BadInput: A value is missing or unknown; the sentence names the field.
        ContentsRefused: A text in it looks like a file.
    """
    try:
        body = model.model_validate_json(json.dumps(_tidy(values)), strict=True)
        fields = encode_body(cast("Body", body))
        check_contents(fields)
        encode(fields)
    except ValidationError as fault:
        wrong = fault.errors(include_url=False, include_input=False)[0]
        place = shown_place(wrong["loc"])
        raise BadInput(f"What you entered is wrong at '{place}': {wrong['msg']}.") from fault
    except Smuggled as fault:
        raise ContentsRefused(str(fault)) from fault
    except Malformed as fault:
        raise BadInput(f"What you entered cannot be kept: {fault}") from fault
    return body


def _tidy(values: Mapping[str, object]) -> dict[str, object]:
    """Give every text the line ends that may travel."""
    return {
        name: "\n".join(value.replace("\r\n", "\n").split("\r"))
        if isinstance(value, str)
        else value
        for name, value in values.items()
    }


def shown_place(place: Sequence[int | str]) -> str:
    """Where something is wrong, in names and numbers: a stray field can be called anything."""
    parts = (str(part) for part in place)
    return ".".join(part if NAME.fullmatch(part) else "(unnamed)" for part in parts) or "the whole"


def body_of(fact: Fact, model: type[BodyOf]) -> BodyOf:
    """The body of a stored fact.

    Raises:
        TypeError: The fact is of another kind: a bug of ours.
    """
    body = parse_body(Kind(fact.kind), decode(fact.body, bytes_max=MESSAGE_BYTES_MAX))
    if not isinstance(body, model):
        raise TypeError(f"{fact.kind} is no {model.__name__}")
    return body
