"""The algorithms: both halves count, weak keys are refused, secrets do not show."""

import pytest
from nacl.bindings import crypto_core_ed25519_add
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey
from support.identities import sealing_secret, signing_secret

from keys.errors import BadSignature, CannotOpen, Malformed, WeakKey
from keys.suite import (
    HYBRID_SIGNATURE_BYTES,
    SEAL_OVERHEAD_BYTES,
    SEALING_PUBLIC_BYTES,
    SHORT_SIGNATURE_BYTES,
    SealingPublic,
    SealingSecret,
    SigningPublic,
    SigningSecret,
)

ALPHA, BETA = signing_secret("alpha"), signing_secret("beta")
BOX = sealing_secret("alpha")

ORDER_8 = (
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
)
SMALL_ORDER = (
    "00" * 32,
    "01" + "00" * 31,
    *ORDER_8,
    "ec" + "ff" * 30 + "7f",
    "ed" + "ff" * 30 + "7f",  # not canonical: p and p + 1
    "ee" + "ff" * 30 + "7f",
)
LOW_ORDER_X25519 = (
    "00" * 32,
    "01" + "00" * 31,
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ec" + "ff" * 30 + "7f",
    "ed" + "ff" * 30 + "7f",
    "ee" + "ff" * 30 + "7f",
)


def with_high_bit(point: bytes) -> bytes:
    return point[:31] + bytes((point[31] | 0x80,))


def test_a_short_signature_verifies_and_is_64_bytes() -> None:
    signature = ALPHA.sign_short(b"data")
    assert len(signature) == SHORT_SIGNATURE_BYTES
    ALPHA.public.verify_short(b"data", signature)


def test_a_hybrid_signature_verifies_and_is_hedged() -> None:
    first, second = ALPHA.sign_hybrid(b"data"), ALPHA.sign_hybrid(b"data")
    assert len(first) == len(second) == HYBRID_SIGNATURE_BYTES
    assert first[:64] == second[:64]
    assert first[64:] != second[64:]
    ALPHA.public.verify_hybrid(b"data", first)
    ALPHA.public.verify_hybrid(b"data", second)


def test_both_halves_of_a_hybrid_signature_count() -> None:
    ours, theirs = ALPHA.sign_hybrid(b"data"), BETA.sign_hybrid(b"data")
    for mixed in (ours[:64] + theirs[64:], theirs[:64] + ours[64:], theirs):
        with pytest.raises(BadSignature):
            ALPHA.public.verify_hybrid(b"data", mixed)


@pytest.mark.parametrize("length", [0, 63, 65, 3373])
def test_a_short_signature_has_one_length(length: int) -> None:
    with pytest.raises(BadSignature):
        ALPHA.public.verify_short(b"data", ALPHA.sign_hybrid(b"data").ljust(length)[:length])


@pytest.mark.parametrize("length", [0, 64, 3309, 3372, 3374])
def test_a_hybrid_signature_has_one_length(length: int) -> None:
    with pytest.raises(BadSignature):
        ALPHA.public.verify_hybrid(b"data", ALPHA.sign_hybrid(b"data").ljust(length)[:length])


def test_other_data_does_not_verify() -> None:
    with pytest.raises(BadSignature):
        ALPHA.public.verify_short(b"other", ALPHA.sign_short(b"data"))
    with pytest.raises(BadSignature):
        ALPHA.public.verify_hybrid(b"other", ALPHA.sign_hybrid(b"data"))


@pytest.mark.parametrize("point", SMALL_ORDER, ids=lambda point: point[:6])
def test_keys_of_small_order_are_refused(point: str) -> None:
    for encoded in (bytes.fromhex(point), with_high_bit(bytes.fromhex(point))):
        with pytest.raises(WeakKey):
            SigningPublic(encoded, ALPHA.public.mldsa)


@pytest.mark.parametrize("torsion", ORDER_8)
def test_a_key_outside_the_prime_order_group_is_refused(torsion: str) -> None:
    mixed = crypto_core_ed25519_add(ALPHA.public.ed25519, bytes.fromhex(torsion))
    with pytest.raises(WeakKey):
        SigningPublic(mixed, ALPHA.public.mldsa)


def test_the_library_itself_refuses_the_forgery_that_needs_no_key() -> None:
    identity = bytes((1, *bytes(31)))
    with pytest.raises(BadSignatureError):
        VerifyKey(identity).verify(b"anything", identity + bytes(32))


