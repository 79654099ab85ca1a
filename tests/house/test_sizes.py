"""Files and functions stay small enough to be read at one sitting."""

from support.repository import functions, modules, text_files

FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 50


def test_no_file_is_longer_than_a_sitting() -> None:
    too_long = {
        name: lines
        for name, text in text_files()
        if name.endswith(".py")
        and not name.startswith("tests/")
        and (lines := text.count("\n")) > FILE_LINES_MAX
    }
    assert too_long == {}


def test_no_function_is_longer_than_a_page() -> None:
    too_long = {
        f"{name}:{node.lineno} {node.name}": lines
        for name, tree in modules()
        for node in functions(tree)
        if (lines := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES_MAX
    }
    assert too_long == {}
