"""What a request shows of its proof: signatures, the time of signing, and what has to be there."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bridge.errors import InvalidSignatureError
from bridge.verification.encodings import utf8
from bridge.verification.extractors import value
from bridge.verification.schemes import SIGNATURE_ITEM, Signature, Timestamp
from bridge.verification.signature_header import PresentedSignature, parse_signature
from bridge.verification.timestamps import check_timestamp
from bridge.webhook import Webhook

if TYPE_CHECKING:
    from bridge.verification.schemes import SignedScheme


def read_credentials(
    scheme: "SignedScheme", webhook: Webhook, now: datetime
) -> tuple[list[tuple[str, ...]], str]:
    """The signatures of each place, and the text of a timestamp that is in time.

    Raises:
        InvalidSignatureError: there is no signature, or the request lacks what else is required.
    """
    if scheme.reject_empty_body and not webhook.body:
        raise InvalidSignatureError("the body is empty")
    check_requirements(scheme.require, webhook)
    shown = [
        parse_signature(value(webhook, place), scheme.signature) for place in scheme.signature.from_
    ]
    timestamp = _timestamp(scheme.timestamp, webhook, shown, now)
    if not any(presented.signatures for presented in shown):
        raise InvalidSignatureError("the request carries no signature")
    return [presented.signatures for presented in shown], timestamp


def signing_time(rule: Timestamp | None, signature: Signature, webhook: Webhook) -> str:
    """The text of the time of signing, unchecked; empty where there is none."""
    if rule is None:
        return ""
    if rule.from_ != SIGNATURE_ITEM:
        return value(webhook, rule.from_)
    shown = (parse_signature(value(webhook, place), signature) for place in signature.from_)
    return next((presented.timestamp for presented in shown if presented.timestamp), "")


def check_requirements(require: Iterable[str], webhook: Webhook) -> None:
    """Check what the provider always sends. Raises InvalidSignatureError."""
    for requirement in require:
        place, equals, wanted = requirement.partition("=")
        found = value(webhook, place)
        if found != wanted if equals else not found:
            raise InvalidSignatureError(f"{place} is not what the scheme requires")


def check_body_sha256(shown: str, body: bytes) -> None:
    """Check the hash of a body that is signed by its hash alone. Raises InvalidSignatureError."""
    if not hmac.compare_digest(utf8(shown), hashlib.sha256(body).hexdigest().encode()):
        raise InvalidSignatureError("the signed hash is not the body's")


def _timestamp(
    rule: Timestamp | None, webhook: Webhook, shown: Sequence[PresentedSignature], now: datetime
) -> str:
    if rule is None:
        return ""
    if rule.from_ == SIGNATURE_ITEM:
        text = next((presented.timestamp for presented in shown if presented.timestamp), "")
    else:
        text = value(webhook, rule.from_)
    check_timestamp(rule, text, now)
    return text
