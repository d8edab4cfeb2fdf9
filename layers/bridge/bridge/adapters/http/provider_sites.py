"""Fetch and cache the keys that providers publish; open confirmation URLs."""

from collections import OrderedDict
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from http import HTTPStatus
from pathlib import Path

import certifi

from bridge.adapters.http.fetch_budget import FetchBudget
from bridge.adapters.http.public_https import Page, PublicHttps
from bridge.errors import InvalidSignatureError, TooManyRequestsError, UnavailableError
from bridge.ports.process import Clock

# Certificates are valid for months, and a replacement has another URL or `kid`.
KEY_LIFETIME = timedelta(hours=1)
# How long a stale document is used while its site does not respond.
STALE_LIFETIME = timedelta(days=1)
# Before a URL without a key, or a key set without the wanted key, is requested again.
RENEWAL_INTERVAL = timedelta(seconds=60)
# Unauthenticated requests can contain the URL, so the cache is bounded.
_MAX_ENTRIES = 64
# Leaves time for the inlet within a sender's 3 s.
_MAX_SECONDS = 2.0
# The URL is no longer valid. AWS also returns 400 to throttled requests:
# https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html
_GONE = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}

type _Key = tuple[str, bytes]


@dataclass(slots=True)
class _CachedDocument:
    """A document, and when it may be requested again.

    Attributes:
        refresh_at: when it is refreshed.
        renew_at: when it may be renewed before that.
        failed: whether the last early renewal failed.
    """

    content: bytes
    fetched_at: datetime
    refresh_at: datetime
    renew_at: datetime
    failed: bool = False


class HttpsSites:
    """The port `ProviderSites`.

    Args:
        clock: the current time.
        remaining: seconds until the deadline of the request.
        https: sends requests.
    """

    def __init__(
        self,
        clock: Clock,
        remaining: Callable[[], float],
        https: PublicHttps | None = None,
    ) -> None:
        self._clock = clock
        self._remaining = remaining
        self._https = https or PublicHttps()
        self._documents: OrderedDict[_Key, _CachedDocument] = OrderedDict()
        # Separate, so that invented URLs evict no key.
        self._missing: OrderedDict[_Key, datetime] = OrderedDict()
        self._budget = FetchBudget()
        self._source = self._address = ""

    def for_request(self, source: str, address: str) -> "HttpsSites":
        """The same documents, asked for by a request; see the port."""
        same = copy(self)
        same._source, same._address = source, address  # noqa: SLF001 (same class)
        return same

    def get(self, url: str, *, posted: bytes = b"", renew: bool = False) -> bytes:
        """The document at a URL; see the port."""
        now, key = self._clock(), (url, posted)
        if key in self._missing and now - self._missing[key] < RENEWAL_INTERVAL:
            raise InvalidSignatureError("there is no key at its URL")
        cached = self._documents.get(key)
        if cached is None:
            return self._fetch(key, now)
        self._documents.move_to_end(key)
        if now < (cached.renew_at if renew else cached.refresh_at):
            if renew and cached.failed:
                raise UnavailableError("the keys could not be renewed recently")
            return cached.content
        return self._renewed(key, cached, now) if renew else self._refreshed(key, cached, now)

    def authorities(self) -> bytes:
        """Mozilla's root certificates from certifi."""
        return _authorities()

    def open(self, url: str) -> None:
        """GET once; see the port."""
        # Separate from keys: most of these requests are verified, so limits on keys must not
        # block them.
        self._budget.take(f"{self._source} confirms", self._address, self._clock())
        page = self._request(url, b"")
        if page.status in _GONE:
            raise InvalidSignatureError(f"the confirmation URL returned {page.status}")
        if page.status != HTTPStatus.OK:
            raise TooManyRequestsError(f"the confirmation URL returned {page.status}")
        self._budget.found()

    def _fetch(self, key: _Key, now: datetime) -> bytes:
        """The document at an unknown URL."""
        self._budget.take(self._source, self._address, now)
        page = self._request(*key)
        if page.status != HTTPStatus.OK:
            _remember(self._missing, key, now)
            raise InvalidSignatureError("there is no key at its URL")
        self._budget.found()
        return self._store(key, page.content, now)

    def _refreshed(self, key: _Key, cached: _CachedDocument, now: datetime) -> bytes:
        """A refreshed document, or the cached one while its site does not respond.

        Known URLs have no limit: there are few, each requested once a minute at most.
        """
        try:
            page = self._request(*key)
        except UnavailableError:
            if now < cached.fetched_at + STALE_LIFETIME:
                cached.refresh_at = now + RENEWAL_INTERVAL
                return cached.content
            del self._documents[key]
            raise
        if page.status != HTTPStatus.OK:
            del self._documents[key]
            _remember(self._missing, key, now)
            raise InvalidSignatureError("there is no key at its URL")
        return self._store(key, page.content, now)

    def _renewed(self, key: _Key, cached: _CachedDocument, now: datetime) -> bytes:
        """A document without the wanted key, fetched again early.

        An unauthenticated client can cause it with an invented key, so a failure leaves the cache
        unchanged.
        """
        cached.renew_at, cached.failed = now + RENEWAL_INTERVAL, True
        page = self._request(*key)
        if page.status != HTTPStatus.OK:
            raise UnavailableError(f"the site of the keys returned {page.status}")
        return self._store(key, page.content, now)

    def _store(self, key: _Key, content: bytes, now: datetime) -> bytes:
        _remember(
            self._documents,
            key,
            _CachedDocument(content, now, now + KEY_LIFETIME, now + RENEWAL_INTERVAL),
        )
        return content

    def _request(self, url: str, posted: bytes) -> Page:
        """Send a request; 429, 408 and 5xx raise UnavailableError."""
        seconds = min(_MAX_SECONDS, self._remaining())
        if seconds <= 0:
            raise UnavailableError("no time is left to request a key")
        page = self._https.request(url, posted, seconds)
        if page.status >= HTTPStatus.INTERNAL_SERVER_ERROR or page.status in {
            HTTPStatus.TOO_MANY_REQUESTS,
            HTTPStatus.REQUEST_TIMEOUT,
        }:
            raise UnavailableError(f"the provider's site returned {page.status}")
        return page


@cache
def _authorities() -> bytes:
    return Path(certifi.where()).read_bytes()


def _remember[V](entries: OrderedDict[_Key, V], key: _Key, value: V) -> None:
    """Store an entry, and evict the least recently used one."""
    entries[key] = value
    entries.move_to_end(key)
    if len(entries) > _MAX_ENTRIES:
        entries.popitem(last=False)
