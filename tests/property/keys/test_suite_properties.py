"""Signing, sealing and storing, for whatever data and whatever seed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.identities import sealing_secret, signing_secret

from keys.errors import BadSignature, CannotOpen, KeysError, Malformed
from keys.identity import from_bytes
from keys.signed import TAGS, parse_signed, sign, verify
from keys.suite import SealingPublic, SealingSecret, SigningPublic, SigningSecret

ALPHA, BOX = signing_secret("alpha"), sealing_secret("alpha")


@given(st.sampled_from(sorted(TAGS)), st.binary(min_size=1, max_size=300), st.data())
def test_no_changed_bit_verifies(tag: str, payload: bytes, data: st.DataObject) -> None:
    signed = sign(tag, payload, ALPHA)
    verify(signed, ALPHA.public)
    altered = bytearray(signed.encode())
    altered[data.draw(st.integers(0, len(altered) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((Malformed, BadSignature)):
        verify(parse_signed(bytes(altered), tag=tag, bytes_max=5000), ALPHA.public)


@given(st.binary(max_size=64), st.binary(max_size=3000))
def test_what_is_sealed_opens(info: bytes, plaintext: bytes) -> None:
    assert BOX.open(info, BOX.public.seal(info, plaintext)) == plaintext


@given(st.binary(max_size=3000), st.data())
def test_no_changed_bit_opens(plaintext: bytes, data: st.DataObject) -> None:
    altered = bytearray(BOX.public.seal(b"info", plaintext))
    altered[data.draw(st.integers(0, len(altered) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(CannotOpen):
        BOX.open(b"info", bytes(altered))


@given(st.binary(max_size=1300))
def test_arbitrary_bytes_do_not_open(sealed: bytes) -> None:
    with pytest.raises(CannotOpen):
        BOX.open(b"info", sealed)


@given(st.binary(min_size=64, max_size=64), st.binary(min_size=32, max_size=32))
def test_every_seed_grows_working_keys(signing_seed: bytes, sealing_seed: bytes) -> None:
    signer, box = SigningSecret.from_seed(signing_seed), SealingSecret.from_seed(sealing_seed)
    signer.public.verify_hybrid(b"data", signer.sign_hybrid(b"data"))
    assert box.open(b"", box.public.seal(b"", b"data")) == b"data"
    assert (signer.seed, box.seed) == (signing_seed, sealing_seed)


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=1216, max_size=1216))
def test_public_keys_load_or_are_refused_in_one_way(point: bytes, key: bytes) -> None:
    for load in (
        lambda: SigningPublic(point, ALPHA.public.mldsa),
        lambda: SealingPublic(key),
    ):
        try:
            load()
        except KeysError as error:
            assert isinstance(error, Malformed)  # noqa: PT017 - some keys do load


@given(st.binary(max_size=500))
def test_arbitrary_bytes_are_no_identity(data: bytes) -> None:
    with pytest.raises(Malformed):
        from_bytes(data)
