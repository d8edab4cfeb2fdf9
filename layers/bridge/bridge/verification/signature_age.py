"""How old may a proof be? Never older than what is remembered of deliveries."""

import base64
import json
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
    """Refuse a verified webhook whose signed time is older than any record of it can be.

    The scheme's own tolerance has been checked; this bounds those that have none. A token that
    does not cover the body is made once for many webhooks, so its age says nothing of them.

    Args:
        scheme: by which the webhook was verified.
        webhook: the webhook.
        now: aware, in UTC.
        records: how long deliveries are remembered.

    Raises:
        InvalidSignatureError: it is.
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
    """The claim `iat` of a token that was verified."""
    token = next((text for place in scheme.from_ if (text := value(webhook, place))), "")
    payload = token.rpartition(" ")[2].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    issued = claims.get("iat")
    return None if issued is None else datetime.fromtimestamp(issued, UTC)
