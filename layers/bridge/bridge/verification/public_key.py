"""Verify public-key signatures."""

from collections.abc import Sequence
from datetime import datetime

from bridge.errors import BridgeError, InvalidSignatureError, TooManyRequestsError, UnavailableError
from bridge.verification.certificates import check_certificate
from bridge.verification.credentials import read_credentials
from bridge.verification.encodings import decode_signature, utf8
from bridge.verification.extractors import value
from bridge.verification.key_formats import is_signed, public_key
from bridge.verification.moved_content import check_nothing_moved
from bridge.verification.public_key_scheme import KeyAddress, PublicKeyAlgorithm, PublicKeyScheme
from bridge.verification.published_keys import PublishedKeys, is_allowed_address
from bridge.verification.signed_content import fill_content
from bridge.webhook import Webhook

_KEY_ERRORS = (InvalidSignatureError, TooManyRequestsError, UnavailableError)


def verify_public_key(
    scheme: PublicKeyScheme,
    webhook: Webhook,
    secrets: Sequence[str],
    now: datetime,
    published: PublishedKeys,
) -> bytes:
    """Accept the webhook if a key of the provider verifies one of its signatures.

    Returns:
        The signed content.

    Raises:
        InvalidSignatureError: no signature matches, or the request lacks a required value.
        TooManyRequestsError, UnavailableError: a key cannot be fetched now, and no other matches.
    """
    presented, timestamp = read_credentials(scheme, webhook, now)
    check_nothing_moved(scheme.content, webhook, timestamp)
    content = fill_content(scheme.content, webhook, timestamp, b"")
    if content is None:
        raise InvalidSignatureError("the request lacks a signed part")
    algorithm = _algorithm(scheme, webhook)
    keys = [utf8(secret) for secret in secrets]
    error: BridgeError | None = None
    for index, signatures in enumerate(presented):
        if signatures and scheme.address:
            try:
                keys = [_fetch_key(scheme.address, index, webhook, now, published)]
            except _KEY_ERRORS as exc:  # Another pair of key and signature may match.
                if error is None or isinstance(error, InvalidSignatureError):
                    error = exc
                continue
        for text in signatures:
            spelled = text.lower() if scheme.signature.ignore_case else text
            signature = decode_signature(spelled, scheme.signature.encoding)
            for key in keys:
                if is_signed(algorithm, public_key(key, scheme.key), signature, content):
                    return content
    if error is None:
        from bridge.verification.signature_form import public_key_mismatch  # noqa: PLC0415 (few requests are refused)

        texts = [text for signatures in presented for text in signatures]
        reason = public_key_mismatch(scheme.signature, algorithm, texts, webhook.body)
        error = InvalidSignatureError(reason)
    raise error


def _algorithm(scheme: PublicKeyScheme, webhook: Webhook) -> PublicKeyAlgorithm:
    if not scheme.algorithm_from:
        return scheme.algorithm
    requested = value(webhook, scheme.algorithm_from)
    for choice in scheme.algorithms:
        name, _, algorithm = choice.rpartition("=")
        if name == requested:
            return algorithm  # type: ignore[return-value]  # scheme_rules checked it.
    raise InvalidSignatureError("the algorithm is not allowed")


def _fetch_key(
    address: KeyAddress, index: int, webhook: Webhook, now: datetime, published: PublishedKeys
) -> bytes:
    """Fetch the key for the signature of the extractor with this index."""
    location = value(webhook, address.from_[index])
    url = address.base + location
    if not location or not is_allowed_address(url, address.allow):
        raise InvalidSignatureError("the URL of the key is not allowed")
    document = published.get(url)
    if address.subject:
        check_certificate(document, address, published, now)
    return document
