"""Adobe Identity Management: tokens for client credentials.

Sources: Adobe Developer Console, "OAuth Server-to-Server credential implementation guide" and the
IMS API page. Neither documents errors; their format is that of OAuth (RFC 6749, 5.2);
the status of each is a guess.
"""

from typing import TYPE_CHECKING, NoReturn
from urllib.parse import parse_qsl

from adobe_emulator.clock import Clock
from adobe_emulator.exchange import Call, RefusedError, Response, json_answer
from adobe_emulator.identifiers import Identifiers
from adobe_emulator.settings import Behavior, Tenant

if TYPE_CHECKING:
    from datetime import datetime

_PARAMETERS = ("grant_type", "client_id", "client_secret", "scope")


class Ims:
    """Issues and checks tokens."""

    def __init__(
        self, tenant: Tenant, behavior: Behavior, clock: Clock, identifiers: Identifiers
    ) -> None:
        self._tenant = tenant
        self._lifetime = behavior.token_lifetime
        self._clock = clock
        self._identifiers = identifiers
        self._expiry: dict[str, datetime] = {}
        self._minted = 0

    @property
    def minted(self) -> int:
        """How many tokens were issued; a client that caches them needs few."""
        return self._minted

    def mint(self) -> str:
        """Issue a token."""
        token = self._identifiers.token()
        self._expiry[token] = self._clock.now() + self._lifetime
        self._minted += 1
        return token

    def accepts(self, authorization: str | None) -> bool:
        """Whether an Authorization header has a token that was issued and has not expired."""
        scheme, _, token = (authorization or "").partition(" ")
        expiry = self._expiry.get(token)
        return scheme.lower() == "bearer" and expiry is not None and self._clock.now() < expiry

    def revoke_all(self) -> None:
        """Invalidate all tokens."""
        self._expiry.clear()

    def token(self, call: Call) -> Response:
        """`POST /ims/token/v3`. Raises RefusedError."""
        form = self._form(call)
        missing = [name for name in _PARAMETERS if not form.get(name)]
        if missing:
            _refuse(400, "invalid_request", f"missing {missing[0]}")
        if form["grant_type"] != "client_credentials":
            _refuse(400, "unsupported_grant_type", "only client_credentials")
        if form["client_id"] != self._tenant.client_id:
            _refuse(400, "invalid_client", "invalid client_id parameter")
        if form["client_secret"] != self._tenant.client_secret:
            _refuse(401, "invalid_client", "invalid client_secret parameter")
        if not set(form["scope"].split(",")) <= set(self._tenant.scopes):
            _refuse(400, "invalid_scope", "unknown scope; scopes are separated by commas")
        lifetime = int(self._lifetime.total_seconds())
        document = {"access_token": self.mint(), "token_type": "bearer", "expires_in": lifetime}
        return json_answer(200, document, {"cache-control": "no-store"})

    @staticmethod
    def _form(call: Call) -> dict[str, str]:
        """The parameters of the body and, as Adobe allows but advises against, of the query."""
        content_type = call.headers.get("content-type", "").partition(";")[0].strip().lower()
        if call.body and content_type != "application/x-www-form-urlencoded":
            _refuse(400, "invalid_request", "the body must be a form")
        try:
            body = parse_qsl(call.body.decode("ascii"), keep_blank_values=True, errors="strict")
        except UnicodeDecodeError:
            _refuse(400, "invalid_request", "the body is not percent-encoded UTF-8")
        return {**dict(call.query), **dict(body)}


def _refuse(status: int, error: str, description: str) -> NoReturn:
    document = {"error": error, "error_description": description}
    raise RefusedError(json_answer(status, document))
