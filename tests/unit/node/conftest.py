"""A desk for the tests of one node; a plain database, since encryption is tested on its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.desk import Desk, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened
