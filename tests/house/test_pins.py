"""What is installed is exactly what was pinned: one version, known bytes, nothing beside it."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from support.repository import ROOT

LISTS = ("requirements.txt", "requirements-dev.txt")
PART_OF_EVERY_ENVIRONMENT = {"pip"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME = PROJECT["project"]["dependencies"] + PROJECT["build-system"]["requires"]
DEV = PROJECT["dependency-groups"]["dev"]


def blocks(name: str) -> list[str]:
    """Return the entries of a list, each with its hashes, without comments."""
    text = re.sub(r"^\s*#.*\n?", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return re.split(r"(?<!\\)\n(?=\S)", text.strip())


def pins(name: str) -> dict[str, str]:
    """Return distribution and version of every entry of a list."""
    heads = [Requirement(block.split()[0]) for block in blocks(name)]
    return {canonicalize_name(head.name): str(head.specifier) for head in heads}


def needs(distribution: str) -> set[str]:
    """Return what `distribution`, if it is installed, needs on this machine."""
    try:
        found = map(Requirement, requires(distribution) or ())
    except PackageNotFoundError:
        return set()
    return {
        canonicalize_name(need.name)
        for need in found
        if not need.marker or need.marker.evaluate({"extra": ""})
    }


@pytest.mark.parametrize("name", LISTS)
def test_every_entry_is_one_version_with_its_hashes_and_nothing_else(name: str) -> None:
    entry = re.compile(
        r"[a-z0-9-]+==[0-9][0-9a-z.]*( \\\n    --hash=sha256:[0-9a-f]{64})+", re.ASCII
    )
    assert [block for block in blocks(name) if not entry.fullmatch(block.strip())] == []


@pytest.mark.parametrize(("name", "declared"), [(LISTS[0], RUNTIME), (LISTS[1], DEV)])
def test_the_project_and_the_list_pin_the_same_version(name: str, declared: list[str]) -> None:
    wanted = {
        canonicalize_name(need.name): str(need.specifier) for need in map(Requirement, declared)
    }
    assert all(version.startswith("==") for version in wanted.values())
    assert {key: pins(name).get(key) for key in wanted} == wanted


def test_a_distribution_on_both_lists_has_one_version() -> None:
    runtime, dev = map(pins, LISTS)
    assert {key: (runtime[key], dev[key]) for key in runtime.keys() & dev.keys()} == {
        key: (runtime[key], runtime[key]) for key in runtime.keys() & dev.keys()
    }


def test_the_notice_names_the_licence_of_every_library() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    named = set(re.findall(r"^  ([a-z0-9-]+) +\S", notice, flags=re.MULTILINE))
    assert named == pins(LISTS[0]).keys() | pins(LISTS[1]).keys()


@pytest.mark.parametrize("name", LISTS)
def test_the_list_is_complete(name: str) -> None:
    """It is installed without asking what else is needed, so it must hold all that is."""
    listed = pins(name)
    missing = {key: needs(key) - listed.keys() - PART_OF_EVERY_ENVIRONMENT for key in listed}
    assert {key: lacks for key, lacks in missing.items() if lacks} == {}
