"""How often unauthenticated requests may make the bridge send requests to providers' sites."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Network, ip_address

from bridge.errors import TooManyRequestsError

_PERIOD = timedelta(minutes=1)
# Of addresses that are not known yet, for each source. Providers use a few keys at a time.
MOST_PER_SOURCE = 30
# Of those that led to no key, for each client: who invents addresses shall not use up what a
# provider needs for its next key.
MOST_IN_VAIN = 3
# RFC 6177: the least that a site gets, out of which it may take any address.
_SITE_PREFIX = 48


@dataclass(slots=True)
class _Attempt:
    source: str
    client: str
    at: datetime
    in_vain: bool = True


class FetchBudget:
    """Counts the requests of one environment, of which at most so many are remembered."""

    def __init__(self) -> None:
        self._attempts: list[_Attempt] = []

    def take(self, source: str, address: str, now: datetime) -> None:
        """Count a request, as one in vain until `found`.

        Args:
            source: the name of the source whose webhook names the address.
            address: the IP address of the client.
            now: the time.

        Raises:
            TooManyRequestsError: the source or the client has used up its share.
        """
        self._attempts = [each for each in self._attempts if now - each.at < _PERIOD]
        attempts = [each for each in self._attempts if each.source == source]
        client = _client(address)
        if len(attempts) >= MOST_PER_SOURCE:
            raise TooManyRequestsError("too many keys were asked for in a minute")
        if sum(each.in_vain and each.client == client for each in attempts) >= MOST_IN_VAIN:
            raise TooManyRequestsError("a client asked for too many keys that are not there")
        self._attempts.append(_Attempt(source, client, now))

    def found(self) -> None:
        """The last request that was counted led to a document."""
        self._attempts[-1].in_vain = False


def _client(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 4:  # noqa: PLR2004
        return address
    return str(IPv6Network((int(found), _SITE_PREFIX), strict=False))
