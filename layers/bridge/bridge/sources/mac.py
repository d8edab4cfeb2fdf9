"""Verify a hash that is keyed with a shared secret."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from bridge.errors import InvalidSignatureError
from bridge.sources.content_template import fill_content
from bridge.sources.encodings import key_from_secret, utf8, written
from bridge.sources.places import value
from bridge.sources.schemes import SIGNATURE_ITEM, Algorithm, MacScheme
from bridge.sources.signature_header import Presented, parse_signature
from bridge.sources.timestamps import check_timestamp
from bridge.webhook import Webhook


def verify_mac(scheme: MacScheme, webhook: Webhook, secrets: Sequence[str], now: datetime) -> None:
    """Accept the webhook when one of its signatures was made with one of the secrets.

    Raises:
        InvalidSignatureError: none was, or the request lacks what the scheme demands.
    """
    _check_requirements(scheme, webhook)
    signatures, timestamp = _presented(scheme, webhook, now)
    keys = [key for secret in secrets if (key := key_from_secret(secret, scheme.key))]
    if not keys:
        raise InvalidSignatureError(f"no secret is written in the key encoding {scheme.key}")
    for key in keys:
        content = fill_content(scheme.content, webhook, timestamp, key)
        if content is None:
            raise InvalidSignatureError("the request lacks a part that is signed")
        expected = written(_digest(scheme.algorithm, key, content), scheme.signature.encoding)
        for signature in signatures:
            if hmac.compare_digest(expected, signature):
                return
    raise InvalidSignatureError("no signature matches")


def _check_requirements(scheme: MacScheme, webhook: Webhook) -> None:
    if scheme.reject_empty_body and not webhook.body:
        raise InvalidSignatureError("the body is empty")
    if scheme.require_utf8_body:
        try:
            webhook.body.decode()
        except UnicodeDecodeError:
            raise InvalidSignatureError("the body is not UTF-8") from None
    for requirement in scheme.require:
        place, equals, wanted = requirement.partition("=")
        found = value(webhook, place)
        if found != wanted if equals else not found:
            raise InvalidSignatureError(f"{place} is not what the scheme requires")


def _presented(scheme: MacScheme, webhook: Webhook, now: datetime) -> tuple[list[bytes], str]:
    """The signatures of all places as bytes, and the text of a timestamp that is in time."""
    found = [
        parse_signature(value(webhook, place), scheme.signature) for place in scheme.signature.from_
    ]
    timestamp = _timestamp(scheme, webhook, found, now)
    padding = "=" if scheme.signature.encoding == "base64url" else ""
    signatures = [
        utf8(signature.rstrip(padding) if padding else signature)
        for presented in found
        for signature in presented.signatures
    ]
    if not signatures:
        raise InvalidSignatureError("the request carries no signature")
    return signatures, timestamp


def _timestamp(
    scheme: MacScheme, webhook: Webhook, found: Sequence[Presented], now: datetime
) -> str:
    if scheme.timestamp is None:
        return ""
    if scheme.timestamp.from_ == SIGNATURE_ITEM:
        text = next((presented.timestamp for presented in found if presented.timestamp), "")
    else:
        text = value(webhook, scheme.timestamp.from_)
    check_timestamp(scheme.timestamp, text, now)
    return text


def _digest(algorithm: Algorithm, key: bytes, content: bytes) -> bytes:
    keyed, _, name = algorithm.rpartition("-")
    return hmac.digest(key, content, name) if keyed else hashlib.new(name, content).digest()
