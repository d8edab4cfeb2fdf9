"""Decode secrets and signatures, encode digests."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from functools import partial

from bridge.verification.scheme_parameters import KeyEncoding, SignatureEncoding


def utf8(text: str) -> bytes:
    """Encode a text; never raises, although JSON may contain lone surrogates."""
    return text.encode(errors="surrogatepass")


def key_from_secret(secret: str, encoding: KeyEncoding) -> bytes:
    """The key of a stored secret; empty when the secret is not valid in the encoding.

    `whsec` is the format of Standard Webhooks: base64 with the prefix `whsec_`, with or without
    padding; Supabase writes `v1,` before it. Stripe's secrets look the same, but the text itself
    is the key: `utf8`. `sha1` is the hash of the text, as Braintree uses it.
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


def _whsec(secret: str) -> bytes:
    text = secret.removeprefix("v1,").removeprefix("whsec_").rstrip("=")
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


def _unpadded(digest: bytes) -> bytes:
    return base64.urlsafe_b64encode(digest).rstrip(b"=")


_KEYS: Mapping[KeyEncoding, Callable[[str], bytes]] = {
    "utf8": utf8,
    "hex": binascii.unhexlify,
    "base64": partial(base64.b64decode, validate=True),
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
