"""Write certifi's certificate authorities as a folder that OpenSSL searches by name.

Reading the whole bundle is a fifth of the receiver's cold start, and a connection needs one of its
authorities. In such a folder OpenSSL reads only that one:
https://docs.openssl.org/3.0/man3/SSL_CTX_load_verify_locations/
"""

import hashlib
import warnings
from collections import Counter
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.name import _ASN1Type

BUNDLE = Path("python/certifi/cacert.pem")
FOLDER = Path("authorities")
"""Both within a layer. `bridge.adapters.http.connections` looks for the folder there."""


def write_authorities(layer: Path) -> None:
    """Write the folder of a built layer; a layer without certifi gets none."""
    if not (layer / BUNDLE).exists():
        return
    folder = layer / FOLDER
    folder.mkdir(exist_ok=True)
    for name, certificate in authorities((layer / BUNDLE).read_bytes()).items():
        (folder / name).write_bytes(certificate)


def authorities(bundle: bytes) -> dict[str, bytes]:
    """The certificates of a bundle as PEM, by the file names under which OpenSSL finds them.

    The name is a hash of the subject, and a number for each authority with this hash.
    """
    found: dict[str, bytes] = {}
    numbers: Counter[str] = Counter()
    with warnings.catch_warnings():
        # Some old authorities have a serial number that today's rules reject.
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        certificates = x509.load_pem_x509_certificates(bundle)
    for certificate in certificates:
        subject = subject_hash(certificate.subject)
        found[f"{subject}.{numbers[subject]}"] = certificate.public_bytes(Encoding.PEM)
        numbers[subject] += 1
    return found


def subject_hash(name: x509.Name) -> str:
    """OpenSSL's hash of a name: 32 bits of the SHA-1 of its canonical form, in hexadecimal.

    The canonical form has UTF-8 strings in lower case with single spaces, and no outer sequence:
    https://docs.openssl.org/3.0/man3/X509_NAME_hash/
    """
    canonical = x509.Name(
        [x509.RelativeDistinguishedName(map(_canonical, part)) for part in name.rdns]
    )
    content = _content(canonical.public_bytes())
    digest = hashlib.sha1(content, usedforsecurity=False).digest()
    return digest[:4][::-1].hex()


def _canonical(attribute: x509.NameAttribute[str | bytes]) -> x509.NameAttribute[str | bytes]:
    text = attribute.value
    if isinstance(text, bytes):
        return attribute
    # Only ASCII letters and spaces are changed.
    text = b" ".join(text.encode().lower().split()).decode()
    return x509.NameAttribute(attribute.oid, text, _ASN1Type.UTF8String)


def _content(sequence: bytes) -> bytes:
    """The content of a DER sequence: after its tag and length."""
    length_bytes = sequence[1] & 0x7F if sequence[1] & 0x80 else 0
    return sequence[2 + length_bytes :]
