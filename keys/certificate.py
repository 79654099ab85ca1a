"""The self-signed TLS certificate of a node, and the pin in its card (spec: transport).

P-256, because browsers refuse Ed25519 here. No claim of the protocol rests on TLS: the pin says
"the same as in the card" and nothing about a name, so the certificate lives ten years.
"""

import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from keys.errors import Malformed

LIFETIME_DAYS: Final = 3652
EARLY_DAYS: Final = 1
"""How long before its making a certificate is valid already, for clocks that are behind."""

_HOST_NAME: Final = re.compile("[A-Za-z0-9.-]{1,253}")
_SCALAR_BYTES: Final = 48
_SERIAL_BYTES: Final = 16
_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class TlsSecret:
    """A certificate and its private key; the repr shows nothing of the key.

    Attributes:
        certificate_der: The certificate, X.509 in DER.
        key_der: The private key, PKCS#8 in DER, unencrypted: the vault encrypts it.
    """

    certificate_der: bytes = field(repr=False)
    key_der: bytes = field(repr=False)


def create_certificate(
    *, name: str, now_ms: int, entropy: Callable[[int], bytes] = os.urandom
) -> TlsSecret:
    """Return a new certificate for one host, valid for ten years.

    Args:
        name: A host name or an IP address: the only subject alternative name.
        now_ms: Milliseconds since 1970 UTC.
        entropy: Gives as many random bytes as asked; the same bytes give the same certificate.

    Raises:
        Malformed: The name cannot stand in a certificate.
    """
    # 384 bits modulo the order leave no bias that matters (FIPS 186-5, A.2.1).
    scalar = int.from_bytes(entropy(_SCALAR_BYTES)) % (_P256_ORDER - 1) + 1
    key = ec.derive_private_key(scalar, ec.SECP256R1())
    made_at = datetime.fromtimestamp(now_ms // 1000, tz=UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "inhope-node")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(entropy(_SERIAL_BYTES)) | 1)
        .not_valid_before(made_at - timedelta(days=EARLY_DAYS))
        .not_valid_after(made_at + timedelta(days=LIFETIME_DAYS))
        .add_extension(x509.SubjectAlternativeName([_general_name(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, SHA256(), ecdsa_deterministic=True)
    )
    key_der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return TlsSecret(certificate.public_bytes(Encoding.DER), key_der)


def pin(certificate_der: bytes) -> bytes:
    """Return the 32 bytes by which a card names a certificate: SHA-256 of its DER."""
    return hashlib.sha256(certificate_der).digest()


def pem(secret: TlsSecret) -> bytes:
    """Return certificate and private key in PEM, as an `ssl.SSLContext` loads them."""
    certificate = x509.load_der_x509_certificate(secret.certificate_der)
    key = load_der_private_key(secret.key_der, password=None)
    key_pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return certificate.public_bytes(Encoding.PEM) + key_pem


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        if not _HOST_NAME.fullmatch(name):
            raise Malformed("This host name cannot stand in a certificate.") from None
        return x509.DNSName(name)
