"""Addresses for the demo that can never lead anywhere: reserved names and numbers only.

RFC 2606 keeps `.example`, `.test` and `.invalid` free for ever, RFC 5737 the three blocks of
IPv4 numbers. Every address holds a token of its own, so that a search for one finds only it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from inhope_node.demo.chance import Chance

RESERVED_ENDINGS: Final = (".example", ".test", ".invalid")
RESERVED_BLOCKS: Final = ("192.0.2.", "198.51.100.", "203.0.113.")

_NUMERIC_PER_MILLE: Final = 60
_HOST_TOKEN_DIGITS: Final = 6
_PAGE_TOKEN_DIGITS: Final = 8

_PATHS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "website": "/{page}/{item:02d}.html",
        "image_host": "/i/{page}/{item:02d}.jpg",
        "forum": "/thread/{page}?post={item}",
        "file_host": "/get/{page}/{item:02d}",
        "social": "/u/{page}/status/{item}",
        "blog": "/2024/{page}/{item:02d}",
        "link_site": "/out?to={page}&n={item}",
        "image_board": "/b/res/{page}/{item:02d}.png",
    }
)


def draw_host(chance: Chance, site_type: str) -> str:
    """Draw the name, or now and then the bare number, of a site."""
    if chance.happens(_NUMERIC_PER_MILLE):
        return f"{chance.one_of(RESERVED_BLOCKS)}{chance.between(1, 254)}"
    word = site_type.replace("_", "-")
    return f"{word}-{chance.token(_HOST_TOKEN_DIGITS)}{chance.one_of(RESERVED_ENDINGS)}"


def draw_page(chance: Chance, number: int) -> str:
    """Draw the token of the page that report `number` is about; no two reports share one."""
    return f"{number:04d}{chance.token(_PAGE_TOKEN_DIGITS)}"


def address(host: str, page: str, *, site_type: str, item: int) -> str:
    """Build the address of the `item`-th thing on a page."""
    return f"https://{host}{_PATHS[site_type].format(page=page, item=item)}"


def defanged(exact: str) -> str:
    """Return an address as people may see it: no link, never clickable."""
    scheme, _, rest = exact.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.replace('tt', 'xx')}://{host.replace('.', '[.]')}{slash}{path}"
