"""What callers may send, as strict models: what is unknown or wrong is named, never guessed."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from inhope_node.casework.bodies import shown_place
from inhope_node.errors import BadInput
from inhope_node.model.people import UserRole
from keys.card_reading import TIME_MS_MAX
from protocol.vocabulary import Commerciality, IntakeChannel, ItemKind, SiteType, Urgency

REPORTER_CHARS_MAX = 500
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
Text = Annotated[str, Field(max_length=64)]
Pseudonym = Annotated[str, Field(pattern=r"^([A-Za-z0-9][A-Za-z0-9 ._-]{0,63})?$")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class Call(BaseModel):
    """The base of every call."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Nothing(Call):
    """A call without fields."""


class FileReport(Call):
    """POST /v1/reports."""

    addresses: list[str]
    reference: Text = ""
    received_at_ms: Annotated[int, Field(ge=0, le=TIME_MS_MAX)] = 0
    channel: IntakeChannel = IntakeChannel.WEB_FORM
    urgency: Urgency = Urgency.NORMAL
    site_type: SiteType = SiteType.NOT_DETERMINED
    commerciality: Commerciality = Commerciality.UNKNOWN
    kind: ItemKind = ItemKind.PAGE
    notes: str = ""
    reporter: Annotated[str, Field(max_length=REPORTER_CHARS_MAX)] = ""


class NextItem(Call):
    """POST /v1/items/next."""

    take: bool = False


class Assess(Call):
    """POST /v1/items/{id}/assess."""

    labels: list[str] = Field(default_factory=list)
    baseline: dict[str, str]
    verdicts: dict[str, str]


class Locate(Call):
    """POST /v1/items/{id}/locate."""

    country: str
    method: str = "manual"
    addresses: list[str] = Field(default_factory=list)
    asn: int = 0
    organisation: str = ""
    cdn: bool = False


class Offer(Call):
    """POST /v1/items/{id}/offer; an empty `to` means the first peer of the country."""

    to: str = ""


class GiveBack(Call):
    """POST /v1/items/{id}/return."""

    reason: str


class Act(Call):
    """POST /v1/items/{id}/act."""

    action: str
    reason: str = ""


class AddPeer(Call):
    """POST /v1/peers; `card` is a card file in base64."""

    card: Annotated[str, Field(max_length=2_000_000)]
    name: Annotated[str, Field(pattern=r"^([a-z0-9][a-z0-9-]{0,31})?$")] = ""
    allow_private: bool = False


class ConfirmPeer(Call):
    """POST /v1/peers/{name}/confirm."""

    words: Annotated[str, Field(max_length=400)]
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class AddUser(Call):
    """POST /v1/users."""

    name: Name
    role: UserRole
    pseudonym: Pseudonym = ""


def read_call(model: type[Call], data: bytes) -> Call:
    """The call in a request's body.

    Raises:
        BadInput: It is no JSON object of this form; the sentence names the field, not its content.
    """
    try:
        return model.model_validate_json(data or b"{}")
    except ValidationError as fault:
        wrong = fault.errors(include_url=False, include_input=False, include_context=False)[0]
        place = shown_place(wrong["loc"])
        raise BadInput(f"The request is wrong at '{place}': {wrong['msg']}.") from None
