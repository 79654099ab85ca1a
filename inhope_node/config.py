"""What an administrator may set: one TOML file in the home, checked as a whole.

Unknown words are refused, so a typing mistake is an error and not a silent default. Deadlines and
policies are here and nowhere else; none is a constant in code.
"""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from inhope_node.errors import HomeUnusable

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


class Deadlines(BaseModel):
    """After how many ms a state is overdue; the alarm says so, nothing is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    lease: int = Field(30 * 60_000, ge=1000)
    first_assessment: int = DAY_MS
    locate: int = DAY_MS
    delivery: int = DAY_MS
    acceptance: int = DAY_MS
    orphan: int = DAY_MS
    police: int = DAY_MS
    notice: int = HOUR_MS * 3
    removal: int = 3 * DAY_MS
    stays_offline: int = 7 * DAY_MS
    undelivered: int = DAY_MS
    undelivered_urgent: int = 15 * 60_000


class Rules(BaseModel):
    """The policies of this hotline.

    Attributes:
        interpol_national: Tell INTERPOL also what is illegal nationally only.
        offer_lease_ms: How long a peer may think about an offer.
        partners: Names of peers per country in the order in which they are asked.
        deadlines_ms: When a state is overdue.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    interpol_national: bool = True
    offer_lease_ms: int = 3 * DAY_MS
    partners: dict[str, list[str]] = Field(default_factory=dict)
    deadlines_ms: Deadlines = Field(default_factory=Deadlines)


class Config(BaseModel):
    """One node's settings.

    Attributes:
        listen_host: Address of the peers' door.
        listen_port: Its port.
        rules: Policies and deadlines.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    listen_host: str = "127.0.0.1"
    listen_port: int = Field(8443, ge=1, le=65535)
    rules: Rules = Field(default_factory=Rules)


def read_config(path: Path) -> Config:
    """The settings in `path`.

    Raises:
        HomeUnusable: The file is missing or something in it is wrong; the sentence names the place.
    """
    try:
        return Config.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as fault:
        raise HomeUnusable(
            f"The settings {path.name} of this home cannot be read: {fault.strerror}."
        ) from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise HomeUnusable(f"The settings {path.name} are not TOML: {fault}.") from fault
    except ValidationError as fault:
        wrong = fault.errors()[0]
        place = ".".join(str(part) for part in wrong["loc"])
        raise HomeUnusable(
            f"The settings {path.name} are wrong at '{place}': {wrong['msg']}."
        ) from fault


def starting_settings(host: str, port: int) -> str:
    """The text of a new `node.toml`."""
    return f"""# Settings of this node. Every entry has a default; times are in milliseconds.
listen_host = "{host}"
listen_port = {port}

[rules]
# Tell INTERPOL also what is illegal nationally only (baseline always goes).
interpol_national = true
# In which order the peers of a country are asked, by their names here: XB = ["hotline-b"]
[rules.partners]
[rules.deadlines_ms]
"""
