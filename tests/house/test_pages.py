"""The pages hang together: no link leads nowhere, no page is left out of the map."""

import re
from pathlib import Path

from support.repository import ROOT, text_files

PAGES = {name: text for name, text in text_files() if name.endswith(".md")}
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")


def targets(name: str) -> list[str]:
    """Return the files of ours that a page links to, as paths in the repository."""
    folder = (ROOT / name).parent
    near = [link for link in LINK.findall(PAGES[name]) if "://" not in link]
    return [(folder / link).resolve().relative_to(ROOT).as_posix() for link in near]


def test_every_link_leads_somewhere() -> None:
    dead = [
        f"{name} -> {target}"
        for name in PAGES
        for target in targets(name)
        if not Path(ROOT, target).exists()
    ]
    assert dead == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached: set[str] = set()
    waiting = ["README.md"]
    while waiting:
        name = waiting.pop()
        if name in PAGES and name not in reached:
            reached.add(name)
            waiting += targets(name)
    assert {name for name in PAGES if name.startswith("docs/")} - reached == set()
