"""What we hand to others holds our three packages, whole, and no other name."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from support.repository import PACKAGES, ROOT, files, shown

pytestmark = pytest.mark.slow


def test_the_wheel_owns_exactly_our_three_names(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
    ours = {shown(path) for path in files() if shown(path).split("/")[0] in PACKAGES}
    assert {name for name in names if name.split("/")[0] in PACKAGES} == ours
