"""Read signatures and timestamp from a request and check its required values."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from bridge.errors import InvalidSignatureError
from bridge.verification.encodings import utf8
from bridge.verification.extractors import value
from bridge.verification.scheme_parameters import SIGNATURE_ITEM, Signature, Timestamp
from bridge.verification.signature_header import PresentedSignature, parse_signature
from bridge.verification.timestamps import check_timestamp, signed_text
from bridge.webhook import Webhook

if TYPE_CHECKING:
    from bridge.verification.schemes import Scheme, SignedScheme


def read_credentials(
    scheme: "SignedScheme", webhook: Webhook, now: datetime
) -> tuple[list[tuple[str, ...]], str]:
    """The signatures of each extractor, and the text of the checked timestamp.

    Raises:
        InvalidSignatureError: the request lacks a signature or a required value, or the
            timestamp is out of tolerance.
    """
    check_body(scheme, webhook)
    check_requirements(scheme.require, webhook)
    presented = _presented(scheme.signature, webhook)
    if not any(each.signatures for each in presented):
        from bridge.verification.signature_form import no_signature  # noqa: PLC0415 (few requests are refused)

        texts = [value(webhook, extractor) for extractor in scheme.signature.from_]
        raise InvalidSignatureError(no_signature(scheme, texts))
    timestamp = ""
    if scheme.timestamp:
        timestamp = _timestamp_text(scheme.timestamp, webhook, presented)
        check_timestamp(scheme.timestamp, timestamp, now)
        timestamp = signed_text(scheme.timestamp, timestamp)
    return [each.signatures for each in presented], timestamp


def check_body(scheme: "Scheme", webhook: Webhook) -> None:
    """Check that there is a body if the scheme wants one. Raises InvalidSignatureError."""
    if not webhook.body and getattr(scheme, "reject_empty_body", False):
        raise InvalidSignatureError("the body is empty")


def signing_time(rule: Timestamp, signature: Signature, webhook: Webhook) -> str:
    """The text of the timestamp, unchecked; empty where there is none."""
    return _timestamp_text(rule, webhook, _presented(signature, webhook))


def check_requirements(require: Iterable[str], webhook: Webhook) -> None:
    """Check the values that the provider always sends. Raises InvalidSignatureError."""
    for requirement in require:
        extractor, equals, wanted = requirement.partition("=")
        found = value(webhook, extractor)
        if found != wanted if equals else not found:
            raise InvalidSignatureError(f"{extractor} is not what the scheme requires")


def check_body_sha256(signed_hash: str, body: bytes) -> None:
    """Check the body against its signed hash. Raises InvalidSignatureError."""
    if not hmac.compare_digest(utf8(signed_hash), hashlib.sha256(body).hexdigest().encode()):
        raise InvalidSignatureError("the signed hash is not the body's")


def _presented(signature: Signature, webhook: Webhook) -> list[PresentedSignature]:
    return [parse_signature(value(webhook, extractor), signature) for extractor in signature.from_]


def _timestamp_text(
    rule: Timestamp, webhook: Webhook, presented: Iterable[PresentedSignature]
) -> str:
    if rule.from_ != SIGNATURE_ITEM:
        return value(webhook, rule.from_)
    return next((each.timestamp for each in presented if each.timestamp), "")
