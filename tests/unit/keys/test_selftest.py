"""The self-test passes on sound libraries and names, in one sentence, what is unfit."""

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.exceptions import UnsupportedAlgorithm

from keys import known_answers, selftest, suite
from keys.backend import MISSING
from keys.errors import BackendUnfit
from keys.selftest import check_backend
from keys.suite import SealingSecret, SigningPublic

START_WITHOUT = """
import sys
sys.modules[sys.argv[1]] = None
from keys import certificate, identity, trust, vault
from keys.errors import BackendUnfit
from keys.selftest import check_backend
try:
    check_backend()
except BackendUnfit as unfit:
    print(unfit)
"""


@pytest.fixture(autouse=True)
def _fresh_keys() -> Iterator[None]:
    """Keep keys that a broken backend let through away from other tests."""
    yield
    suite._load_signing.cache_clear()
    suite._load_sealing.cache_clear()
    suite._suite.cache_clear()


def complaint() -> str:
    with pytest.raises(BackendUnfit) as unfit:
        check_backend()
    sentence = str(unfit.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "install" in sentence
    return sentence


def unsupported(*_: object) -> Any:
    raise UnsupportedAlgorithm("not in this build")


def test_the_installed_libraries_are_fit() -> None:
    check_backend()
    assert not MISSING


@pytest.mark.parametrize(
    ("package", "found"),
    [("cryptography", "47.9.9"), ("pynacl", "1.6.1"), ("pynacl", "1.6"), ("pynacl", "unknown")],
)
def test_an_old_library_is_named(monkeypatch: pytest.MonkeyPatch, package: str, found: str) -> None:
    monkeypatch.setattr(selftest, "version", lambda name: found if name == package else "999.0.0")
    sentence = complaint()
    assert sentence.startswith(package)
    assert found in sentence


def test_the_floors_themselves_are_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        selftest, "version", lambda name: {"cryptography": "48.0.0", "pynacl": "1.6.2"}[name]
    )
    check_backend()


def test_a_library_without_a_version_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_found(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(selftest, "version", not_found)
    assert "found: none" in complaint()


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ("ED25519_PUBLIC", "Ed25519 "),
        ("ED25519_SIGNATURE", "Ed25519 "),
        ("MLDSA_PUBLIC_SHA256", "ML-DSA-65 "),
        ("MLDSA_SIGNATURE", "ML-DSA-65 "),
        ("SEALING_PUBLIC_SHA256", "HPKE "),
        ("SEALED_ANSWER", "HPKE "),
        ("ARGON2ID_KEY", "Argon2id "),
    ],
)
def test_a_wrong_answer_is_named(monkeypatch: pytest.MonkeyPatch, answer: str, named: str) -> None:
    right: bytes = getattr(known_answers, answer)
    monkeypatch.setattr(known_answers, answer, right[:-1] + bytes((right[-1] ^ 1,)))
    assert complaint().startswith(named)


def test_a_library_that_takes_weak_keys_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    suite._load_signing.cache_clear()
    monkeypatch.setattr(suite, "crypto_core_ed25519_is_valid_point", lambda _: True)
    assert complaint().startswith("The refusal of weak Ed25519 keys")


def test_a_library_that_takes_forgeries_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SigningPublic, "verify_hybrid", lambda *_: None)
    assert complaint().startswith("The refusal of forged signatures")


def test_a_library_that_checks_one_half_only_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def short_half(public: SigningPublic, data: bytes, signature: bytes) -> None:
        public.verify_short(data, signature[:64])

    monkeypatch.setattr(SigningPublic, "verify_hybrid", short_half)
    assert complaint().startswith("The refusal of forged signatures")


def test_a_library_that_opens_anything_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SealingSecret, "open", lambda *_: known_answers.QUESTION)
    assert complaint().startswith("The refusal of altered seals")


@pytest.mark.parametrize("part", ["mldsa", "mlkem"])
def test_a_build_without_the_new_algorithms_is_named(
    monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    lacking = SimpleNamespace(from_seed_bytes=unsupported, from_public_bytes=unsupported)
    names = ("MLDSA65PrivateKey", "MLDSA65PublicKey", "MLKEM768PrivateKey", "MLKEM768PublicKey")
    suite._load_signing.cache_clear()
    monkeypatch.setattr(suite, part, SimpleNamespace(**dict.fromkeys(names, lacking)))
    assert "missing or computes wrongly" in complaint()


def test_an_algorithm_that_hpke_does_not_offer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    suite._suite.cache_clear()
    monkeypatch.setattr(suite, "hpke", SimpleNamespace(MLKEM768X25519PrivateKey=unsupported))
    assert complaint().startswith("HPKE ")


def test_missing_parts_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selftest, "MISSING", True)
    assert "lacks HPKE" in complaint()


@pytest.mark.parametrize("part", ["hpke", "kdf.argon2"])
def test_every_room_loads_and_the_self_test_speaks_without(part: str) -> None:
    missing = f"cryptography.hazmat.primitives.{part}"
    command = [sys.executable, "-c", START_WITHOUT, missing]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout.count("\n") == 1
    assert run.stdout.startswith("cryptography lacks HPKE, ML-DSA or Argon2id")
    assert run.stderr == ""
