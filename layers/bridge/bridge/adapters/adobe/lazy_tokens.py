"""Tokens that are set up when the first is asked for: an open inlet never asks."""

import threading
from collections.abc import Callable

from bridge.ports.adobe import Tokens


class TokensOnDemand:
    """The port `Tokens`, made by the first who needs it; safe to share between threads."""

    def __init__(self, make: Callable[[], Tokens]) -> None:
        self._make = make
        self._made: Tokens | None = None
        self._lock = threading.Lock()

    def current(self) -> str:
        """A token that is valid for a while. Raises AdobeError or UnavailableError."""
        return self._tokens().current()

    def renew(self, stale: str) -> str:
        """A token other than the one that was just refused. Raises as `current`."""
        return self._tokens().renew(stale)

    def _tokens(self) -> Tokens:
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made
