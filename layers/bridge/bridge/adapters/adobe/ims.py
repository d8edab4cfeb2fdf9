"""Get, share and renew access tokens of Adobe's Identity Management Services (IMS).

OAuth server-to-server, as documented on
https://developer.adobe.com/developer-console/docs/guides/authentication/ServerToServerAuthentication/
"""

import random
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from bridge.adapters.adobe.credentials import AdobeCredentials, parse_credentials
from bridge.adapters.adobe.ims_token import NO_TOKEN, Token
from bridge.adapters.adobe.shared_record import SharedRecord
from bridge.adapters.adobe.token_issuer import RefusedError, TokenIssuer
from bridge.adapters.adobe.token_record import COOL_DOWN, Refusal, TokenRecord
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.errors import AdobeError, ThrottledError, UnavailableError
from bridge.telemetry import logger

if TYPE_CHECKING:
    from bridge.adapters.http.connections import Connections
    from bridge.ports.adobe import TokenStore
    from bridge.ports.process import Clock

__all__ = ["AdobeCredentials", "ImsTokens", "parse_credentials"]

# Of a request for a token; the inlet's messages have the buffer, and need one.
_ATTEMPTS = 3
# Before another attempt to renew a token that is still valid.
_RENEWAL_PAUSE = timedelta(seconds=30)
# How often the shared token is read while another function requests it.
_POLLS = 7
# How long this environment asks neither SSM nor IMS after another failure.
_SHORT_PAUSE = timedelta(seconds=5)
# When credentials were rejected this long ago, they may have changed.
_TRUST = timedelta(seconds=40)
# After this and up to a quarter more, this environment reads the shared state again.
_HOLD = timedelta(seconds=44)


