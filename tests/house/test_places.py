"""Nothing in the repository names the machine it was written on or a place packages came from."""

import re

import pytest
from support.repository import files, shown, text_files

MACHINE_PATH = re.compile(r"(?<![\w.)>-])/(?:home|opt|root|tmp|Users|work)(?![\w-])")
# Put together here, so that this file does not name them either.
REGISTRY_WORDS = (
    *map(".".join, (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("crates", "io"))),
    *map("-".join, (("index", "url"), ("find", "links"), ("trusted", "host"))),
)
REGISTRY = re.compile("|".join(rf"(?<!no-emit-){re.escape(word)}" for word in REGISTRY_WORDS))
LOCKS_WITH_ADDRESSES = {
    *("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock"),
    *("package-lock.json", "yarn.lock", "pnpm-lock.yaml"),
}


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number} {line.strip()[:100]}"
        for name, text in text_files()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_path_of_a_machine() -> None:
    assert lines_with(MACHINE_PATH) == []


def test_no_file_names_a_registry_or_tells_pip_where_to_look() -> None:
    assert lines_with(REGISTRY) == []


def test_no_lock_file_carries_addresses() -> None:
    assert [shown(path) for path in files() if path.name in LOCKS_WITH_ADDRESSES] == []


@pytest.mark.parametrize("folder", ["home", "opt", "root", "tmp", "Users", "work"])
def test_a_machine_path_is_found_and_a_web_path_is_not(folder: str) -> None:
    assert MACHINE_PATH.search(f'Path("/{folder}/x")')
    assert MACHINE_PATH.search(f"cd /{folder}")
    assert not MACHINE_PATH.search(f"https://host.example/{folder}/x")
    assert not MACHINE_PATH.search(f"/{folder}-page")


@pytest.mark.parametrize("word", REGISTRY_WORDS)
def test_a_registry_is_found_wherever_it_stands(word: str) -> None:
    assert REGISTRY.search(f"see {word} there")
