"""Keys that providers publish, kept for a while, and the addresses that they want opened."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path

import certifi

from bridge.adapters.guarded_https import GuardedHttps, Page
from bridge.errors import InvalidSignatureError, UnavailableError
from bridge.ports import Clock

# Certificates live for months, and whoever replaces one gives it another address or `kid`.
KEY_LIFETIME = timedelta(hours=1)
# How long an old one serves while its site cannot be asked for it.
STALE_LIFETIME = timedelta(days=1)
# How long an address without a key is not asked again, nor a key set without the wanted one.
RENEWAL_INTERVAL = timedelta(seconds=60)
# The address may stand in the request, so strangers could make us ask and remember at will.
_MOST_KEPT = 64
_MOST_PER_MINUTE = 30
# What is left of a sender's 3 s has to suffice for the inlet, too.
_LONGEST_SECONDS = 2.0

type _Key = tuple[str, bytes]


@dataclass(slots=True)
class _Kept:
    """A document, and when it is to be asked for again."""

    content: bytes
    fetched_at: datetime
    ask_at: datetime


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
        https: GuardedHttps | None = None,
    ) -> None:
        self._clock = clock
        self._remaining = remaining
        self._https = https or GuardedHttps()
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()
        # Apart, so that strangers who make addresses up push no key out.
        self._absent: OrderedDict[_Key, datetime] = OrderedDict()
        self._asked: list[datetime] = []

    def get(self, url: str, *, posted: bytes = b"", renew: bool = False) -> bytes:
        """The document at an address; see the port."""
        now, key = self._clock(), (url, posted)
        if key in self._absent and now - self._absent[key] < RENEWAL_INTERVAL:
            raise InvalidSignatureError("there is no key at its address")
        kept = self._kept.get(key)
        if kept and now < (kept.fetched_at + RENEWAL_INTERVAL if renew else kept.ask_at):
            self._kept.move_to_end(key)
            return kept.content
        try:
            page = self._request(url, posted)
        except UnavailableError:
            if kept is None or renew or now >= kept.fetched_at + STALE_LIFETIME:
                raise
            kept.ask_at = now + RENEWAL_INTERVAL
            return kept.content
        if page.status != HTTPStatus.OK:
            self._kept.pop(key, None)
            _remember(self._absent, key, now)
            raise InvalidSignatureError("there is no key at its address")
        _remember(self._kept, key, _Kept(page.content, now, now + KEY_LIFETIME))
        return page.content

    def authorities(self) -> bytes:
        """Mozilla's list, as certifi brings it."""
        return Path(certifi.where()).read_bytes()

    def open(self, url: str) -> None:
        """GET once; see the port."""
        page = self._request(url, b"")
        if page.status != HTTPStatus.OK:
            raise UnavailableError(f"the address to confirm at answered {page.status}")

    def _request(self, url: str, posted: bytes) -> Page:
        now = self._clock()
        self._asked = [at for at in self._asked if now - at < timedelta(minutes=1)]
        if len(self._asked) >= _MOST_PER_MINUTE:
            raise UnavailableError("too many keys were asked for in a minute")
        self._asked.append(now)
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


def _remember[Fact](facts: OrderedDict[_Key, Fact], key: _Key, fact: Fact) -> None:
    """Keep a fact, and forget the one that was not used for the longest time."""
    facts[key] = fact
    facts.move_to_end(key)
    if len(facts) > _MOST_KEPT:
        facts.popitem(last=False)
