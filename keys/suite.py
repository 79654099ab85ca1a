"""The only algorithms of version 1, each by the library that does it safely (spec: container).

Ed25519 by libsodium (RFC 8032; OpenSSL accepts forgeries under small-order keys), ML-DSA-65
(FIPS 204, pure, empty context, hedged) and HPKE (RFC 9180, base mode, single shot) with
MLKEM768-X25519, HKDF-SHA256 and ChaCha20-Poly1305 by `cryptography`. There is no other suite and no
fallback. Keys are made from seeds that are given; nothing here draws randomness for a key.
"""

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Self

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from nacl.bindings import crypto_core_ed25519_is_valid_point
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from keys.backend import hpke, mldsa, mlkem
from keys.errors import BadSignature, CannotOpen, WeakKey
from keys.identifiers import KEY_ID_BYTES, KeyId, tagged_hash

ED25519_PUBLIC_BYTES: Final = 32
MLDSA_PUBLIC_BYTES: Final = 1952
SIGNING_SEED_BYTES: Final = 64
SHORT_SIGNATURE_BYTES: Final = 64
HYBRID_SIGNATURE_BYTES: Final = 3373
SEALING_SEED_BYTES: Final = 32
SEALING_PUBLIC_BYTES: Final = 1216
SEAL_OVERHEAD_BYTES: Final = 1136
"""Sealed bytes are longer than their plaintext by this: KEM ciphertext 1120, AEAD tag 16."""

_MLKEM_PUBLIC_BYTES: Final = 1184
_KEYS_CACHED: Final = 2048


@dataclass(frozen=True, slots=True)
class SigningPublic:
    """The public half of a signing key: both algorithms, always together.

    Attributes:
        ed25519: 32 bytes, a point of the prime-order group in canonical form.
        mldsa: 1952 bytes, an ML-DSA-65 public key.

    Raises:
        WeakKey: One of the two is not that.
    """

    ed25519: bytes
    mldsa: bytes

    def __post_init__(self) -> None:
        _load_signing(self.ed25519, self.mldsa)

    def __repr__(self) -> str:
        return f"SigningPublic({self.key_id.hex()})"

    @property
    def key_id(self) -> KeyId:
        """The first 8 bytes of the tagged hash of both keys."""
        digest = tagged_hash("signing-key", self.ed25519, self.mldsa)
        return KeyId(digest[:KEY_ID_BYTES])

    def verify_short(self, data: bytes, signature: bytes) -> None:
        """Check an Ed25519 signature of 64 bytes.

        Raises:
            BadSignature: It is not this key's signature of `data`.
        """
        if len(signature) != SHORT_SIGNATURE_BYTES:
            raise BadSignature("The signature does not have the length of a short one.")
        try:
            _load_signing(self.ed25519, self.mldsa)[0].verify(data, signature)
        except BadSignatureError as error:
            raise BadSignature("The Ed25519 signature does not verify.") from error

    def verify_hybrid(self, data: bytes, signature: bytes) -> None:
        """Check both halves of a hybrid signature, Ed25519 then ML-DSA-65, 3373 bytes.

        Raises:
            BadSignature: One of them is not this key's signature of `data`.
        """
        if len(signature) != HYBRID_SIGNATURE_BYTES:
            raise BadSignature("The signature does not have the length of a hybrid one.")
        self.verify_short(data, signature[:SHORT_SIGNATURE_BYTES])
        try:
            mldsa_key = _load_signing(self.ed25519, self.mldsa)[1]
            mldsa_key.verify(signature[SHORT_SIGNATURE_BYTES:], data)
        except InvalidSignature as error:
            raise BadSignature("The ML-DSA-65 signature does not verify.") from error


