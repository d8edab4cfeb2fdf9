"""Get, share and renew access tokens of Adobe's Identity Management Services (IMS).

OAuth server-to-server, as documented on
https://developer.adobe.com/developer-console/docs/guides/authentication/ServerToServerAuthentication/
"""

import json
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from bridge.adapters.adobe.ims_token import NO_TOKEN, Token, read_token, request_token
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.errors import AdobeError, UnavailableError
from bridge.telemetry import logger

if TYPE_CHECKING:
    from bridge.adapters.http.connections import Connections
    from bridge.ports.adobe import TokenStore
    from bridge.ports.process import Clock

_REJECTED = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED})
# Before another attempt to renew a token that is still valid.
_RENEWAL_PAUSE = timedelta(seconds=30)
_SHARING_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class AdobeCredentials:
    """The technical account at Adobe.

    Attributes:
        org_id: the IMS organization, ending in `@AdobeOrg`.
        scopes: comma-separated.
        sandbox: the name of the sandbox of the chain.
    """

    client_id: str
    client_secret: str = field(repr=False)
    org_id: str
    scopes: str
    sandbox: str


_FIELDS = ("client_id", "client_secret", "org_id", "scopes", "sandbox")


def parse_credentials(text: str) -> AdobeCredentials:
    """Parse the JSON secret.

    Raises:
        UnavailableError: it is not a JSON object, or a field is missing.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError:
        # Not chained: the decoder's error contains the secret.
        raise UnavailableError("the Adobe credentials are not JSON") from None
    if not isinstance(document, dict):
        raise UnavailableError("the Adobe credentials are not a JSON object")
    if isinstance(document.get("scopes"), list):
        document["scopes"] = ",".join(map(str, document["scopes"]))
    for name in _FIELDS:
        if not (isinstance(document.get(name), str) and document[name].strip()):
            raise UnavailableError(
                f"the Adobe credentials have no field {name}, or it is not a string"
            )
    if not document["org_id"].endswith("@AdobeOrg"):
        raise UnavailableError("the Adobe credentials' org_id does not end in @AdobeOrg")
    return AdobeCredentials(**{name: document[name].strip() for name in _FIELDS})


class ImsTokens:
    """The port `Tokens`: one token per store, renewed before it expires.

    Thread-safe; of several callers that need a new token, one requests it. Without a store, the
    token is local to the process.
    """

    def __init__(
        self,
        connections: "Connections",
        ims_url: str,
        credentials: Callable[[], AdobeCredentials],
        now: "Clock",
        retry_budget: RetryBudget | None = None,
        *,
        store: "TokenStore | None" = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._connections = connections
        self._url = ims_url
        self._read_credentials = credentials
        self._now = now
        self._retry_budget = retry_budget or RetryBudget()
        self._store = store
        self._jitter = jitter
        self._credentials: AdobeCredentials | None = None
        self._token = NO_TOKEN
        self._lock = threading.Lock()

    def current(self) -> str:
        """A valid token. Raises AdobeError or UnavailableError."""
        token = self._token
        if self._now() < token.renew_at:
            return token.value
        with self._lock:
            now = self._now()
            if now < self._token.renew_at:
                return self._token.value
            try:
                self._token = self._replacement("")
            except (AdobeError, UnavailableError):
                if now >= self._token.expires_at:
                    raise
                # Not at every request, which would wait for the retries.
                self._token = self._postpone_renewal(self._token)
            return self._token.value

    def renew(self, stale: str) -> str:
        """A token other than the rejected one. Raises as `current`."""
        with self._lock:
            if self._token.value in ("", stale):
                self._token = self._replacement(stale)
            return self._token.value

    def _replacement(self, stale: str) -> Token:
        """The shared token if it is valid and not the stale one, else a new one."""
        if self._store is None:
            return self._mint()
        attempt = 0
        while True:
            shared = self._shared(self._store, stale)
            if self._now() < shared.renew_at:
                return shared
            try:
                has_lock = self._store.lock()
            except UnavailableError as exc:
                logger.warning("no token can be shared", extra={"reason": str(exc)})
                return self._mint()
            if has_lock:
                return self._mint_shared(self._store, stale)
            if self._now() < shared.expires_at:
                return self._postpone_renewal(shared)
            attempt += 1
            if not self._retry_budget.pause(min(attempt, 2)):
                raise AdobeError(
                    "another function is requesting a token from IMS", status=None, retryable=True
                )

    def _mint_shared(self, store: "TokenStore", stale: str) -> Token:
        """Read again before requesting: the previous lock holder may have written a token."""
        try:
            shared = self._shared(store, stale)
            if self._now() < shared.renew_at:
                return shared
            token = self._mint()
            self._share(store, token)
            return self._with_jitter(token)
        finally:
            store.unlock()

    def _share(self, store: "TokenStore", token: Token) -> None:
        """Write with retries, since other functions wait for the token."""
        for attempt in range(1, _SHARING_ATTEMPTS + 1):
            try:
                store.write(token.to_text())
            except UnavailableError as exc:
                if attempt == _SHARING_ATTEMPTS or not self._retry_budget.pause(attempt):
                    logger.warning("a token cannot be shared", extra={"reason": str(exc)})
                    return
            else:
                return

    def _shared(self, store: "TokenStore", stale: str) -> Token:
        """The shared token, or `NO_TOKEN` if it is the rejected one."""
        try:
            token = read_token(store.read())
        except UnavailableError as exc:
            logger.warning("no token can be shared", extra={"reason": str(exc)})
            return NO_TOKEN
        return self._with_jitter(token) if token.value != stale else NO_TOKEN

    def _with_jitter(self, token: Token) -> Token:
        """Spread renewals over the first half of the remaining lifetime."""
        remaining = token.expires_at - token.renew_at
        return replace(token, renew_at=token.renew_at + remaining * self._jitter() / 2)

    def _postpone_renewal(self, token: Token) -> Token:
        return replace(token, renew_at=min(self._now() + _RENEWAL_PAUSE, token.expires_at))

    def _mint(self) -> Token:
        """Request a token; if IMS rejects the credentials, retry with rotated ones."""
        credentials = self._credentials or self._read_credentials()
        try:
            token = self._request(credentials)
        except AdobeError as exc:
            if exc.status not in _REJECTED:
                raise
            rotated = self._read_credentials()
            if rotated == credentials:
                raise
            credentials = rotated
            token = self._request(credentials)
        self._credentials = credentials
        return token

    def _request(self, credentials: AdobeCredentials) -> Token:
        form = {
            "grant_type": "client_credentials",
            "client_id": credentials.client_id,
            "client_secret": credentials.client_secret,
            "scope": credentials.scopes,
        }
        return request_token(self._connections, self._url, form, self._retry_budget, self._now)
