"""Requests to a streaming inlet over a kept-alive session."""

from collections.abc import Collection, Mapping

import requests

from bridge.adapters.patience import Patience
from bridge.delivery.answers import InletAnswer
from bridge.inlet_address import is_allowed
from bridge.telemetry import logger


class RequestsInlet:
    """The port `Inlet` on requests.

    Nothing is sent to a host outside `hosts` (`host` or `host:port`), and no redirect is followed.
    """

    def __init__(
        self, session: requests.Session, hosts: Collection[str], patience: Patience
    ) -> None:
        self._session = session
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
        try:
            answer = self._session.post(
                url,
                data=content,
                headers=headers,
                timeout=self._patience.timeout(),
                allow_redirects=False,
            )
        except requests.RequestException as exc:
            logger.warning("the inlet cannot be reached", error=type(exc).__name__)
            return InletAnswer(status=None)
        lower = {name.lower(): value for name, value in answer.headers.items()}
        return InletAnswer(answer.status_code, lower, answer.content)