@dataclass(frozen=True, slots=True)
class SigningSecret:
    """The private half of a signing key. Make it with `from_seed`; its repr shows nothing.

    Attributes:
        seed: 64 bytes, the Ed25519 seed and then the ML-DSA-65 seed: all that is ever stored.
        public: The half that others may see.
    """

    seed: bytes = field(repr=False)
    public: SigningPublic = field(repr=False, compare=False)
    _ed25519: SigningKey = field(repr=False, compare=False)
    _mldsa: "mldsa.MLDSA65PrivateKey" = field(repr=False, compare=False)

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Return the key that grows from `seed`, 32 bytes per algorithm.

        Raises:
            WeakKey: It is not 64 bytes long.
        """
        if len(seed) != SIGNING_SEED_BYTES:
            raise WeakKey(f"A signing seed has {SIGNING_SEED_BYTES} bytes.")
        short, long = SigningKey(seed[:32]), mldsa.MLDSA65PrivateKey.from_seed_bytes(seed[32:])
        public = SigningPublic(bytes(short.verify_key), long.public_key().public_bytes_raw())
        return cls(seed, public, short, long)

    def sign_short(self, data: bytes) -> bytes:
        """Return the Ed25519 signature of `data`, 64 bytes, always the same."""
        return self._ed25519.sign(data).signature

    def sign_hybrid(self, data: bytes) -> bytes:
        """Return Ed25519 || ML-DSA-65 over `data`, 3373 bytes, the second half hedged."""
        return self.sign_short(data) + self._mldsa.sign(data)


@dataclass(frozen=True, slots=True)
class SealingPublic:
    """The public half of a sealing key: ML-KEM-768 (1184 bytes), then X25519 (32 bytes).

    Raises:
        WeakKey: The length is wrong, or the X25519 half has low order.
    """

    key: bytes

    def __post_init__(self) -> None:
        _load_sealing(self.key)

    def __repr__(self) -> str:
        return f"SealingPublic({self.key_id.hex()})"

    @property
    def key_id(self) -> KeyId:
        """The first 8 bytes of the tagged hash of the key."""
        return KeyId(tagged_hash("sealing-key", self.key)[:KEY_ID_BYTES])

    def seal(self, info: bytes, plaintext: bytes) -> bytes:
        """Return `plaintext` sealed for this key alone and bound to `info`, which stays public."""
        return _suite().encrypt(plaintext, _load_sealing(self.key), info=info)


@dataclass(frozen=True, slots=True)
class SealingSecret:
    """The private half of a sealing key. Make it with `from_seed`; its repr shows nothing.

    Attributes:
        seed: 32 bytes: all that is ever stored. SHAKE256 expands it to both private keys.
        public: The half that others may see.
    """

    seed: bytes = field(repr=False)
    public: SealingPublic = field(repr=False, compare=False)
    _private: "hpke.MLKEM768X25519PrivateKey" = field(repr=False, compare=False)

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Return the key that grows from `seed`.

        Raises:
            WeakKey: It is not 32 bytes long.
        """
        if len(seed) != SEALING_SEED_BYTES:
            raise WeakKey(f"A sealing seed has {SEALING_SEED_BYTES} bytes.")
        expanded = hashlib.shake_256(seed).digest(96)
        lattice = mlkem.MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        curve = X25519PrivateKey.from_private_bytes(expanded[64:])
        halves = lattice.public_key().public_bytes_raw(), curve.public_key().public_bytes_raw()
        private = hpke.MLKEM768X25519PrivateKey(lattice, curve)
        return cls(seed, SealingPublic(b"".join(halves)), private)

    def open(self, info: bytes, sealed: bytes) -> bytes:
        """Return what `SealingPublic.seal` sealed with the same `info`.

        Raises:
            CannotOpen: It was sealed for another key or another `info`, or was altered.
        """
        try:
            return _suite().decrypt(sealed, self._private, info=info)
        except (InvalidTag, ValueError) as error:
            raise CannotOpen("The sealed bytes do not open with this key.") from error


@lru_cache(maxsize=1)
def _suite() -> "hpke.Suite":
    """Return the one HPKE suite: KEM 0x647a, KDF 0x0001, AEAD 0x0003."""
    kem, kdf, aead = hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305
    return hpke.Suite(kem, kdf, aead)


@lru_cache(maxsize=_KEYS_CACHED)
def _load_signing(ed25519: bytes, long: bytes) -> "tuple[VerifyKey, mldsa.MLDSA65PublicKey]":
    """Check both keys and return the libraries' objects for them; only public bytes are kept."""
    if len(ed25519) != ED25519_PUBLIC_BYTES or len(long) != MLDSA_PUBLIC_BYTES:
        raise WeakKey("A signing key does not have the lengths of Ed25519 and ML-DSA-65.")
    if not crypto_core_ed25519_is_valid_point(ed25519):
        raise WeakKey("An Ed25519 key is no canonical point of the prime-order group.")
    return VerifyKey(ed25519), mldsa.MLDSA65PublicKey.from_public_bytes(long)


@lru_cache(maxsize=_KEYS_CACHED)
def _load_sealing(key: bytes) -> "hpke.MLKEM768X25519PublicKey":
    """Check the key and return the library's object for it; only public bytes are kept."""
    if len(key) != SEALING_PUBLIC_BYTES:
        raise WeakKey(f"A sealing key has {SEALING_PUBLIC_BYTES} bytes.")
    curve = X25519PublicKey.from_public_bytes(key[_MLKEM_PUBLIC_BYTES:])
    try:
        # Any private key will do: a point of low order gives zero with all of them (RFC 7748, 6.1).
        X25519PrivateKey.from_private_bytes(bytes(32)).exchange(curve)
        lattice = mlkem.MLKEM768PublicKey.from_public_bytes(key[:_MLKEM_PUBLIC_BYTES])
    except ValueError as error:
        raise WeakKey("A sealing key is of low order or not canonical.") from error
    return hpke.MLKEM768X25519PublicKey(lattice, curve)
