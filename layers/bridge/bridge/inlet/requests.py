"""Make one request to an inlet: rate-limited, authenticated and measured."""

from collections.abc import Callable
from http import HTTPStatus

from bridge.delivery.counts import Measure
from bridge.delivery.outcomes import Retry
from bridge.errors import AdobeError, UnavailableError
from bridge.inlet.responses import token_refused
from bridge.ports.adobe import Inlet, InletResponse, Tokens
from bridge.ports.aws import Counts
from bridge.sources.connection import Connection, Flow
from bridge.telemetry import log_unforeseen, logger

type RateLimiter = Callable[[int], None]
"""Waits until a request with this many messages may be sent. Raises UnavailableError on timeout."""


class InletRequests:
    """Makes requests, with a token if the connection requires one."""

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
        """POST, and once more with a new token if the first one is rejected. Never raises."""
        try:
            self._limit_rate(count)
            if not connection.authenticated:
                return self._send(url, connection, flow, None, content)
            token = self._token(connection, self._tokens.current)
            response = self._send(url, connection, flow, token, content)
            if token_refused(response):
                stale = token
                token = self._token(connection, lambda: self._tokens.renew(stale))
                response = self._send(url, connection, flow, token, content)
                if token_refused(response):
                    self._counts.measure(connection.name, Measure.TOKEN_FAILED, 1)
        except (AdobeError, UnavailableError) as exc:
            return Retry(str(exc))
        except Exception as exc:  # noqa: BLE001
            # Other requests are in flight, and their outcomes must be recorded.
            return Retry(log_unforeseen(exc, connection=connection.name))
        return response

    def _token(self, connection: Connection, get: Callable[[], str]) -> str:
        try:
            return get()
        except (AdobeError, UnavailableError):
            self._counts.measure(connection.name, Measure.TOKEN_FAILED, 1)
            raise

    def _send(
        self, url: str, connection: Connection, flow: Flow, token: str | None, content: bytes
    ) -> InletResponse:
        response = self._inlet.send(url, _request_headers(connection, flow, token), content)
        name = connection.name
        logger.debug(
            "inlet response",
            extra={
                "connection": name,
                "flow_id": flow.flow_id,
                "bytes": len(content),
                "status": response.status,
                "seconds": round(response.seconds, 3),
            },
        )
        self._counts.latency(name, response.seconds)
        if response.status is None or response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._counts.measure(name, Measure.INLET_FAILED, 1)
        elif response.status == HTTPStatus.TOO_MANY_REQUESTS:
            self._counts.measure(name, Measure.INLET_THROTTLED, 1)
        return response


def _request_headers(connection: Connection, flow: Flow, token: str | None) -> dict[str, str]:
    """Return the headers of a request to the inlet.

    `x-sandbox-name` is required by Adobe's OpenAPI file, although its tutorials omit it.
    """
    headers = {
        "Content-Type": "application/json",
        "x-adobe-flow-id": flow.flow_id,
        "x-sandbox-name": connection.sandbox,
    }
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    return headers
