"""Addresses: taken as handed in, compared in canonical form, shown so that nobody clicks them.

The exact bytes are kept; the canonical form only answers "is this the same address?". Rule
`ada-1`: parse as browsers do (WHATWG URL, UTS 46), drop user, password and fragment and the dot
after the host, then tidy escapes by RFC 3986. This room never opens an address.
"""

import re
from typing import Final

import ada_url
import yarl

from inhope_node.errors import BadInput

RULE: Final = "ada-1"
PRINTABLE: Final = re.compile(r"[!-~]*")
LINK: Final = re.compile(r"(?:ht|f)tps?(?=:|%3a)", re.IGNORECASE)
SCHEMES: Final = frozenset({"http:", "https:", "ftp:"})
ADDRESS_CHARS_MAX: Final = 2048


def accepted(text: str) -> str:
    """The address as it is kept: without the space around it, plain ASCII, of a known scheme.

    Raises:
        BadInput: It is no address the node can work with. The sentence never repeats it.
    """
    address = text.strip()
    if not 1 <= len(address) <= ADDRESS_CHARS_MAX:
        raise BadInput(f"An address has 1 to {ADDRESS_CHARS_MAX} characters.")
    if not PRINTABLE.fullmatch(address):
        raise BadInput(
            "An address is plain ASCII without spaces: hand in international names as xn--."
        )
    canonical(address)
    return address


def canonical(address: str) -> str:
    """The form in which two spellings of one address are equal.

    Raises:
        BadInput: It cannot be parsed, or its scheme is not http, https or ftp.
    """
    try:
        url = ada_url.URL(address)
    except ValueError as fault:
        raise BadInput(
            "This is no complete address: it starts with http:// or https://."
        ) from fault
    if url.protocol not in SCHEMES or not url.hostname:
        raise BadInput("An address starts with http://, https:// or ftp:// and names a host.")
    try:
        url.username = url.password = url.hash = ""
        if url.hostname.endswith("."):
            url.hostname = url.hostname.rstrip(".")
        return str(yarl.URL(url.href))
    except ValueError as fault:
        raise BadInput("This address has a part that cannot be read.") from fault


def defanged(address: str) -> str:
    """The address for eyes only: no program takes it, or an address inside it, for a link."""
    scheme, colon, rest = address.partition(":")
    start = len(rest) - len(rest.lstrip("/\\"))
    end = next((i for i, sign in enumerate(rest) if i >= start and sign in "/?#\\"), len(rest))
    shown = scheme + colon + rest[:end].replace(".", "[.]") + rest[end:]
    return LINK.sub(lambda found: found[0].replace("t", "x").replace("T", "X"), shown)
