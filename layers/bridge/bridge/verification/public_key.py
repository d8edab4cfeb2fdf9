"""Verify a signature that was made with the provider's private key."""

from collections.abc import Sequence
from datetime import datetime

from bridge.errors import BridgeError, InvalidSignatureError, TooManyRequestsError, UnavailableError
from bridge.verification.certificates import check_certificate
from bridge.verification.credentials import read_credentials
from bridge.verification.encodings import decoded, utf8
from bridge.verification.extractors import value
from bridge.verification.key_formats import is_signed, public_key
from bridge.verification.public_key_scheme import KeyAddress, PkAlgorithm, PublicKeyScheme
from bridge.verification.published_keys import PublishedKeys, is_allowed_address
from bridge.verification.signed_content import fill_content
from bridge.webhook import Webhook

_REFUSALS = (InvalidSignatureError, TooManyRequestsError, UnavailableError)


def verify_public_key(
    scheme: PublicKeyScheme,
    webhook: Webhook,
    secrets: Sequence[str],
    now: datetime,
    published: PublishedKeys,
) -> bytes:
    """Accept the webhook when one of its signatures was made with a key of the provider.

    Returns:
        What was signed.

    Raises:
        InvalidSignatureError: none was, or the request lacks what the scheme demands.
        TooManyRequestsError, UnavailableError: a key cannot be fetched now, and no other will do.
    """
    shown, timestamp = read_credentials(scheme, webhook, now)
    content = fill_content(scheme.content, webhook, timestamp, b"")
    if content is None:
        raise InvalidSignatureError("the request lacks a part that is signed")
    algorithm = _algorithm(scheme, webhook)
    keys = [utf8(secret) for secret in secrets]
    refusal: BridgeError = InvalidSignatureError("no signature matches")
    for index, signatures in enumerate(shown):
        if signatures and scheme.address:
            try:
                keys = [_fetched(scheme.address, index, webhook, now, published)]
            except _REFUSALS as exc:  # Another pair of key and signature may do.
                if isinstance(refusal, InvalidSignatureError):
                    refusal = exc
                continue
        for text in signatures:
            signature = decoded(text, scheme.signature.encoding)
            for key in keys:
                if is_signed(algorithm, public_key(key, scheme.key), signature, content):
                    return content
    raise refusal


def _algorithm(scheme: PublicKeyScheme, webhook: Webhook) -> PkAlgorithm:
    if not scheme.algorithm_from:
        return scheme.algorithm
    word = value(webhook, scheme.algorithm_from)
    for choice in scheme.algorithms:
        name, _, algorithm = choice.rpartition("=")
        if name == word:
            return algorithm  # type: ignore[return-value]  # scheme_rules checked it.
    raise InvalidSignatureError("the algorithm is not allowed")


def _fetched(
    address: KeyAddress, index: int, webhook: Webhook, now: datetime, published: PublishedKeys
) -> bytes:
    """The key for the signature at the place of this index."""
    shown = value(webhook, address.from_[index])
    url = address.base + shown
    if not shown or not is_allowed_address(url, address.allow):
        raise InvalidSignatureError("the key is at an address that is not allowed")
    document = published.get(url)
    if address.subject:
        check_certificate(document, address, published, now)
    return document
