"""The repository as the house tests see it: its files, and its Python files as syntax trees.

What `.gitignore` names is left out by our own reading of its plain patterns, so that the tests also
hold in a copy without git.
"""

import ast
import os
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("keys", "protocol", "inhope_node")


def ignored_patterns() -> tuple[str, ...]:
    """Return the patterns of `.gitignore`, and git's own folder."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    return (".git", *(line.rstrip("/") for line in lines))


@lru_cache
def files() -> tuple[Path, ...]:
    """Return every file that is or could be committed."""
    patterns = ignored_patterns()

    def wanted(name: str) -> bool:
        return not any(fnmatch(name, pattern) for pattern in patterns)

    found: list[Path] = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(filter(wanted, folders))
        found += (Path(folder, name) for name in sorted(names) if wanted(name))
    return tuple(found)


def shown(path: Path) -> str:
    """Return `path` as a person in the repository writes it."""
    return path.relative_to(ROOT).as_posix()


@lru_cache
def text_files() -> tuple[tuple[str, str], ...]:
    """Return name and text of every file that is text."""
    found = []
    for path in files():
        try:
            found.append((shown(path), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return tuple(found)


def parsed(text: str, name: str) -> ast.Module:
    """Return the syntax tree of `text`.

    Early Python 3.11 counts the depth of two parsers at once in one place (gh-106905) and then
    fails for no fault of the text; the second try is alone.
    """
    try:
        return ast.parse(text, name)
    except SystemError:
        return ast.parse(text, name)


@lru_cache
def modules() -> tuple[tuple[str, ast.Module], ...]:
    """Return name and syntax tree of every file of the three packages."""
    return tuple(
        (name, parsed(text, name))
        for name, text in text_files()
        if name.endswith(".py") and name.split("/")[0] in PACKAGES
    )


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method of `tree`, also nested ones."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def public_definitions(
    body: list[ast.stmt],
) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Yield the functions, classes and methods that a reader of the module may call."""
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if node.name.startswith("_"):
            continue
        yield node
        if isinstance(node, ast.ClassDef):
            yield from public_definitions(node.body)
