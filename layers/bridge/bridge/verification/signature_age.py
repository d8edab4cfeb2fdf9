"""Reject signatures that are older than the records of deliveries."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bridge.errors import InvalidSignatureError
from bridge.verification.credentials import signing_time
from bridge.verification.extractors import value
from bridge.verification.timestamps import instant

if TYPE_CHECKING:
    from bridge.verification.jwt_scheme import JwtScheme
    from bridge.verification.schemes import Scheme
    from bridge.webhook import Webhook


def check_age(scheme: "Scheme", webhook: "Webhook", now: datetime, records: timedelta) -> None:
    """Reject a verified webhook that was signed before the oldest record of deliveries.

    The scheme's own tolerance is already checked; this limits schemes without one. A token that
    does not cover the body is used for many webhooks, so its age is not checked.

    Args:
        scheme: the scheme that verified the webhook.
        webhook: the webhook.
        now: aware, in UTC.
        records: how long deliveries are recorded.

    Raises:
        InvalidSignatureError: the signature is too old.
    """
    match scheme.family:
        case "mac" | "pk" if scheme.timestamp is not None:
            past = scheme.timestamp.past_seconds
            if past is not None and past <= records.total_seconds():
                return
            signed = instant(signing_time(scheme.timestamp, scheme.signature, webhook))
        case "jwt" if scheme.body_sha256:
            signed = _issued_at(scheme, webhook)
        case _:
            return
    if signed is not None and now - signed > records:
        raise InvalidSignatureError(f"signed more than {records.days} days ago")


def _issued_at(scheme: "JwtScheme", webhook: "Webhook") -> datetime | None:
    """The claim `iat` of a verified token."""
    from bridge.verification.token_claims import claim  # noqa: PLC0415 (few senders)

    token = next((text for each in scheme.from_ if (text := value(webhook, each))), "")
    issued = claim(token, "iat")
    # A time with a fraction is a JsonNumber, which `fromtimestamp` does not take.
    return None if issued is None else datetime.fromtimestamp(float(issued), UTC)
