"""Decode secrets and signatures, encode digests."""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from functools import partial

from bridge.verification.scheme_parameters import KeyEncoding, SignatureEncoding

# Of Standard Webhooks: a secret, a public key and a private one.
_LABEL = re.compile(r"wh(sec|pk|sk)_", re.IGNORECASE)
_FROM_URL_SAFE = str.maketrans("-_", "+/")


def utf8(text: str) -> bytes:
    """Encode a text; never raises, although JSON may contain lone surrogates."""
    return text.encode(errors="surrogatepass")


def key_from_secret(secret: str, encoding: KeyEncoding) -> bytes:
    """The key of a stored secret; empty when the secret is not valid in the encoding.

    `hex` and `base64` ignore white space and quotation marks around the text; hex may be in upper
    case, base64 may be base64url, with or without padding. `whsec` is the format of Standard
    Webhooks: base64 with the prefix `whsec_`, which Supabase shows as `v1,whsec_`. Stripe's
    secrets look the same, but the text itself is the key: `utf8`. `sha1` is the hash of the text,
    as Braintree uses it.
    """
    try:
        return _KEYS[encoding](secret)
    except ValueError:
        return b""


def encode_digest(digest: bytes, encoding: SignatureEncoding) -> bytes:
    """The text of a digest: hex in lower case, base64url without padding."""
    return _TEXTS[encoding](digest)


def decode_signature(text: str, encoding: SignatureEncoding) -> bytes:
    """The bytes of a signature; empty unless the text is what `encode_digest` returns.

    Other encodings of the same bytes are rejected, so a signature has exactly one text.
    """
    padded = text + "=" * (-len(text) % 4) if encoding == "base64url" else text
    try:
        found = _BYTES[encoding](utf8(padded))
    except ValueError:
        return b""
    return found if encode_digest(found, encoding) == utf8(text) else b""


def compact(text: str) -> str:
    """An encoded text without white space, and without quotation marks around it."""
    return "".join(text.split()).strip("\"'")


def decode_base64(text: str) -> bytes:
    """The bytes of base64 or base64url, with or without padding. Raises ValueError."""
    unpadded = compact(text).translate(_FROM_URL_SAFE).rstrip("=")
    return base64.b64decode(unpadded + "=" * (-len(unpadded) % 4), validate=True)


def _hex(secret: str) -> bytes:
    return binascii.unhexlify(compact(secret))


def _whsec(secret: str) -> bytes:
    encoded = compact(secret).removeprefix("v1,").removeprefix("whsec_")
    if _LABEL.search(encoded):  # Two secrets, or a public key: its letters are base64, too.
        raise ValueError("is another kind of key")
    return decode_base64(encoded)


def _unpadded(digest: bytes) -> bytes:
    return base64.urlsafe_b64encode(digest).rstrip(b"=")


_KEYS: Mapping[KeyEncoding, Callable[[str], bytes]] = {
    "utf8": utf8,
    "hex": _hex,
    "base64": decode_base64,
    "whsec": _whsec,
    "sha1": lambda secret: hashlib.sha1(utf8(secret), usedforsecurity=False).digest(),
}
_TEXTS: Mapping[SignatureEncoding, Callable[[bytes], bytes]] = {
    "hex": binascii.hexlify,
    "base64": base64.b64encode,
    "base64url": _unpadded,
}
_BYTES: Mapping[SignatureEncoding, Callable[[bytes], bytes]] = {
    "hex": binascii.unhexlify,
    "base64": partial(base64.b64decode, validate=True),
    "base64url": partial(base64.b64decode, altchars=b"-_", validate=True),
}
