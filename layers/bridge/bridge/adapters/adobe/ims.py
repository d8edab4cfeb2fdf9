"""Access tokens of Adobe's Identity Management Services (IMS).

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

from bridge.adapters.adobe.ims_token import NO_TOKEN, Token, ask_for_token, read_token
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.errors import AdobeError, UnavailableError
from bridge.telemetry import logger

if TYPE_CHECKING:
    from bridge.adapters.http.connections import Connections
    from bridge.ports.adobe import TokenStore
    from bridge.ports.process import Clock

_REFUSED = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED})
# Before asking again for a new token while the old one still serves.
_PUT_OFF = timedelta(seconds=30)
_SHARING_ATTEMPTS = 3


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


class ImsTokens:
    """The port `Tokens`: one token for all that share a store, renewed before it expires.

    Safe to share between threads; of many that need a new token one asks for it. Without a store
    the token is this process's own.
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
        self._patience = retry_budget or RetryBudget()
        self._store = store
        self._jitter = jitter
        self._credentials: AdobeCredentials | None = None
        self._token = NO_TOKEN
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
                self._token = self._another("")
            except (AdobeError, UnavailableError):
                if now >= self._token.expires_at:
                    raise
                # Not at every request: each would wait for the retries.
                self._token = self._put_off(self._token)
            return self._token.value

    def renew(self, stale: str) -> str:
        """A token other than the one that was just refused. Raises as `current`."""
        with self._lock:
            if self._token.value in ("", stale):
                self._token = self._another(stale)
            return self._token.value

    def _another(self, stale: str) -> Token:
        """The shared token if it is another one and good, else a new one."""
        if self._store is None:
            return self._mint()
        attempt = 0
        while True:
            shared = self._shared(self._store, stale)
            if self._now() < shared.renew_at:
                return shared
            try:
                is_ours = self._store.lock()
            except UnavailableError as exc:
                logger.warning("no token can be shared", extra={"reason": str(exc)})
                return self._mint()
            if is_ours:
                return self._mint_for_all(self._store, stale)
            if self._now() < shared.expires_at:
                return self._put_off(shared)
            attempt += 1
            if not self._patience.pause(min(attempt, 2)):
                raise AdobeError(
                    "somebody else is asking IMS for a token", status=None, retryable=True
                )

    def _mint_for_all(self, store: "TokenStore", stale: str) -> Token:
        """Ask once, after a last look: whoever held the lock before may have been done."""
        try:
            shared = self._shared(store, stale)
            if self._now() < shared.renew_at:
                return shared
            token = self._mint()
            self._share(store, token)
            return self._spread(token)
        finally:
            store.unlock()

    def _share(self, store: "TokenStore", token: Token) -> None:
        """Everybody waits for it, so a store that is busy is asked again."""
        for attempt in range(1, _SHARING_ATTEMPTS + 1):
            try:
                store.write(token.to_text())
            except UnavailableError as exc:
                if attempt == _SHARING_ATTEMPTS or not self._patience.pause(attempt):
                    logger.warning("a token cannot be shared", extra={"reason": str(exc)})
                    return
            else:
                return

    def _shared(self, store: "TokenStore", stale: str) -> Token:
        """What others have got; no token if that is the one that was refused."""
        try:
            token = read_token(store.read())
        except UnavailableError as exc:
            logger.warning("no token can be shared", extra={"reason": str(exc)})
            return NO_TOKEN
        return self._spread(token) if token.value != stale else NO_TOKEN

    def _spread(self, token: Token) -> Token:
        """Not all at once: each renews somewhere in the first half of the time that is left."""
        left = token.expires_at - token.renew_at
        return replace(token, renew_at=token.renew_at + left * self._jitter() / 2)

    def _put_off(self, token: Token) -> Token:
        return replace(token, renew_at=min(self._now() + _PUT_OFF, token.expires_at))

    def _mint(self) -> Token:
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

    def _ask(self, credentials: AdobeCredentials) -> Token:
        form = {
            "grant_type": "client_credentials",
            "client_id": credentials.client_id,
            "client_secret": credentials.client_secret,
            "scope": credentials.scopes,
        }
        return ask_for_token(self._connections, self._url, form, self._patience, self._now)
