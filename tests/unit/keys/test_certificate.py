"""The TLS certificate: what it says, that a server takes it, and that its key stays hidden."""

import hashlib
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from support.identities import NOW_MS, entropy_of

from keys.certificate import create_certificate, pem, pin
from keys.errors import Malformed

SECRET = create_certificate(name="alpha.example", now_ms=NOW_MS, entropy=entropy_of("tls"))


def names_in(certificate_der: bytes) -> list[object]:
    certificate = x509.load_der_x509_certificate(certificate_der)
    extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return [name.value for name in extension.value]


def test_the_certificate_is_p256_and_lives_ten_years() -> None:
    certificate = x509.load_der_x509_certificate(SECRET.certificate_der)
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert isinstance(key.curve, ec.SECP256R1)
    now = datetime.fromtimestamp(NOW_MS // 1000, tz=UTC)
    assert certificate.not_valid_before_utc == now - timedelta(days=1)
    assert certificate.not_valid_after_utc - now == timedelta(days=3652)
    certificate.verify_directly_issued_by(certificate)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("alpha.example", "alpha.example"),
        ("localhost", "localhost"),
        ("192.0.2.1", ip_address("192.0.2.1")),
        ("2001:db8::1", ip_address("2001:db8::1")),
    ],
)
def test_the_host_is_the_only_alternative_name(name: str, found: object) -> None:
    secret = create_certificate(name=name, now_ms=NOW_MS)
    assert names_in(secret.certificate_der) == [found]


@pytest.mark.parametrize("name", ["", "a b", "höst.example", "x" * 254, "alpha.example\n"])
def test_other_names_are_malformed(name: str) -> None:
    with pytest.raises(Malformed):
        create_certificate(name=name, now_ms=NOW_MS)


def test_the_same_entropy_gives_the_same_certificate() -> None:
    again = create_certificate(name="alpha.example", now_ms=NOW_MS, entropy=entropy_of("tls"))
    assert again == SECRET
    assert create_certificate(name="alpha.example", now_ms=NOW_MS) != SECRET


def test_the_pin_is_the_digest_of_the_certificate() -> None:
    assert pin(SECRET.certificate_der) == hashlib.sha256(SECRET.certificate_der).digest()


def test_a_server_loads_the_pem(tmp_path: Path) -> None:
    file = tmp_path / "node.pem"
    file.write_bytes(pem(SECRET))
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(file)
    assert pem(SECRET).count(b"-----BEGIN ") == 2


def test_the_private_key_does_not_show_in_a_repr() -> None:
    assert repr(SECRET) == "TlsSecret()"
