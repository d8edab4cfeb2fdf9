"""Load public keys and verify signatures with them."""

import binascii
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from bridge.verification.encodings import compact, decode_base64
from bridge.verification.public_key_scheme import PublicKeyAlgorithm, PublicKeyForm

# NIST SP 800-131A disallows shorter keys for signatures.
_MIN_RSA_BITS = 2048
_ARMOR = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----(.*?)-----END \1-----", re.DOTALL)
_PEM_LINE = 64


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
                key.verify(signature, content, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 (some senders sign with it)
            case _:
                return False
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False
    return True


def is_key_for(algorithm: PublicKeyAlgorithm, key: Any) -> bool:
    """Whether a loaded key is of the type that the algorithm needs."""
    match algorithm, key:
        case "ed25519", ed25519.Ed25519PublicKey():
            return True
        case "ecdsa-p256-sha256", ec.EllipticCurvePublicKey(curve=ec.SECP256R1()):
            return True
        case "rsa-sha256" | "rsa-sha1", rsa.RSAPublicKey():
            return bool(key.key_size >= _MIN_RSA_BITS)
        case _:
            return False


def armored(text: bytes) -> bytes:
    r"""PEM with its line breaks, which may have become a literal `\n`, spaces or nothing."""
    found = _ARMOR.search(text.replace(rb"\r", b"").replace(rb"\n", b"\n"))
    if not found:
        return text
    body = b"".join(found[2].split())
    lines = [body[start : start + _PEM_LINE] for start in range(0, len(body), _PEM_LINE)]
    label = found[1]
    return b"\n".join([b"-----BEGIN %b-----" % label, *lines, b"-----END %b-----" % label, b""])


def _ed25519(key: bytes) -> ed25519.Ed25519PublicKey:
    return ed25519.Ed25519PublicKey.from_public_bytes(key)


def _prefixed(text: bytes) -> Any:
    encoded = compact(text.decode()).removeprefix("v1a,").removeprefix("whpk_")
    return _ed25519(decode_base64(encoded))


def _spki(text: bytes) -> Any:
    """DER in base64, or the same with the lines around it that make it PEM."""
    if found := _ARMOR.search(text):
        text = found[2].replace(rb"\n", b"")
    return serialization.load_der_public_key(decode_base64(text.decode()))


def _pem(load: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    def loaded(text: bytes) -> Any:
        try:
            return load(text)
        except ValueError:
            return load(armored(text))

    return loaded


_FORMS: Mapping[PublicKeyForm, Callable[[bytes], Any]] = {
    "hex": lambda text: _ed25519(binascii.unhexlify(compact(text.decode()))),
    "base64": lambda text: _ed25519(decode_base64(text.decode())),
    "whpk": _prefixed,
    "spki-base64": _spki,
    "spki-pem": _pem(serialization.load_pem_public_key),
    "x509-pem": _pem(lambda text: x509.load_pem_x509_certificate(text).public_key()),
}
FORM_NAMES: Final[Mapping[PublicKeyForm, str]] = {
    "hex": "64 hexadecimal digits",
    "base64": "base64 of 32 bytes",
    "whpk": "base64 of 32 bytes, with or without the prefix whpk_",
    "spki-base64": "base64 of its SubjectPublicKeyInfo, or PEM",
    "spki-pem": "PEM",
    "x509-pem": "a certificate as PEM",
}
"""What a stored key must be, for the operator."""
