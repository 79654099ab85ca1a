"""The README's "Two nodes by hand", done as it is written, the answers typed as a person would."""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from support.repository import ROOT

pytestmark = pytest.mark.slow

PROGRAM = str(Path(sys.executable).with_name("inhope-node"))
ENVIRONMENT = {**os.environ, "INHOPE_PASSPHRASE": "five words for a trial"}
PATIENCE_S = 60.0
ADDRESS = "https://site.example/page"
TYPED = {"report file": f"{ADDRESS}\n\n", "item assess": "demo@1:alpha\ny\ny\ny\ny\n"}


def commands_by_hand() -> list[list[str]]:
    """Return the words of each command of the section, in order."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split("## Two nodes by hand")[1].split("\n## ")[0]
    blocks = "".join(re.findall(r"^```\n(.*?)^```", section, re.MULTILINE | re.DOTALL))
    for port in ("8443", "8444"):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            blocks = blocks.replace(port, str(probe.getsockname()[1]))
    lines = blocks.replace("\\\n", " ").splitlines()
    return [words for line in lines if (words := shlex.split(line, comments=True)[1:])]


def call(folder: Path, words: list[str], typed: str = "") -> str:
    """Run one command to its end and return what it printed."""
    done = subprocess.run(
        [PROGRAM, *words],
        cwd=folder,
        env=ENVIRONMENT,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, f"{shlex.join(words)}: {done.stderr}"
    return done.stdout


@contextmanager
def running(folder: Path, words: list[str]) -> Iterator[None]:
    """Start a node, wait for its word that it is ready, and stop it in the end."""
    with subprocess.Popen(
        [PROGRAM, *words],
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as node:
        try:
            assert node.stdout is not None
            assert node.stdout.readline(), "the node ended instead of getting ready"
            yield
        finally:
            node.terminate()


def item_at(folder: Path, home: str, state: str) -> str:
    """Return the one item of a node as soon as it is in `state`."""
    patience_ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < patience_ends:
        query = ["--home", home, "--as", "desk-1", "item", "list", "--json", "--state", state]
        items = json.loads(call(folder, query))["items"]
        if items:
            assert len(items) == 1
            return str(items[0]["id"])
        time.sleep(0.2)
    pytest.fail(f"no item became {state} at {home}")


def words_typed(folder: Path, words: list[str]) -> str:
    """Return what a person types at a command's questions."""
    verb = " ".join(word for word in words[2:] if not word.startswith("--"))
    if verb.startswith("peer confirm"):
        return (
            " ".join(
                json.loads(call(folder, ["--home", verb.split()[2], "card", "show", "--json"]))[
                    "words"
                ]
            )
            + "\n"
        )
    return next((text for start, text in TYPED.items() if start in verb), "")


BEFORE = {
    "assess": "assessing",
    "locate": "assessed",
    "accept": "delivered",
    "act": "police_pending",
}


def test_two_nodes_by_hand_are_as_easy_as_the_readme_says(tmp_path: Path) -> None:
    printed = ""
    printed = ""
    with ExitStack() as nodes:
        for words in commands_by_hand():
            if words[-1] == "run":
                nodes.enter_context(running(tmp_path, words))
                continue
            if "next" in words and "--take" not in words:
                item_at(tmp_path, words[1], "delivered")
            if "ITEM" in words:
                verb = words[words.index("ITEM") - 1]
                state = BEFORE.get(verb, "police_informed")
                words[words.index("ITEM")] = item_at(tmp_path, words[1], state)
            printed = call(tmp_path, words, words_typed(tmp_path, words))
        assert "police_informed" in printed
        assert ADDRESS not in printed
