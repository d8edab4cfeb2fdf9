"""Private keys of senders, their public keys and certificates."""

import binascii
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import NameOID

from inlet_bridge.senders.sender import b64

AUTHORITY_NAME = "Example Authority"
_RSA_BITS = 2048


@cache
def authority() -> str:
    """The private key of a test authority, in place of a publicly trusted one."""
    return new_rsa()


def new_ed25519() -> str:
    """A private key, 32 bytes in hex."""
    return ed25519.Ed25519PrivateKey.generate().private_bytes_raw().hex()


def new_pem(kind: Callable[[], rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey]) -> str:
    """A private key as PEM."""
    return (
        kind()
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )


def new_rsa() -> str:
    """A private key as PEM."""
    return new_pem(lambda: rsa.generate_private_key(65537, _RSA_BITS))


def new_p256() -> str:
    """A private key as PEM."""
    return new_pem(lambda: ec.generate_private_key(ec.SECP256R1()))


def ed25519_key(secret: str) -> ed25519.Ed25519PrivateKey:
    """From hex."""
    return ed25519.Ed25519PrivateKey.from_private_bytes(binascii.unhexlify(secret))


def ed25519_public(secret: str) -> bytes:
    """The public key, 32 bytes."""
    return ed25519_key(secret).public_key().public_bytes_raw()


@cache
def pem_key(secret: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    """From PEM; OpenSSL checks the primes of an RSA key, which takes longer than a signature."""
    key = serialization.load_pem_private_key(secret.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)  # noqa: S101 (for mypy: the file has such a key)
    return key


def rsa_signed(secret: str, content: bytes, algorithm: hashes.HashAlgorithm | None = None) -> str:
    """PKCS #1 v1.5 in base64."""
    key = pem_key(secret)
    assert isinstance(key, rsa.RSAPrivateKey)  # noqa: S101 (for mypy: the file has such a key)
    return b64(key.sign(content, padding.PKCS1v15(), algorithm or hashes.SHA256()))


def certificate(secret: str, name: str, issuer: tuple[str, str] | None = None) -> str:
    """A certificate as PEM: self-signed, or signed with an issuer's name and private key."""
    key = pem_key(secret)
    issuer_name, issuer_key = (issuer[0], pem_key(issuer[1])) if issuer else (name, key)
    begins = datetime(2020, 1, 1, tzinfo=UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer_name)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=9_000))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )
    if issuer is None:
        builder = builder.add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
        ).add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=True,
                crl_sign=True,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    made = builder.sign(issuer_key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode()


def public_pem(secret: str) -> bytes:
    """The public key as PEM."""
    return (
        pem_key(secret)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
