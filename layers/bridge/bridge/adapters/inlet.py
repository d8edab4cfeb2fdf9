"""Requests to a streaming inlet over kept-alive connections."""

from collections.abc import Collection, Mapping

import urllib3

from bridge.adapters.patience import Patience
from bridge.delivery.answers import InletAnswer
from bridge.inlet_address import is_allowed
from bridge.telemetry import logger


class PooledInlet:
    """The port `Inlet` on a pool of connections.

    Nothing is sent to a host outside `hosts` (`host` or `host:port`), and no redirect is followed.
    """

    def __init__(
        self, pool: urllib3.PoolManager, hosts: Collection[str], patience: Patience
    ) -> None:
        self._pool = pool
        self._hosts = hosts
        self._patience = patience

    def send(self, url: str, headers: Mapping[str, str], content: bytes) -> InletAnswer:
        """POST once; a connection that fails is an answer without a status.

        Raises:
            AdobeError: no time is left.
        """
        if not is_allowed(url, self._hosts):
            logger.error("the inlet's host is not in INLET_HOSTS")
            return InletAnswer(status=None)
        connect, read = self._patience.timeout()
        try:
            answer = self._pool.request(
                "POST",
                url,
                body=content,
                headers=headers,
                timeout=urllib3.Timeout(connect=connect, read=read),
                redirect=False,
            )
        except (urllib3.exceptions.HTTPError, ValueError) as exc:
            # ValueError is a header that cannot be sent; its message would quote the token.
            logger.warning("the inlet cannot be reached", error=type(exc).__name__)
            return InletAnswer(status=None)
        lower = {name.lower(): value for name, value in answer.headers.items()}
        return InletAnswer(answer.status, lower, answer.data)
