"""The floors hold: nothing imports upwards or in a circle, no stranger takes a floor's place."""

import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from support.repository import PACKAGES, ROOT


def test_the_contracts_between_the_floors_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", PACKAGES)
def test_no_other_distribution_here_owns_our_names(name: str) -> None:
    assert set(packages_distributions().get(name, [])) <= {"inhope-node"}


@pytest.mark.parametrize("name", ["keys", "protocol"])
@pytest.mark.parametrize("text", ["", "MARK = 'another'"], ids=["no mark", "another mark"])
def test_a_foreign_package_in_place_of_a_floor_is_named(
    name: str, text: str, tmp_path: Path
) -> None:
    intruder = tmp_path / name / "__init__.py"
    intruder.parent.mkdir()
    intruder.write_text(text)
    program = "import sys; sys.path[:0] = sys.argv[1:]; import inhope_node"
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"ImportError: {intruder} is not the `{name}` package of inhope-node" in done.stderr
