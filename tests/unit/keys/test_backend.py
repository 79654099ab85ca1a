"""The newer parts of the library: there, or all absent together and said so."""

import runpy
import sys

import pytest

from keys import backend


def test_the_parts_are_there() -> None:
    assert not backend.MISSING
    assert all((backend.hpke, backend.mldsa, backend.mlkem, backend.Argon2id))


@pytest.mark.parametrize("part", ["hpke", "asymmetric.mldsa", "asymmetric.mlkem", "kdf.argon2"])
def test_one_missing_part_makes_all_of_them_absent(
    monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    package, _, name = f"cryptography.hazmat.primitives.{part}".rpartition(".")
    monkeypatch.delattr(sys.modules[package], name)
    monkeypatch.setitem(sys.modules, f"{package}.{name}", None)
    found = runpy.run_path(backend.__file__)
    assert found["MISSING"]
    assert [found[name] for name in ("hpke", "mldsa", "mlkem", "Argon2id")] == [None] * 4
