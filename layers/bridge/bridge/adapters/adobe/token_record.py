"""What the functions of a stage share about the access token: the token, or why there is none.

One SSM parameter holds both, so that one call reads them and a write replaces them together.
"""

import json
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from bridge.adapters.adobe.ims_token import NO_TOKEN, Token
from bridge.backoff import retry_after_of
from bridge.errors import AdobeError, InvalidCredentialsError
from bridge.parameter_json import storable

COOL_DOWN: Final = timedelta(seconds=60)
"""Time between two token requests with the same rejected credentials."""

# Between two token requests while IMS fails, unless its Retry-After says otherwise.
_FAILURE_PAUSE = timedelta(seconds=10)
_MAX_REASON = 500


class Refusal(NamedTuple):
    """Why no token is requested for some time.

    Attributes:
        reason: a sentence without secrets.
        at: when IMS was asked last.
        until: when it is asked again.
        credentials: digest of the rejected credentials; others are tried at once. None if IMS
            failed, whatever the credentials are.
        status: of the response, or None.
    """

    reason: str
    at: datetime
    until: datetime
    credentials: str | None = None
    status: int | None = None

    def to_error(self) -> AdobeError:
        """The error for a caller that needs a token."""
        return AdobeError(self.reason, status=self.status, retryable=self.credentials is None)


def refusal_of(
    exc: AdobeError | InvalidCredentialsError, credentials: str, now: datetime
) -> Refusal:
    """The refusal after a failed request for a token with credentials of this digest."""
    if isinstance(exc, InvalidCredentialsError):
        return Refusal(str(exc), now, now + COOL_DOWN, exc.digest)
    if not exc.retryable:
        return Refusal(str(exc), now, now + COOL_DOWN, credentials, exc.status)
    pause = _FAILURE_PAUSE
    if asked := retry_after_of(exc.retry_after or "", now):
        pause = max(min(asked, COOL_DOWN), pause)
    return Refusal(str(exc), now, now + pause, status=exc.status)


class TokenRecord(NamedTuple):
    """The shared state; the token may be valid while IMS refuses its successor."""

    token: Token = NO_TOKEN
    refusal: Refusal | None = None

    def to_text(self) -> str:
        """The record as the store contains it."""
        token, refusal = self.token, self.refusal
        document: dict[str, Any] = {
            "value": token.value,
            "renew_at": token.renew_at.isoformat(),
            "expires_at": token.expires_at.isoformat(),
        }
        if token.renewed_at:
            document["renewed_at"] = token.renewed_at.isoformat()
        if refusal:
            document["refusal"] = {
                "reason": refusal.reason[:_MAX_REASON],
                "at": refusal.at.isoformat(),
                "until": refusal.until.isoformat(),
                "credentials": refusal.credentials,
                "status": refusal.status,
            }
        return storable(json.dumps(document))


def read_record(text: str | None) -> TokenRecord:
    """The inverse of `TokenRecord.to_text`; an empty record for a missing or invalid text."""
    try:
        document = json.loads(text or "")
        renewed_at = document.get("renewed_at")
        token = Token(
            document["value"],
            _time(document["renew_at"]),
            _time(document["expires_at"]),
            _time(renewed_at) if renewed_at else None,
        )
        refusal = document.get("refusal")
        if not refusal:
            return TokenRecord(token)
        times = {name: _time(refusal[name]) for name in ("at", "until")}
        return TokenRecord(token, Refusal(**{**refusal, **times}))
    except (ValueError, KeyError, TypeError, AttributeError):
        return TokenRecord()


def _time(text: str) -> datetime:
    """An aware time. Raises ValueError."""
    time = datetime.fromisoformat(text)
    if not time.tzinfo:
        raise ValueError("a time without a zone")
    return time
