"""A service account and a certificate of our own making, so that the real client meets nothing but its stand-in."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

EMAIL = "legible@example.iam.gserviceaccount.com"
HOSTS = (
    "iamcredentials.googleapis.com",
    "oauth2.googleapis.com",
    "sheets.googleapis.com",
    "www.googleapis.com",
)


@dataclass(frozen=True)
class Account:
    """What Google knows of a service account, and the key file that its owner has."""

    public_key: bytes
    key_file: str


@cache
def account() -> Account:
    """One account for the whole run of the tests: keys take a while to make."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    parts = {
        "type": "service_account",
        "project_id": "example",
        "private_key_id": "1",
        "private_key": secret.decode(),
        "client_email": EMAIL,
        "token_uri": "https://oauth2.googleapis.com/token",
    }
    return Account(public, json.dumps(parts))


def write_certificate(path: Path) -> None:
    """A certificate that is valid for Google's hosts in the eyes of whoever trusts this file, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A stand-in for Google")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
