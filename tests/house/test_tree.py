"""The test tree keeps out of the way of the packages it tests."""

from collections import Counter

from support.repository import files, shown

TEST_FILES = [path for path in files() if shown(path).startswith("tests/")]


def test_no_folder_of_tests_is_a_package() -> None:
    """A `tests/unit/protocol/__init__.py` would shadow the real `protocol`."""
    assert [shown(path) for path in TEST_FILES if path.name == "__init__.py"] == []


def test_every_test_file_has_a_name_of_its_own() -> None:
    names = Counter(path.name for path in TEST_FILES if path.match("test_*.py"))
    assert [name for name, times in names.items() if times > 1] == []


def test_every_file_with_tests_is_found_by_pytest() -> None:
    lost = [
        shown(path)
        for path in TEST_FILES
        if path.suffix == ".py"
        and not path.match("test_*.py")
        and "\ndef test_" in path.read_text(encoding="utf-8")
    ]
    assert lost == []
