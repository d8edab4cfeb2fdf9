"""Exchange the token of the printed URL for a cookie, once."""

import secrets
from hmac import compare_digest
from threading import Lock
from typing import Final

_BYTES: Final = 32


class SignIn:
    """The token and the session of one inspector. Both are random and kept in memory only."""

    def __init__(self, port: int) -> None:
        # Browsers send a cookie to all ports of a host: https://www.rfc-editor.org/rfc/rfc6265#section-8.5
        self.cookie: Final = f"inlet-inspector-{port}"
        self.session: Final = secrets.token_urlsafe(_BYTES)
        self._token: str | None = secrets.token_urlsafe(_BYTES)
        self._lock = Lock()

    @property
    def path(self) -> str:
        """The path and query that signs in; empty after it was used."""
        return f"/sign-in?token={self._token}" if self._token else ""

    def exchange(self, token: str) -> bool:
        """Whether this is the token, which is invalid from then on."""
        with self._lock:
            if self._token is None or not compare_digest(token.encode(), self._token.encode()):
                return False
            self._token = None
            return True

    def is_session(self, cookie: str) -> bool:
        """Whether a cookie has the session."""
        return compare_digest(cookie.encode(), self.session.encode())
