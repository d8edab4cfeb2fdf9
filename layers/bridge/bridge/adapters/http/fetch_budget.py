"""Limit the requests to providers' sites that unauthenticated requests cause."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Network, ip_address

from bridge.errors import TooManyRequestsError

_PERIOD = timedelta(minutes=1)
# Unknown URLs per source. Providers use a few keys at a time.
MAX_PER_SOURCE = 30
# URLs without a key per client, so that invented URLs do not exhaust the limit that a provider
# needs for its next key.
MAX_FAILURES = 3
# RFC 6177: the smallest allocation of a site, which may use any address in it.
_SITE_PREFIX = 48


@dataclass(slots=True)
class _Attempt:
    source: str
    client: str
    at: datetime
    failed: bool = True


class FetchBudget:
    """Counts the recent requests of one environment."""

    def __init__(self) -> None:
        self._attempts: list[_Attempt] = []

    def take(self, source: str, address: str, now: datetime) -> None:
        """Count a request, as failed until `found`.

        Args:
            source: the name of the source whose webhook contains the URL.
            address: the IP address of the client.
            now: the time.

        Raises:
            TooManyRequestsError: the source or the client has reached its limit.
        """
        self._attempts = [each for each in self._attempts if now - each.at < _PERIOD]
        attempts = [each for each in self._attempts if each.source == source]
        client = _client(address)
        if len(attempts) >= MAX_PER_SOURCE:
            raise TooManyRequestsError("too many keys were requested in a minute")
        if sum(each.failed and each.client == client for each in attempts) >= MAX_FAILURES:
            raise TooManyRequestsError("a client requested too many missing keys")
        self._attempts.append(_Attempt(source, client, now))

    def found(self) -> None:
        """The last counted request returned a document."""
        self._attempts[-1].failed = False


def _client(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 4:  # noqa: PLR2004 (of IP)
        return address
    return str(IPv6Network((int(found), _SITE_PREFIX), strict=False))
