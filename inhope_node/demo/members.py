"""Who takes part in the demo: three hotlines and INTERPOL.

Countries are codes that ISO 3166 leaves to its users, so nobody real is meant. Nothing here
knows where a member's home lies or whether its daemon runs.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One organisation of the demo.

    Attributes:
        name: How the others call it, and the name of its home folder.
        role: `hotline` or `interpol`, as on its card.
        country: The country it serves; empty for INTERPOL.
        shares_national: Whether it tells INTERPOL what is illegal only under national law.
    """

    name: str
    role: str
    country: str
    shares_national: bool


HOTLINE_A: Final = Member(name="hotline-a", role="hotline", country="XA", shares_national=True)
HOTLINE_B: Final = Member(name="hotline-b", role="hotline", country="XB", shares_national=True)
HOTLINE_C: Final = Member(name="hotline-c", role="hotline", country="XC", shares_national=False)
INTERPOL: Final = Member(name="interpol", role="interpol", country="", shares_national=False)

HOTLINES: Final = (HOTLINE_A, HOTLINE_B, HOTLINE_C)
MEMBERS: Final = (*HOTLINES, INTERPOL)

NET: Final = "demo"
"""The network that the cards of the demo name; a demo never meets a real node."""


def hotline_of(country: str) -> Member | None:
    """Return the hotline that serves `country`, or None where there is none."""
    return next((member for member in HOTLINES if member.country == country), None)
