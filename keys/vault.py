"""The vault: one encrypted file that holds an identity.

Argon2id (RFC 9106) turns the passphrase into a key, ChaCha20-Poly1305 (RFC 8439) encrypts, and all
parameters are bound as associated data. The file is written whole or not at all, and only its owner
may read it. A wrong passphrase and a damaged file look the same, on purpose.
"""

import os
import stat
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from keys.backend import Argon2id
from keys.encoding import Value, decode, encode
from keys.errors import Malformed, VaultExposed, VaultLocked
from keys.identifiers import tagged_bytes
from keys.identity import IDENTITY_BYTES_MAX, Identity, from_bytes
from keys.shape import binary, binary_between, fixed_list, integer

SALT_BYTES: Final = 16
NONCE_BYTES: Final = 12
KEY_BYTES: Final = 32
VAULT_BYTES_MAX: Final = IDENTITY_BYTES_MAX + 256
MEMORY_KIB_MIN: Final = 1024
MEMORY_KIB_MAX: Final = 1024 * 1024
ITERATIONS_MAX: Final = 64
LANES_MAX: Final = 16

_VAULT_FORMAT: Final = 1
_READ_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_WRITE_FLAGS: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_OWNER_ONLY: Final = 0o600


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess at the passphrase costs.

    Attributes:
        memory_kib: Memory in KiB, 1024 to 1048576 (1 GiB).
        iterations: Passes over it, 1 to 64.
        lanes: Parallel lanes, 1 to 16.
    """

    memory_kib: int
    iterations: int
    lanes: int


DEFAULT: Final = Cost(memory_kib=64 * 1024, iterations=3, lanes=4)
"""RFC 9106, section 4, second recommendation: about 0.1 s."""
TEST: Final = Cost(memory_kib=8 * 1024, iterations=1, lanes=1)
"""For tests and demonstrations only: a guess costs almost nothing."""


def save(path: Path, identity: Identity, passphrase: str, *, cost: Cost = DEFAULT) -> None:
    """Write `identity` to `path`, replacing what is there; the file is durable on return.

    Raises:
        VaultLocked: The passphrase is empty, or `cost` is outside its bounds.
        OSError: The disk or the folder does not allow it; the old file is untouched.
    """
    draft = path.with_name(f".{path.name}.{os.urandom(8).hex()}.draft")
    data = _locked(identity, passphrase, cost)
    try:
        _write(draft, data)
        draft.replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            draft.unlink()
        raise
    _sync_folder(path.parent)


def load(path: Path, passphrase: str) -> Identity:
    """Return the identity in `path`.

    Raises:
        VaultLocked: The passphrase is wrong or the file is damaged.
        VaultExposed: Others than the owner may read it, or it is no regular file.
        OSError: There is no such file, or it cannot be read.
    """
    try:
        return _unlocked(_read(path), passphrase)
    except (Malformed, InvalidTag) as error:
        raise VaultLocked("The passphrase is wrong, or the vault is damaged.") from error


def _locked(identity: Identity, passphrase: str, cost: Cost) -> bytes:
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    header: list[Value] = [cost.memory_kib, cost.iterations, cost.lanes, salt, nonce]
    try:
        key = _key(passphrase, _cost(header[:3]), salt)
    except Malformed as error:
        raise VaultLocked("The cost of the vault is outside its bounds.") from error
    sealed = ChaCha20Poly1305(key).encrypt(nonce, identity.to_bytes(), _bound(header))
    return encode([_VAULT_FORMAT, *header, sealed])


def _unlocked(data: bytes, passphrase: str) -> Identity:
    fields = fixed_list(decode(data, bytes_max=VAULT_BYTES_MAX), 7)
    integer(fields[0], _VAULT_FORMAT, _VAULT_FORMAT)
    header = fields[1:6]
    salt, nonce = binary(fields[4], SALT_BYTES), binary(fields[5], NONCE_BYTES)
    sealed = binary_between(fields[6], 16, VAULT_BYTES_MAX)
    key = _key(passphrase, _cost(fields[1:4]), salt)
    return from_bytes(ChaCha20Poly1305(key).decrypt(nonce, sealed, _bound(header)))


def _cost(fields: list[Value]) -> Cost:
    """Read the cost within its bounds, so that a forged file cannot eat the memory."""
    memory_kib, iterations, lanes = fields
    return Cost(
        integer(memory_kib, MEMORY_KIB_MIN, MEMORY_KIB_MAX),
        integer(iterations, 1, ITERATIONS_MAX),
        integer(lanes, 1, LANES_MAX),
    )


def _key(passphrase: str, cost: Cost, salt: bytes) -> bytes:
    if not passphrase:
        raise VaultLocked("The passphrase is empty.")
    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    derivation = Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )
    return derivation.derive(typed)


def _bound(header: list[Value]) -> bytes:
    return tagged_bytes("vault", encode(header))


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, _WRITE_FLAGS, _OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, _OWNER_ONLY)
        file.write(data)
        file.flush()
        os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path) -> bytes:
    if path.is_symlink():
        raise VaultExposed("The vault is a link; it must be a regular file.")
    descriptor = os.open(path, _READ_FLAGS)
    try:
        _check_exposure(os.fstat(descriptor).st_mode)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(VAULT_BYTES_MAX + 1)
    finally:
        os.close(descriptor)


def _check_exposure(mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise VaultExposed("The vault is no regular file.")
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise VaultExposed("Others may read or change the vault: give it mode 0600.")
