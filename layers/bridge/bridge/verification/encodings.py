"""Between texts and bytes: stored secrets to keys, digests to the form a provider writes."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from functools import partial

from bridge.verification.schemes import KeyEncoding, SignatureEncoding


def utf8(text: str) -> bytes:
    """The text's bytes; never raises, since JSON can hold halves of surrogate pairs."""
    return text.encode(errors="surrogatepass")


def key_from_secret(secret: str, encoding: KeyEncoding) -> bytes:
    """The key that a stored secret stands for; empty when it is not written in the encoding.

    `whsec` is the form of Standard Webhooks: base64 with the prefix `whsec_`, with or without
    its padding. Stripe's secrets look the same but are keys as they stand: `utf8`. `sha1` is the
    hash of the text, Braintree's way.
    """
    try:
        return _KEYS[encoding](secret)
    except ValueError:
        return b""


def written(digest: bytes, encoding: SignatureEncoding) -> bytes:
    """The digest as a provider writes it: hex in lower case, base64url without padding."""
    return _TEXTS[encoding](digest)


def decoded(text: str, encoding: SignatureEncoding) -> bytes:
    """The bytes behind a text; empty unless it is written as `written` does.

    Another spelling of the same bytes is refused: it would be a signature that nobody made.
    """
    padded = text + "=" * (-len(text) % 4) if encoding == "base64url" else text
    try:
        found = _BYTES[encoding](utf8(padded))
    except ValueError:
        return b""
    return found if written(found, encoding) == utf8(text) else b""


def _whsec(secret: str) -> bytes:
    text = secret.removeprefix("whsec_").rstrip("=")
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
