"""Environments of functions that share a token in SSM."""

import ssl
from collections.abc import Callable, Mapping

from adobe_emulator.emulator import Adobe
from adobe_emulator.settings import Tenant
from bridge.adapters.adobe.ims import AdobeCredentials, ImsTokens
from bridge.adapters.http.connections import Connections, NoAnswerError
from bridge.adapters.http.response import Response
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.ports.adobe import TokenStore
from tests.support.fakes import FakeClock
from tests.support.technical_account import credentials_of
from tests.support.virtual_time import VirtualTime

TENANT = Tenant()
CREDENTIALS = credentials_of(TENANT)
# Reading the authorities a thousand times takes longer than everything else here.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
# Of a slow machine: nothing here depends on how long a request really takes.
REAL_SECONDS = 60.0


class TimedConnections(Connections):
    """Every request takes so many seconds of the virtual time, however long it really takes."""

    def __init__(self, time: VirtualTime, seconds: float) -> None:
        super().__init__(NO_TLS)
        self._time = time
        self._seconds = seconds

    def post(
        self, url: str, headers: Mapping[str, str], content: bytes, timeout: tuple[float, float]
    ) -> Response:
        _, read = timeout
        self._time.sleep(min(self._seconds, read))
        if self._seconds > read:
            raise NoAnswerError(TimeoutError(), connected=True)
        return super().post(url, headers, content, (REAL_SECONDS, REAL_SECONDS))


def environment(
    adobe: Adobe,
    store: TokenStore,
    clock: FakeClock | None = None,
    *,
    jitter: float = 0.0,
    time: VirtualTime | None = None,
    ims_seconds: float = 0.0,
    credentials: Callable[[], AdobeCredentials] = lambda: CREDENTIALS,
    attempts: int = 3,
) -> ImsTokens:
    """A function that has just started, as the receiver is: with 2.5 seconds for everything."""
    time = time or VirtualTime()
    ends = time.now + 2.5
    return ImsTokens(
        TimedConnections(time, ims_seconds),
        adobe.url,
        credentials,
        clock or FakeClock(),
        RetryBudget(time.sleep, remaining=lambda: ends - time.now),
        store=store,
        jitter=lambda: jitter,
        attempts=attempts,
    )