@pytest.mark.parametrize(("short", "long"), [(31, 1952), (33, 1952), (32, 1951), (32, 1953)])
def test_signing_keys_have_one_length(short: int, long: int) -> None:
    ed25519, mldsa = ALPHA.public.ed25519, ALPHA.public.mldsa
    with pytest.raises(WeakKey):
        SigningPublic(ed25519.ljust(short, b"x")[:short], mldsa.ljust(long, b"x")[:long])


def test_a_weak_key_is_malformed_for_those_who_read_from_strangers() -> None:
    assert issubclass(WeakKey, Malformed)


def test_what_is_sealed_opens_and_grows_by_the_overhead() -> None:
    sealed = BOX.public.seal(b"info", b"plaintext")
    assert BOX.open(b"info", sealed) == b"plaintext"
    assert len(sealed) == len(b"plaintext") + SEAL_OVERHEAD_BYTES
    assert len(BOX.public.key) == SEALING_PUBLIC_BYTES
    assert BOX.public.seal(b"info", b"plaintext") != sealed


def test_sealed_bytes_open_for_one_key_and_one_info_only() -> None:
    sealed = BOX.public.seal(b"info", b"plaintext")
    with pytest.raises(CannotOpen):
        sealing_secret("beta").open(b"info", sealed)
    with pytest.raises(CannotOpen):
        BOX.open(b"other", sealed)


@pytest.mark.parametrize("part", ["lattice", "curve", "body", "tag"])
def test_altered_seals_do_not_open(part: str) -> None:
    sealed = bytearray(BOX.public.seal(b"info", b"plaintext"))
    sealed[{"lattice": 5, "curve": 1090, "body": 1122, "tag": len(sealed) - 1}[part]] ^= 1
    with pytest.raises(CannotOpen):
        BOX.open(b"info", bytes(sealed))


@pytest.mark.parametrize("length", [0, 1, 1119, 1120, 1135])
def test_truncated_seals_do_not_open(length: int) -> None:
    with pytest.raises(CannotOpen):
        BOX.open(b"info", BOX.public.seal(b"info", b"")[:length])


@pytest.mark.parametrize("point", LOW_ORDER_X25519, ids=lambda point: point[:6])
def test_sealing_keys_of_low_order_are_refused(point: str) -> None:
    for encoded in (bytes.fromhex(point), with_high_bit(bytes.fromhex(point))):
        with pytest.raises(WeakKey):
            SealingPublic(BOX.public.key[:1184] + encoded)


def test_sealing_keys_that_are_no_lattice_key_are_refused() -> None:
    with pytest.raises(WeakKey):
        SealingPublic(b"\xff" * 1184 + BOX.public.key[1184:])


@pytest.mark.parametrize("length", [0, 1184, 1215, 1217])
def test_sealing_keys_have_one_length(length: int) -> None:
    with pytest.raises(WeakKey):
        SealingPublic(BOX.public.key.ljust(length, b"x")[:length])


def test_a_seed_grows_the_same_key_each_time() -> None:
    assert SigningSecret.from_seed(ALPHA.seed) == ALPHA
    assert SigningSecret.from_seed(ALPHA.seed).public == ALPHA.public
    assert SealingSecret.from_seed(BOX.seed).public == BOX.public
    assert ALPHA != BETA


def test_seeds_have_one_length() -> None:
    with pytest.raises(WeakKey):
        SigningSecret.from_seed(bytes(63))
    with pytest.raises(WeakKey):
        SealingSecret.from_seed(bytes(33))


def test_key_ids_tell_keys_and_purposes_apart() -> None:
    mixed = SigningPublic(ALPHA.public.ed25519, BETA.public.mldsa)
    publics = (ALPHA.public, BETA.public, mixed, BOX.public, sealing_secret("beta").public)
    key_ids = {public.key_id for public in publics}
    assert len(key_ids) == len(publics)
    assert {len(key_id) for key_id in key_ids} == {8}


def test_no_secret_shows_in_a_repr() -> None:
    assert repr(ALPHA) == "SigningSecret()"
    assert repr(BOX) == "SealingSecret()"
    assert f"{ALPHA} {BOX}" == "SigningSecret() SealingSecret()"


def test_a_public_key_shows_as_its_id() -> None:
    assert repr(ALPHA.public) == f"SigningPublic({ALPHA.public.key_id.hex()})"
    assert repr(BOX.public) == f"SealingPublic({BOX.public.key_id.hex()})"
