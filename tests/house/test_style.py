"""Rules of the house that no linter knows: who may call what, and which names say nothing."""

import ast
import re
from collections.abc import Callable
from typing import TypeAlias

import pytest
from support.repository import functions, modules

Look: TypeAlias = Callable[[ast.Module], list[int]]

CLOCK_READS = {
    "time.time",
    "time.time_ns",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "date.today",
    "datetime.date.today",
}
COMMITTING_CALLS = {"transform", "atomic"}
EMPTY_NAMES = re.compile(
    r"^(utils?|helpers?|common|misc|\w*manager)$|^(handle|process)_", re.IGNORECASE
)


def clock_reads(tree: ast.Module) -> list[int]:
    """Return the lines that ask a clock of the wall for the time."""
    imported = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        if {alias.name for alias in node.names} & {"time", "time_ns"}
    ]
    return imported + [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in CLOCK_READS
    ]


def committing_calls(tree: ast.Module) -> list[int]:
    """Return the lines that call what sqlite-utils commits on its own."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in COMMITTING_CALLS
    ]


def hidden_imports(tree: ast.Module) -> list[int]:
    """Return the lines that import late or for types only, where no contract sees the arrow."""
    late = [
        node.lineno
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    return late + [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "TYPE_CHECKING"
    ]


def found(look: Look, *, apart_from: str = "") -> list[str]:
    return [
        f"{name}:{line}" for name, tree in modules() if name != apart_from for line in look(tree)
    ]


def test_only_one_room_reads_the_clock() -> None:
    assert found(clock_reads, apart_from="inhope_node/clock.py") == []


def test_only_the_database_room_may_call_what_commits_on_its_own() -> None:
    assert found(committing_calls, apart_from="inhope_node/store/database.py") == []


def test_every_import_stands_at_the_top_where_the_contracts_see_it() -> None:
    assert found(hidden_imports) == []


def test_names_say_something() -> None:
    rooms = [name for name, _ in modules() if any(map(EMPTY_NAMES.match, re.split(r"[/.]", name)))]
    verbs = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in modules()
        for node in functions(tree)
        if EMPTY_NAMES.match(node.name.lstrip("_"))
    ]
    assert rooms + verbs == []


def test_an_init_file_defines_nothing_but_its_mark() -> None:
    """Only the node's own holds more: the guard over the generic names below it."""
    busy = [
        name
        for name, tree in modules()
        if name.endswith("__init__.py") and name != "inhope_node/__init__.py"
        for node in tree.body[1:]
        if not ast.unparse(node).startswith(("MARK =", "MARK: "))
    ]
    assert busy == []


@pytest.mark.parametrize(
    ("look", "bad", "good"),
    [
        (clock_reads, "from time import time", "from time import monotonic"),
        (clock_reads, "import time\nx = time.time_ns()", "import time\nx = time.monotonic()"),
        (committing_calls, "with db.atomic(): pass", "with db.transaction(): pass"),
        (committing_calls, "db['t'].transform(types={})", "transform(x)"),
        (hidden_imports, "def f():\n    import os", "import os"),
        (hidden_imports, "if TYPE_CHECKING: pass", "x = 1"),
    ],
)
def test_each_rule_sees_its_breach(look: Look, bad: str, good: str) -> None:
    assert look(ast.parse(bad))
    assert not look(ast.parse(good))
