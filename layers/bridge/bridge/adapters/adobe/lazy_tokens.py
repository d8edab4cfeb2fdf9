"""Create the token client on first use: an unauthenticated inlet needs none."""

import threading
from collections.abc import Callable

from bridge.ports.adobe import Tokens


class LazyTokens:
    """The port `Tokens`, created on first use; thread-safe."""

    def __init__(self, create: Callable[[], Tokens]) -> None:
        self._create = create
        self._cached: Tokens | None = None
        self._lock = threading.Lock()

    def current(self) -> str:
        """A valid token. Raises AdobeError or UnavailableError."""
        return self._tokens().current()

    def renew(self, stale: str) -> str:
        """A token other than the rejected one. Raises as `current`."""
        return self._tokens().renew(stale)

    def _tokens(self) -> Tokens:
        with self._lock:
            if self._cached is None:
                self._cached = self._create()
            return self._cached
