"""Every room says what it is for, every public name what it means."""

import ast

from support.repository import modules, public_definitions

SENTENCE_CHARS_MIN = 30


def test_every_file_says_what_it_is_for() -> None:
    silent = [
        name for name, tree in modules() if len(ast.get_docstring(tree) or "") < SENTENCE_CHARS_MIN
    ]
    assert silent == []


def test_every_public_name_says_what_it_means() -> None:
    silent = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in modules()
        for node in public_definitions(tree.body)
        if not ast.get_docstring(node)
    ]
    assert silent == []
