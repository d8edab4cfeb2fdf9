"""Access tokens of Adobe's Identity Management Services (IMS).

OAuth server-to-server, as documented on
https://developer.adobe.com/developer-console/docs/guides/authentication/ServerToServerAuthentication/
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import requests

from bridge.adapters.patience import Patience
from bridge.errors import AdobeError, UnavailableError

if TYPE_CHECKING:
    from bridge.ports import Clock

_ATTEMPTS = 3
_REFUSED = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED})
_EARLY = timedelta(minutes=10)
_AFTER_A_FAILURE = timedelta(seconds=30)
# A token lives 86,399 s; the retired JWT exchange said the same in milliseconds.
_MILLISECONDS_ABOVE = 1_000_000


@dataclass(frozen=True, slots=True)
class AdobeCredentials:
    """The technical account at Adobe.

    Attributes:
        org_id: the IMS organisation, ending in `@AdobeOrg`.
        scopes: comma separated, as IMS wants them.
        sandbox: name of the sandbox that holds the chain.
    """

    client_id: str
    client_secret: str = field(repr=False)
    org_id: str
    scopes: str
    sandbox: str


_FIELDS = ("client_id", "client_secret", "org_id", "scopes", "sandbox")


def parse_credentials(text: str) -> AdobeCredentials:
    """Read the JSON secret.

    Raises:
        UnavailableError: it is no JSON object, or the named field is missing.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError:
        # Not chained: the decoder's error carries the whole secret.
        raise UnavailableError("the Adobe credentials are not JSON") from None
    if not isinstance(document, dict):
        raise UnavailableError("the Adobe credentials are not a JSON object")
    if isinstance(document.get("scopes"), list):
        document["scopes"] = ",".join(map(str, document["scopes"]))
    for name in _FIELDS:
        if not (isinstance(document.get(name), str) and document[name].strip()):
            raise UnavailableError(f"the Adobe credentials have no field {name}, or it is no text")
    if not document["org_id"].endswith("@AdobeOrg"):
        raise UnavailableError("the Adobe credentials' org_id does not end in @AdobeOrg")
    return AdobeCredentials(**{name: document[name].strip() for name in _FIELDS})


@dataclass(frozen=True, slots=True)
class _Token:
    value: str = field(repr=False)
    renew_at: datetime
    expires_at: datetime


_NO_TOKEN = _Token("", datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC))


class ImsTokens:
    """The port `Tokens`: one token for the whole process, renewed ten minutes early.

    Safe to share between threads; of many that need a new token one asks for it.
    """

    def __init__(
        self,
        session: requests.Session,
        ims_url: str,
        credentials: Callable[[], AdobeCredentials],
        now: "Clock",
        patience: Patience | None = None,
    ) -> None:
        self._session = session
        self._url = f"{ims_url}/ims/token/v3"
        self._read_credentials = credentials
        self._now = now
        self._patience = patience or Patience()
        self._credentials: AdobeCredentials | None = None
        self._token = _NO_TOKEN
        self._lock = threading.Lock()

    def current(self) -> str:
        """A token that is valid for a while. Raises AdobeError or UnavailableError."""
        token = self._token
        if self._now() < token.renew_at:
            return token.value
        with self._lock:
            now = self._now()
            if now < self._token.renew_at:
                return self._token.value
            try:
                self._token = self._mint()
            except (AdobeError, UnavailableError):
                if now >= self._token.expires_at:
                    raise
                # Not at every request: each would wait for the retries.
                self._token = replace(
                    self._token, renew_at=min(now + _AFTER_A_FAILURE, self._token.expires_at)
                )
            return self._token.value

    def renew(self, stale: str) -> str:
        """A token other than the one that was just refused. Raises as `current`."""
        with self._lock:
            if self._token.value in ("", stale):
                self._token = self._mint()
            return self._token.value

    def _mint(self) -> _Token:
        """Ask with the known credentials, and with those in the store if they were rotated."""
        credentials = self._credentials or self._read_credentials()
        try:
            token = self._ask(credentials)
        except AdobeError as exc:
            if exc.status not in _REFUSED:
                raise
            rotated = self._read_credentials()
            if rotated == credentials:
                raise
            credentials = rotated
            token = self._ask(credentials)
        self._credentials = credentials
        return token

    def _ask(self, credentials: AdobeCredentials) -> _Token:
        # A dict, so that requests percent-encodes `&`, `+` and `%` of a secret.
        form = {
            "grant_type": "client_credentials",
            "client_id": credentials.client_id,
            "client_secret": credentials.client_secret,
            "scope": credentials.scopes,
        }
        attempt = 0
        while True:
            attempt += 1
            retry_after = None
            try:
                answer = self._session.post(
                    self._url, data=form, timeout=self._patience.timeout(), allow_redirects=False
                )
            except requests.RequestException as exc:
                error = AdobeError(
                    f"IMS does not answer: {type(exc).__name__}", status=None, retryable=True
                )
            else:
                if answer.status_code == HTTPStatus.OK:
                    return self._token_of(answer)
                error = _refusal(answer)
                retry_after = answer.headers.get("Retry-After")
            if not error.retryable or attempt == _ATTEMPTS:
                raise error
            if not self._patience.pause(attempt, retry_after):
                raise error

    def _token_of(self, answer: requests.Response) -> _Token:
        document = _document(answer)
        value, seconds = document.get("access_token"), document.get("expires_in")
        if not (isinstance(value, str) and value and isinstance(seconds, int | float)):
            raise AdobeError("IMS answered 200 without a token", status=200, retryable=True)
        if seconds > _MILLISECONDS_ABOVE:
            seconds /= 1000
        lifetime = timedelta(seconds=seconds)
        expires_at = self._now() + lifetime
        return _Token(value, expires_at - min(_EARLY, lifetime / 10), expires_at)


def _refusal(answer: requests.Response) -> AdobeError:
    """Only OAuth's error code is quoted: the description is free text."""
    status = answer.status_code
    code = str(_document(answer).get("error", ""))[:64]
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return AdobeError(f"IMS answered {status}; try again later", status=status, retryable=True)
    said = f" {code}" if code.replace("_", "").isalnum() else ""
    return AdobeError(
        f"IMS refused the credentials: {status}{said}; check client_id, client_secret and scopes",
        status=status,
        retryable=False,
    )


def _document(answer: requests.Response) -> dict[str, Any]:
    try:
        document = answer.json()
    except requests.JSONDecodeError:
        return {}
    return document if isinstance(document, dict) else {}
