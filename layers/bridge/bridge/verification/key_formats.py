"""Load public keys and verify signatures with them."""

import base64
import binascii
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from bridge.verification.public_key_scheme import PublicKeyAlgorithm, PublicKeyForm

# NIST SP 800-131A disallows shorter keys for signatures.
_MIN_RSA_BITS = 2048


@lru_cache(maxsize=64)
def public_key(text: bytes, form: PublicKeyForm) -> Any:
    """Load a key, or return None when the text does not have this format."""
    try:
        return _FORMS[form](text.strip())
    except (ValueError, UnsupportedAlgorithm):
        return None


def is_signed(algorithm: PublicKeyAlgorithm, key: Any, signature: bytes, content: bytes) -> bool:
    """Whether the signature is valid; False when the key is of another type."""
    try:
        match algorithm, key:
            case "ed25519", ed25519.Ed25519PublicKey():
                key.verify(signature, content)
            case "ecdsa-p256-sha256", ec.EllipticCurvePublicKey(curve=ec.SECP256R1()):
                key.verify(signature, content, ec.ECDSA(hashes.SHA256()))
            case "rsa-sha256", rsa.RSAPublicKey() if key.key_size >= _MIN_RSA_BITS:
                key.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
            case "rsa-sha1", rsa.RSAPublicKey() if key.key_size >= _MIN_RSA_BITS:
                key.verify(signature, content, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
            case _:
                return False
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False
    return True


def _ed25519(key: bytes) -> ed25519.Ed25519PublicKey:
    return ed25519.Ed25519PublicKey.from_public_bytes(key)


def _base64(text: bytes) -> bytes:
    return base64.b64decode(text, validate=True)


_FORMS: Mapping[PublicKeyForm, Callable[[bytes], Any]] = {
    "hex": lambda text: _ed25519(binascii.unhexlify(text)),
    "base64": lambda text: _ed25519(_base64(text)),
    "whpk": lambda text: _ed25519(_base64(text.removeprefix(b"whpk_"))),
    "spki-base64": lambda text: serialization.load_der_public_key(_base64(text)),
    "spki-pem": serialization.load_pem_public_key,
    "x509-pem": lambda text: x509.load_pem_x509_certificate(text).public_key(),
}
