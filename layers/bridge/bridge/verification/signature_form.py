"""Say whether a signature that does not match has the form of the provider's, for the log.

Nothing here depends on a secret, and nothing of the request is quoted.
"""

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from bridge.verification.encodings import decode_signature

if TYPE_CHECKING:
    from bridge.verification.scheme_parameters import Algorithm, Signature
    from bridge.verification.schemes import SignedScheme

_FAULT: Final = "the signature has another form than"
_REPLACED: Final = "\N{REPLACEMENT CHARACTER}".encode()
# RFC 8032, 5.1.6. Signatures of RSA and DER of ECDSA have no fixed size.
_PUBLIC_KEY_BYTES: Final = {"ed25519": 64}


def mac_mismatch(
    grammar: "Signature", algorithm: "Algorithm", signatures: Iterable[bytes], body: bytes
) -> str:
    """Why none of the signatures matches a MAC or hash of this algorithm."""
    size = _mac_bytes(algorithm)
    texts = (each.decode(errors="surrogatepass") for each in signatures)
    if any(len(decode_signature(text, grammar.encoding)) == size for text in texts):
        return _no_match(body)
    return f"{_FAULT} {_form(grammar, size)}"


def public_key_mismatch(
    grammar: "Signature", algorithm: str, signatures: Iterable[str], body: bytes
) -> str:
    """Why none of the signatures matches a public key of this algorithm."""
    size = _PUBLIC_KEY_BYTES.get(algorithm, 0)
    spelled = (each.lower() if grammar.ignore_case else each for each in signatures)
    sizes = [len(decode_signature(each, grammar.encoding)) for each in spelled]
    if size in sizes if size else any(sizes):
        return _no_match(body)
    return f"{_FAULT} {_form(grammar, size)}"


def no_signature(scheme: "SignedScheme", texts: Iterable[str]) -> str:
    """Why a request presents no signature.

    Args:
        scheme: that found none.
        texts: what is where the signature should be; empty texts are missing.
    """
    if not any(texts):
        return "the request has no signature"
    grammar = scheme.signature
    if grammar.pattern or not grammar.assignment:
        return f"{_FAULT} the provider's"
    if scheme.family == "pk":
        size = _PUBLIC_KEY_BYTES.get(scheme.algorithm, 0)
    else:
        size = 0 if scheme.algorithm_from else _mac_bytes(scheme.algorithm)
    return f"{_FAULT} {_form(grammar, size)}"


def _no_match(body: bytes) -> str:
    """API Gateway passes text, JSON and XML as UTF-8, so other bytes are lost before verification.

    Media types: https://github.com/ministackorg/ministack/pull/766 (observed).
    """
    if _REPLACED not in body:
        return "no signature matches"
    return "no signature matches; the body has U+FFFD, as if bytes that are not UTF-8 were replaced"


def _form(grammar: "Signature", size: int) -> str:
    """How the provider writes a signature of this many bytes; 0 is any number."""
    if grammar.encoding == "hex":
        count = f"{2 * size} " if size else ""
        form = f"{count}hex digits" + ("" if grammar.ignore_case else " in lower case")
    else:
        form = f"{grammar.encoding} of {size} bytes" if size else grammar.encoding
    # Without the assignment: no line of the log contains what a header begins with.
    return f"{form} after {grammar.key}" if grammar.assignment else form


def _mac_bytes(algorithm: str) -> int:
    return hashlib.new(algorithm.rpartition("-")[2]).digest_size
