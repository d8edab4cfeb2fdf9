"""Between texts and bytes: stored secrets to keys, digests to the form a provider writes."""

import base64
import binascii
from collections.abc import Callable, Mapping
from functools import partial

from bridge.sources.schemes import KeyEncoding, SignatureEncoding


def utf8(text: str) -> bytes:
    """The text's bytes; never raises, since JSON can hold halves of surrogate pairs."""
    return text.encode(errors="surrogatepass")


def key_from_secret(secret: str, encoding: KeyEncoding) -> bytes:
    """The key that a stored secret stands for; empty when it is not written in the encoding.

    `whsec` is the form of Standard Webhooks: base64 with the prefix `whsec_`, with or without
    its padding. Stripe's secrets look the same but are keys as they stand: `utf8`.
    """
    try:
        return _KEYS[encoding](secret)
    except ValueError:
        return b""


def written(digest: bytes, encoding: SignatureEncoding) -> bytes:
    """The digest as a provider writes it: hex in lower case, base64url without padding."""
    return _TEXTS[encoding](digest)


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
}
_TEXTS: Mapping[SignatureEncoding, Callable[[bytes], bytes]] = {
    "hex": binascii.hexlify,
    "base64": base64.b64encode,
    "base64url": _unpadded,
}
