"""The published figures that shape the demo, mapped to neutral codes.

Each table says whether it is *published*, with its source, or *modelled*, where nothing is
published and a plausible share must do. Shares are per mille. Only numbers stand here; how
they become reports is `generator`'s business.

Sources: INHOPE annual reports 2018 to 2024 and the articles on inhope.org that carry them.
"""

from typing import Final

from inhope_node.demo.chance import Shares
from inhope_node.demo.members import HOTLINE_A, HOTLINE_B, HOTLINE_C, Member

ILLEGAL_PER_MILLE: Final = 650
"""Published: 65 % of the records exchanged were illegal (2024)."""

REPEATED_PER_MILLE: Final = 120
"""Modelled, low: reports whose address somebody reported before. 63 % of the records of 2024
were known already, but most of them by their hash, and the demo has no hashes."""

BASELINE_PER_MILLE: Final = 640
"""Modelled: of what is illegal, the part that is illegal everywhere."""

SITE_TYPES: Final[Shares[str]] = (
    ("website", 427),
    ("image_host", 394),
    ("forum", 88),
    ("file_host", 31),
    ("social", 22),
    ("blog", 15),
    ("link_site", 13),
    ("image_board", 10),
)
"""Published: the first three (2023). Modelled: how the remaining 9.1 % divide."""

FINDERS: Final[Shares[Member]] = ((HOTLINE_A, 350), (HOTLINE_B, 198), (HOTLINE_C, 59))
"""Published: the three members that send most have 35.0, 19.8 and 5.9 % (2023)."""

HOSTING: Final[Shares[str]] = (
    ("XA", 400),
    ("XB", 220),
    ("XC", 100),
    ("XQ", 90),
    ("XR", 60),
    ("XS", 40),
    ("XT", 26),
    ("XU", 20),
    ("XV", 16),
    ("XW", 12),
    ("XY", 9),
    ("XZ", 7),
)
"""Published: hosting is spread over many countries, and 39 of 84 had no hotline (2023).
Modelled: the shares. XQ to XZ are countries where no member of the demo works."""

PAGE_ITEMS: Final[Shares[tuple[int, int]]] = (
    ((1, 1), 780),
    ((2, 4), 140),
    ((5, 12), 66),
    ((20, 36), 14),
)
"""Published: 2.2 items a report on average (155,240 reports with 337,588 items, 2018; 2.5 in
2019). Modelled: the spread, from one address to pages with dozens of items."""

MISPLACED_PER_MILLE: Final = 110
"""Modelled: illegal items whose first hosting country is wrong, so that a peer returns them."""

RETURN_REASONS: Final[Shares[str]] = (("not_hosted_here", 800), ("not_accessible", 200))
"""Modelled: what the peer says then."""

SAME_PLACE_PER_MILLE: Final = 850
"""Modelled: items of a page that are hosted where the page is."""

PROVIDER_TOLD_PER_MILLE: Final = 780
"""Modelled: of what police know, the part whose provider is told while the demo runs."""

REACTIONS: Final[Shares[str]] = (("removed", 700), ("unavailable", 80), ("", 220))
"""Published: removal takes 2.5 days on average inside the network (2023), so a demo of a
minute sees a part of it. Modelled: that part; the empty word is a provider still silent."""

NAMED_PER_MILLE: Final = 150
"""Modelled: reporters who leave a way to reach them; most stay anonymous."""

CHANNELS: Final[Shares[str]] = (
    ("web_form", 800),
    ("partner", 70),
    ("email", 50),
    ("proactive", 40),
    ("phone", 20),
    ("police", 20),
)
"""Modelled: most reports come through the public form."""

URGENCIES: Final[Shares[str]] = (("normal", 900), ("high", 80), ("imminent_risk", 20))
"""Modelled."""

LABELS: Final = ("demo@1:alpha", "demo@1:beta", "demo@1:gamma", "demo@1:delta")
"""The neutral labels of the demo taxonomy."""