class ImsTokens:
    """The port `Tokens`: one token per store, renewed before it expires.

    Thread-safe; of several callers that need a new token, one requests it. Without a store, the
    token is local to the process.

    After a failed request, no environment of the store asks IMS again for some time: for a minute
    if it rejected the credentials, unless they change. A rejected token is renewed once a minute.

    Args:
        connections: to IMS.
        ims_url: its base URL.
        credentials: reads the technical account's credentials.
        now: the time.
        retry_budget: bounds requests and pauses.
        store: shares the token with other functions; None for a token of its own.
        jitter: a random number from 0 up to 1.
        attempts: requests to IMS before its failure is reported.
        waits: for a caller with minutes, such as a deployment: wait while IMS is not asked, and
            compare the credentials every time. Otherwise fail at once, without a call to SSM.
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
        attempts: int = _ATTEMPTS,
        waits: bool = False,
    ) -> None:
        self._now = now
        self._retry_budget = retry_budget or RetryBudget()
        self._issuer = TokenIssuer(
            connections,
            ims_url,
            credentials,
            now=now,
            retry_budget=self._retry_budget,
            attempts=attempts,
        )
        self._shared = SharedRecord(store, self._retry_budget) if store else None
        self._jitter = jitter
        self._waits = waits
        self._token = NO_TOKEN
        self._held: Refusal | None = None
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
        if self._held and not self._waits and self._now() < self._held.until:
            raise self._held.to_error()
        if self._shared is None:
            return self._mint_local()
        self._retry_budget.timeout()  # Raises if no time is left to use a token.
        try:
            return self._shared_or_new(self._shared, stale)
        except UnavailableError as exc:
            # After ThrottledError as well, many environments would request a token of their own.
            self._hold(self._brief(str(exc)))
            raise

    def _shared_or_new(self, store: SharedRecord, stale: str) -> Token:
        attempt = 0
        while True:
            try:
                record = store.read()
                shared = self._usable(record, stale)
                if self._now() < shared.renew_at:
                    return shared
                if refusal := self._refusal(record, stale):
                    if not self._waits or refusal.credentials:
                        return self._until_expiry(shared, refusal)
                    self._retry_budget.wait((refusal.until - self._now()).total_seconds())
                    continue
                has_lock = store.lock()
            except ThrottledError:
                raise
            except UnavailableError as exc:
                logger.warning("no token can be shared", extra={"reason": str(exc)})
                return self._mint_alone(stale)
            if has_lock:
                return self._mint_shared(store, stale)
            attempt += 1
            busy = self._brief("another function is requesting a token from IMS")
            # While IMS refuses, there is probably nothing to wait for.
            is_hopeless = not self._waits and (record.refusal or attempt == _POLLS)
            if self._now() < shared.expires_at or is_hopeless:
                return self._until_expiry(shared, busy)
            if not self._retry_budget.pause(min(attempt, 2)):
                raise self._hold(busy)

    def _mint_shared(self, store: SharedRecord, stale: str) -> Token:
        """Read again before requesting: the previous lock holder may have written a token."""
        try:
            record = store.read()
            shared = self._usable(record, stale)
            if self._now() < shared.renew_at:
                return shared
            if refusal := self._refusal(record, stale):
                return self._until_expiry(shared, refusal)
            try:
                token = self._issuer.issue()
            except RefusedError as exc:
                store.write(TokenRecord(shared, exc.refusal))
                return self._until_expiry(shared, exc.refusal)
            token = token._replace(renewed_at=self._now() if stale else None)
            store.write(TokenRecord(token))
            return self._with_jitter(token)
        finally:
            store.unlock()

    def _mint_local(self) -> Token:
        try:
            return self._issuer.issue()
        except RefusedError as exc:
            raise exc.error from exc.error.__cause__

    def _mint_alone(self, stale: str) -> Token:
        """Request a token that is not shared."""
        if refusal := self._refusal(TokenRecord(self._token), stale):
            raise self._hold(refusal)
        try:
            token = self._issuer.issue()
        except RefusedError as exc:
            raise self._hold(exc.refusal) from exc
        return token._replace(renewed_at=self._now() if stale else None)

    def _usable(self, record: TokenRecord, stale: str) -> Token:
        """The token of a record, or `NO_TOKEN` if it is the rejected one."""
        token = record.token
        return self._with_jitter(token) if token.value != stale else NO_TOKEN

    def _refusal(self, record: TokenRecord, stale: str) -> Refusal | None:
        """Why IMS must not be asked now, or None."""
        now, renewed_at = self._now(), record.token.renewed_at
        if stale and record.token.value == stale and renewed_at and now < renewed_at + COOL_DOWN:
            reason = "a token was rejected that had replaced a rejected one within the last minute"
            return Refusal(reason, renewed_at, renewed_at + COOL_DOWN)
        refusal = record.refusal
        return refusal if refusal and now < refusal.until and self._refuses_still(refusal) else None

    def _refuses_still(self, refusal: Refusal) -> bool:
        """Whether the rejected credentials have not changed; the latest are not read again."""
        is_latest = self._held is not None and self._now() < refusal.at + _TRUST
        return (is_latest and not self._waits) or self._issuer.refuses_still(refusal)

    def _until_expiry(self, shared: Token, refusal: Refusal) -> Token:
        """The token that is still valid. Raises AdobeError if there is none."""
        if self._now() < shared.expires_at:
            return self._postpone_renewal(shared)
        raise self._hold(refusal)

    def _hold(self, refusal: Refusal) -> AdobeError:
        """Have this environment ask nobody for a while; the error to raise."""
        now, spread = self._now(), 1 + self._jitter() / 4
        until = min(refusal.until + _SHORT_PAUSE * self._jitter(), now + _HOLD * spread)
        self._held = refusal._replace(until=until)
        return refusal.to_error()

    def _brief(self, reason: str) -> Refusal:
        return Refusal(reason, self._now(), self._now() + _SHORT_PAUSE)

    def _with_jitter(self, token: Token) -> Token:
        """Spread renewals over the first half of the remaining lifetime."""
        remaining = token.expires_at - token.renew_at
        return token._replace(renew_at=token.renew_at + remaining * self._jitter() / 2)

    def _postpone_renewal(self, token: Token) -> Token:
        return token._replace(renew_at=min(self._now() + _RENEWAL_PAUSE, token.expires_at))
