"""The body of `hosting`: one observation of where an address is served from.

The hosting country is not the assigned country, and a content delivery network is not the origin:
`cdn` says so.
"""

from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator, Field

from protocol.bodies.base import Country, Lax, Name, TimeMs, WireBody, Word
from protocol.limits import HOSTING_ADDRESSES_MAX
from protocol.vocabulary import HostingMethod


def _ip(text: str) -> str:
    if set(text) - set("0123456789abcdef:."):
        raise ValueError("must be an IPv4 or IPv6 address in lower case")
    try:
        ip_address(text)
    except ValueError:
        raise ValueError("must be an IPv4 or IPv6 address in lower case") from None
    return text


IpAddress = Annotated[str, Field(max_length=45), AfterValidator(_ip)]


class HostingBody(WireBody):
    """One observation.

    Attributes:
        addresses: IP addresses seen, at most 8.
        asn: Number of the autonomous system; 0 if not known.
        organisation: Who runs it, as published; may be empty.
    """

    country: Country
    observed_at_ms: TimeMs
    method: Annotated[HostingMethod, Lax, Word]
    addresses: Annotated[
        tuple[IpAddress, ...], Field(strict=False, max_length=HOSTING_ADDRESSES_MAX)
    ] = ()
    asn: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0
    organisation: Name = ""
    cdn: bool = False
