"""Keys that providers publish, kept for a while, and the addresses that they want opened."""

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

# Certificates live for months, and whoever replaces one gives it another address or `kid`.
KEY_LIFETIME = timedelta(hours=1)
# How long an old one serves while its site cannot be asked for it.
STALE_LIFETIME = timedelta(days=1)
# How long an address without a key is not asked again, nor a key set without the wanted one.
RENEWAL_INTERVAL = timedelta(seconds=60)
# The address may stand in the request, so an unauthenticated client could make us remember at will.
_MOST_KEPT = 64
# What is left of a sender's 3 s has to suffice for the inlet, too.
_LONGEST_SECONDS = 2.0
# What says that an address opens no more. AWS answers 400 to requests that it throttles, too:
# https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html
_GONE = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}

type _Key = tuple[str, bytes]


@dataclass(slots=True)
class _Kept:
    """A document, and when it may be asked for again.

    Attributes:
        ask_at: when it is refreshed.
        renew_at: when it may be renewed out of turn.
        failed: whether the last renewal out of turn failed.
    """

    content: bytes
    fetched_at: datetime
    ask_at: datetime
    renew_at: datetime
    failed: bool = False


class HttpsSites:
    """The port `ProviderSites`.

    Args:
        clock: the time.
        remaining: the seconds that are left for the request.
        https: makes requests.
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
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()
        # Apart, so that invented addresses push no key out.
        self._absent: OrderedDict[_Key, datetime] = OrderedDict()
        self._budget = FetchBudget()
        self._source = self._address = ""

    def for_request(self, source: str, address: str) -> "HttpsSites":
        """The same documents, asked for by a request; see the port."""
        same = copy(self)
        same._source, same._address = source, address  # noqa: SLF001 (it is one of us)
        return same

    def get(self, url: str, *, posted: bytes = b"", renew: bool = False) -> bytes:
        """The document at an address; see the port."""
        now, key = self._clock(), (url, posted)
        if key in self._absent and now - self._absent[key] < RENEWAL_INTERVAL:
            raise InvalidSignatureError("there is no key at its address")
        kept = self._kept.get(key)
        if kept is None:
            return self._fetch(key, now)
        self._kept.move_to_end(key)
        if now < (kept.renew_at if renew else kept.ask_at):
            if renew and kept.failed:
                raise UnavailableError("the keys could not be renewed a moment ago")
            return kept.content
        return self._renewed(key, kept, now) if renew else self._refreshed(key, kept, now)

    def authorities(self) -> bytes:
        """Mozilla's list, as certifi brings it."""
        return _authorities()

    def open(self, url: str) -> None:
        """GET once; see the port."""
        # Apart from the keys: by now the sender is proven, and not to be kept from its answer.
        self._budget.take(f"{self._source} confirms", self._address, self._clock())
        page = self._ask(url, b"")
        if page.status in _GONE:
            raise InvalidSignatureError(f"the address to confirm at answered {page.status}")
        if page.status != HTTPStatus.OK:
            raise TooManyRequestsError(f"the address to confirm at answered {page.status}")
        self._budget.found()

    def _fetch(self, key: _Key, now: datetime) -> bytes:
        """The document at an address that is not known yet."""
        self._budget.take(self._source, self._address, now)
        page = self._ask(*key)
        if page.status != HTTPStatus.OK:
            _remember(self._absent, key, now)
            raise InvalidSignatureError("there is no key at its address")
        self._budget.found()
        return self._keep(key, page.content, now)

    def _refreshed(self, key: _Key, kept: _Kept, now: datetime) -> bytes:
        """A document that is due, or the one that is kept while its site does not answer.

        A known address counts for no limit: there are few, and each is asked once a minute at most.
        """
        try:
            page = self._ask(*key)
        except UnavailableError:
            if now < kept.fetched_at + STALE_LIFETIME:
                kept.ask_at = now + RENEWAL_INTERVAL
                return kept.content
            del self._kept[key]
            raise
        if page.status != HTTPStatus.OK:
            del self._kept[key]
            _remember(self._absent, key, now)
            raise InvalidSignatureError("there is no key at its address")
        return self._keep(key, page.content, now)

    def _renewed(self, key: _Key, kept: _Kept, now: datetime) -> bytes:
        """A document that lacks a key, fetched again before it is due.

        An unauthenticated client can ask for a key that never was, so a failure leaves what is
        kept as it is.
        """
        kept.renew_at, kept.failed = now + RENEWAL_INTERVAL, True
        page = self._ask(*key)
        if page.status != HTTPStatus.OK:
            raise UnavailableError(f"the site of the keys answered {page.status}")
        return self._keep(key, page.content, now)

    def _keep(self, key: _Key, content: bytes, now: datetime) -> bytes:
        _remember(self._kept, key, _Kept(content, now, now + KEY_LIFETIME, now + RENEWAL_INTERVAL))
        return content

    def _ask(self, url: str, posted: bytes) -> Page:
        """What a site answers that does. Raises UnavailableError."""
        seconds = min(_LONGEST_SECONDS, self._remaining())
        if seconds <= 0:
            raise UnavailableError("no time is left to ask for a key")
        page = self._https.request(url, posted, seconds)
        if page.status >= HTTPStatus.INTERNAL_SERVER_ERROR or page.status in {
            HTTPStatus.TOO_MANY_REQUESTS,
            HTTPStatus.REQUEST_TIMEOUT,
        }:
            raise UnavailableError(f"the provider's site answered {page.status}")
        return page


@cache
def _authorities() -> bytes:
    return Path(certifi.where()).read_bytes()


def _remember[Fact](facts: OrderedDict[_Key, Fact], key: _Key, fact: Fact) -> None:
    """Keep a fact, and forget the one that was not used for the longest time."""
    facts[key] = fact
    facts.move_to_end(key)
    if len(facts) > _MOST_KEPT:
        facts.popitem(last=False)
