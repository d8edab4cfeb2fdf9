"""Requests to a streaming inlet over kept-alive connections."""

import time
from collections.abc import Collection, Mapping

from bridge.adapters.http.connections import Connections, NoAnswerError
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.inlet.allowed_hosts import is_allowed
from bridge.ports.adobe import InletResponse
from bridge.telemetry import logger


class HttpInlet:
    """The port `Inlet` over HTTP.

    Nothing is sent to a host outside `hosts` (`host` or `host:port`), and no redirect is followed.
    """

    def __init__(
        self, connections: Connections, hosts: Collection[str], retry_budget: RetryBudget
    ) -> None:
        self._connections = connections
        self._hosts = hosts
        self._patience = retry_budget

    def send(self, url: str, headers: Mapping[str, str], content: bytes) -> InletResponse:
        """POST once; a connection that fails is an answer without a status.

        Raises:
            AdobeError: no time is left.
        """
        if not is_allowed(url, self._hosts):
            logger.error("the inlet's host is not in INLET_HOSTS")
            return InletResponse(status=None)
        timeout = self._patience.timeout()
        began = time.monotonic()
        try:
            answer = self._connections.post(url, headers, content, timeout)
        except (NoAnswerError, ValueError) as exc:
            # ValueError is a header or a URL that cannot be sent; its message could quote the URL.
            cause = str(exc) if isinstance(exc, NoAnswerError) else type(exc).__name__
            logger.warning("the inlet cannot be reached", error=cause)
            return InletResponse(status=None, seconds=time.monotonic() - began)
        seconds = time.monotonic() - began
        return InletResponse(answer.status, answer.headers, answer.content, seconds)
