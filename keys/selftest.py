"""Known answers before anything else: a node with an unfit library must not start (spec: suites).

Every library below is asked questions whose answers are published or stored. The checks cost about
a hundredth of a second. They judge the libraries only, never the node's own keys.
"""

import hashlib
import re
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from keys import known_answers as known
from keys.backend import MISSING, Argon2id
from keys.errors import BackendUnfit, BadSignature, CannotOpen, WeakKey
from keys.suite import (
    SHORT_SIGNATURE_BYTES,
    SealingSecret,
    SigningPublic,
    SigningSecret,
)

VERSION_FLOORS: Final = {"cryptography": (48, 0, 0), "pynacl": (1, 6, 2)}
"""cryptography 48 brings MLKEM768-X25519; PyNaCl 1.6.2 mends CVE-2025-69277."""


def check_backend() -> None:
    """Ask every library for its known answers.

    Raises:
        BackendUnfit: One is too old, lacks an algorithm or answers wrongly; the sentence says
            which and what to install.
    """
    for package, floor in VERSION_FLOORS.items():
        _check_version(package, floor)
    if MISSING:
        raise BackendUnfit(f"cryptography lacks HPKE, ML-DSA or Argon2id; {_advice()}")
    for name, is_right in _CHECKS.items():
        if not _answer(is_right):
            raise BackendUnfit(f"{name} is missing or computes wrongly here; {_advice()}")


def _check_version(package: str, floor: tuple[int, ...]) -> None:
    try:
        found = version(package)
    except PackageNotFoundError:
        found = "none"
    if tuple(map(int, re.findall(r"\d+", found)[:3])) < floor:
        needed = ".".join(map(str, floor))
        raise BackendUnfit(f"{package} {needed} or newer is needed, found: {found}; {_advice()}")


def _advice() -> str:
    return "install the wheels of cryptography and pynacl that this release names."


def _answer(is_right: Callable[[], bool]) -> bool:
    """Ask one question; a library that cannot even answer has answered wrongly."""
    try:
        return is_right()
    except Exception:  # noqa: BLE001 - nobody knows how a broken library fails
        return False


def _signs_short() -> bool:
    secret = _signer()
    secret.public.verify_short(b"", known.ED25519_SIGNATURE)
    signature = secret.sign_short(b"")
    return secret.public.ed25519 == known.ED25519_PUBLIC and signature == known.ED25519_SIGNATURE


def _refuses_small_order() -> bool:
    return all(_refused(point) for point in known.ED25519_SMALL_ORDER)


def _refused(point: bytes) -> bool:
    try:
        SigningPublic(point, _signer().public.mldsa)
    except WeakKey:
        return True
    return False


def _signs_hybrid() -> bool:
    secret = _signer()
    digest = hashlib.sha256(secret.public.mldsa).digest()
    short = secret.sign_short(known.QUESTION)
    secret.public.verify_hybrid(known.QUESTION, short + known.MLDSA_SIGNATURE)
    secret.public.verify_hybrid(known.QUESTION, secret.sign_hybrid(known.QUESTION))
    return digest == known.MLDSA_PUBLIC_SHA256


def _refuses_forgeries() -> bool:
    """Alter each half of a good signature in turn: who says yes to all verifies nothing."""
    secret = _signer()
    good = secret.sign_short(known.QUESTION) + known.MLDSA_SIGNATURE
    return all(_forgery_refused(secret, good, at) for at in (0, SHORT_SIGNATURE_BYTES))


def _forgery_refused(secret: SigningSecret, good: bytes, at: int) -> bool:
    forged = good[:at] + bytes((good[at] ^ 1,)) + good[at + 1 :]
    try:
        secret.public.verify_hybrid(known.QUESTION, forged)
    except BadSignature:
        return True
    return False


def _seals() -> bool:
    secret = SealingSecret.from_seed(known.SEALING_SEED)
    digest = hashlib.sha256(secret.public.key).digest()
    fresh = secret.public.seal(known.SEALED_INFO, known.QUESTION)
    opened = [secret.open(known.SEALED_INFO, sealed) for sealed in (known.SEALED_ANSWER, fresh)]
    return digest == known.SEALING_PUBLIC_SHA256 and opened == [known.QUESTION] * 2


def _refuses_altered_seals() -> bool:
    secret = SealingSecret.from_seed(known.SEALING_SEED)
    try:
        secret.open(b"another info", known.SEALED_ANSWER)
    except CannotOpen:
        return True
    return False


def _derives() -> bool:
    derivation = Argon2id(
        salt=b"\x02" * 16,
        length=32,
        iterations=3,
        lanes=4,
        memory_cost=32,
        ad=b"\x04" * 12,
        secret=b"\x03" * 8,
    )
    return derivation.derive(b"\x01" * 32) == known.ARGON2ID_KEY


def _signer() -> SigningSecret:
    return SigningSecret.from_seed(known.ED25519_SEED + known.MLDSA_SEED)


_CHECKS: Final[dict[str, Callable[[], bool]]] = {
    "Ed25519": _signs_short,
    "The refusal of weak Ed25519 keys": _refuses_small_order,
    "ML-DSA-65": _signs_hybrid,
    "The refusal of forged signatures": _refuses_forgeries,
    "HPKE with MLKEM768-X25519": _seals,
    "The refusal of altered seals": _refuses_altered_seals,
    "Argon2id": _derives,
}
