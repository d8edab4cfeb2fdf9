"""One request to an inlet: in time, with a token, and counted."""

from collections.abc import Callable
from http import HTTPStatus

from bridge.delivery.counts import Measure
from bridge.delivery.outcomes import Retry
from bridge.errors import AdobeError, UnavailableError
from bridge.inlet.destination import request_headers
from bridge.inlet.responses import token_refused
from bridge.ports.adobe import Inlet, InletResponse, Tokens
from bridge.ports.aws import Counts
from bridge.sources.source import Connection, Flow
from bridge.telemetry import log_unforeseen, logger

type RateLimiter = Callable[[int], None]
"""Waits until so many messages may go in one request. Raises UnavailableError for lack of time."""


class InletRequests:
    """Makes requests, with a token where the connection asks for one."""

    def __init__(
        self,
        inlet: Inlet,
        tokens: Tokens,
        counts: Counts,
        limit_rate: RateLimiter = lambda _count: None,
    ) -> None:
        self._inlet = inlet
        self._tokens = tokens
        self._counts = counts
        self._limit_rate = limit_rate

    def post(
        self, url: str, connection: Connection, flow: Flow, content: bytes, count: int
    ) -> InletResponse | Retry:
        """POST, and once more with another token where the first is refused; never raises."""
        try:
            self._limit_rate(count)
            if not connection.authenticated:
                return self._send(url, connection, flow, None, content)
            token = self._token(connection, self._tokens.current)
            answer = self._send(url, connection, flow, token, content)
            if token_refused(answer):
                stale = token
                token = self._token(connection, lambda: self._tokens.renew(stale))
                answer = self._send(url, connection, flow, token, content)
                if token_refused(answer):
                    self._counts.measure(connection.name, Measure.TOKEN_FAILED, 1)
        except (AdobeError, UnavailableError) as exc:
            return Retry(str(exc))
        except Exception as exc:  # noqa: BLE001
            # The other requests of the batch are in flight, and have to be recorded.
            return Retry(log_unforeseen(exc, connection=connection.name))
        return answer

    def _token(self, connection: Connection, get: Callable[[], str]) -> str:
        try:
            return get()
        except (AdobeError, UnavailableError):
            self._counts.measure(connection.name, Measure.TOKEN_FAILED, 1)
            raise

    def _send(
        self, url: str, connection: Connection, flow: Flow, token: str | None, content: bytes
    ) -> InletResponse:
        answer = self._inlet.send(url, request_headers(connection, flow, token), content)
        name = connection.name
        logger.debug(
            "inlet response",
            extra={
                "connection": name,
                "flow_id": flow.flow_id,
                "bytes": len(content),
                "status": answer.status,
                "seconds": round(answer.seconds, 3),
            },
        )
        self._counts.measure(name, Measure.INLET_LATENCY, answer.seconds * 1_000)
        if answer.status is None or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._counts.measure(name, Measure.INLET_FAILED, 1)
        elif answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            self._counts.measure(name, Measure.INLET_THROTTLED, 1)
        return answer
