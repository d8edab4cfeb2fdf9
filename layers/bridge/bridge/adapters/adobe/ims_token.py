"""Request an access token from IMS.

https://developer.adobe.com/developer-console/docs/guides/authentication/ServerToServerAuthentication/ims
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlencode

from bridge.adapters.http.connections import NoAnswerError
from bridge.adapters.http.response import Response
from bridge.errors import AdobeError

if TYPE_CHECKING:
    from bridge.adapters.http.connections import Connections
    from bridge.adapters.http.retry_budget import RetryBudget
    from bridge.ports.process import Clock

_EARLY = timedelta(minutes=10)
# A token is valid for 86,399 s; the retired JWT exchange returned milliseconds.
_MAX_SECONDS = 1_000_000
_TRANSIENT = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
# The next token is requested in a day, so the connection is not kept alive.
_HEADERS: Final = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Accept": "application/json",
    "Connection": "close",
}


class Token(NamedTuple):
    """An access token.

    Attributes:
        renew_at: when to request a new one, ten minutes before it expires.
        renewed_at: when it replaced a rejected one; None for any other.
    """

    value: str
    renew_at: datetime
    expires_at: datetime
    renewed_at: datetime | None = None

    def __repr__(self) -> str:
        """Without its value."""
        return f"{type(self).__name__}(renew_at={self.renew_at!r})"


_LONG_AGO = datetime.min.replace(tzinfo=UTC)
NO_TOKEN: Final = Token("", _LONG_AGO, _LONG_AGO)


def request_token(
    connections: "Connections",
    ims_url: str,
    form: Mapping[str, str],
    *,
    retry_budget: "RetryBudget",
    now: "Clock",
    attempts: int,
) -> Token:
    """POST the form, so many times until IMS returns a token. Raises AdobeError."""
    content = urlencode(form).encode()  # `&`, `+` and `%` of a secret are percent-encoded.
    attempt = 0
    while True:
        attempt += 1
        try:
            response = connections.post(
                f"{ims_url}/ims/token/v3", _HEADERS, content, retry_budget.timeout()
            )
        except NoAnswerError as exc:
            error = AdobeError(f"IMS does not answer: {exc}", status=None, retryable=True)
        else:
            if response.status == HTTPStatus.OK:
                return _token_of(response, now())
            error = _error(response)
        if not error.retryable:
            raise error
        if not retry_budget.pause(attempt, error.retry_after, attempts=attempts, reason=error):
            raise error


def _token_of(response: Response, now: datetime) -> Token:
    document = _document(response)
    value, seconds = document.get("access_token"), document.get("expires_in")
    if isinstance(seconds, str) and seconds.isdecimal():
        seconds = float(seconds)
    if isinstance(seconds, bool):
        seconds = None
    if not (isinstance(value, str) and value and isinstance(seconds, int | float)):
        raise AdobeError("IMS returned no token", status=200, retryable=True)
    try:
        if seconds > _MAX_SECONDS:
            seconds /= 1000
        lifetime = timedelta(seconds=seconds)
        expires_at = now + lifetime
    except (OverflowError, ValueError):  # Python's JSON parser accepts Infinity and NaN.
        lifetime, expires_at = timedelta(0), now
    if lifetime <= timedelta(0):  # Such a token would be requested again for each message.
        raise AdobeError(
            "IMS returned a token with an invalid lifetime", status=200, retryable=True
        )
    return Token(value, expires_at - min(_EARLY, lifetime / 10), expires_at)


def _error(response: Response) -> AdobeError:
    """Quotes only OAuth's error code: the description is free text."""
    status = response.status
    code = str(_document(response).get("error", ""))[:64]
    if status in _TRANSIENT or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return AdobeError(
            f"IMS answered {status}; try again later",
            status=status,
            retryable=True,
            retry_after=response.headers.get("retry-after"),
        )
    suffix = f" {code}" if code.replace("_", "").isalnum() else ""
    return AdobeError(
        f"IMS refused the credentials: {status}{suffix}; check client_id, client_secret and scopes",
        status=status,
        retryable=False,
    )


def _document(response: Response) -> dict[str, Any]:
    try:
        document = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
