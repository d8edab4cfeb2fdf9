"""Send messages to a streaming inlet over persistent connections."""

import time
from collections.abc import Collection, Mapping
from functools import lru_cache, partial

from bridge.adapters.http.connections import Connections, NoAnswerError
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.inlet.allowed_hosts import is_allowed
from bridge.ports.adobe import InletResponse
from bridge.telemetry import logger


class HttpInlet:
    """The port `Inlet` over HTTP.

    Sends only to `hosts` (`host` or `host:port`), and follows no redirect.
    """

    def __init__(
        self, connections: Connections, hosts: Collection[str], retry_budget: RetryBudget
    ) -> None:
        self._connections = connections
        # Connections have one inlet each: the same few URLs are checked for each message.
        self._is_allowed = lru_cache(maxsize=256)(partial(is_allowed, hosts=hosts))
        self._retry_budget = retry_budget

    def send(self, url: str, headers: Mapping[str, str], content: bytes) -> InletResponse:
        """POST once; a failed connection is a response without a status.

        Raises:
            AdobeError: the deadline has passed.
        """
        if not self._is_allowed(url):
            logger.error("the inlet's host is not in INLET_HOSTS")
            return InletResponse(status=None)
        timeout = self._retry_budget.timeout()
        started = time.monotonic()
        try:
            response = self._connections.post(url, headers, content, timeout)
        except (NoAnswerError, ValueError) as exc:
            # ValueError: an invalid header or URL; its message could quote the URL.
            cause = str(exc) if isinstance(exc, NoAnswerError) else type(exc).__name__
            logger.warning("the inlet cannot be reached", error=cause)
            return InletResponse(status=None, seconds=time.monotonic() - started)
        seconds = time.monotonic() - started
        return InletResponse(response.status, response.headers, response.content, seconds)
