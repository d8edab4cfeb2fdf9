"""Admit only requests of the operator's own browser, from the inspector's own pages.

A page of another site can send requests to the loopback: directly (cross-site request forgery), or
after its host name resolves to 127.0.0.1 (DNS rebinding). So the Host header must be that of the
inspector, a request that changes something must have its Origin, and every request needs the
session's cookie, which other sites cannot send (`SameSite=Strict`). Other ports of the loopback are
the same site (https://developer.mozilla.org/docs/Glossary/Site), so `Sec-Fetch-Site` must not name
them either.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from inlet_bridge.inspector.security.sign_in import SignIn

SIGN_IN: Final = "/sign-in"
_OPEN: Final = "/static/"
_WEBHOOKS: Final = "/webhooks/"
"""The path of sources, which the inspector does not have."""
_NO_WEBHOOKS: Final = (
    "This is the inspector, which receives no webhooks. `inlet up` prints the URLs of its sources;"
    " those of a stack at AWS begin with its output WebhooksUrl.\n"
)
_READS: Final = frozenset({"GET", "HEAD"})
_FOREIGN: Final = frozenset({"cross-site", "same-site"})


class Access:
    """ASGI middleware that rejects every other request."""

    def __init__(
        self,
        app: ASGIApp,
        sign_in: SignIn,
        hosts: frozenset[str],
        signed_out: Callable[[Request], Response],
    ) -> None:
        """Wrap an application.

        Args:
            app: it.
            sign_in: the token and the session.
            hosts: the permitted values of Host, with the port.
            signed_out: the response, with 401, to who has no session.
        """
        self._app = app
        self._sign_in = sign_in
        self._hosts = hosts
        self._signed_out = signed_out

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":  # No page needs a WebSocket.
            await self._app(scope, receive, send)
            return
        response = self._response(Request(scope))
        await (response or self._app)(scope, receive, send)

    def _response(self, request: Request) -> Response | None:
        """The response to a request that does not reach a page."""
        headers, path = request.headers, request.url.path
        if headers.getlist("host") not in [[host] for host in self._hosts]:
            return _rejected(HTTPStatus.MISDIRECTED_REQUEST, "The Host is not the inspector's.\n")
        if reason := _foreign(request.method, headers):
            way_out = _NO_WEBHOOKS if path.startswith(_WEBHOOKS) else ""
            return _rejected(HTTPStatus.FORBIDDEN, reason + way_out)
        if path == SIGN_IN:
            return self._signed_in(request)
        if path.startswith(_OPEN) or self._sign_in.is_session(
            request.cookies.get(self._sign_in.cookie, "")
        ):
            return None
        return self._signed_out(request)

    def _signed_in(self, request: Request) -> Response:
        """The response to the URL that was printed."""
        cookie = request.cookies.get(self._sign_in.cookie, "")
        if request.method == "GET" and self._sign_in.exchange(
            request.query_params.get("token", "")
        ):
            response = RedirectResponse("/", HTTPStatus.SEE_OTHER)
            response.set_cookie(
                self._sign_in.cookie,
                self._sign_in.session,
                httponly=True,
                samesite="strict",
                path="/",
            )
            return response
        if self._sign_in.is_session(cookie):
            return RedirectResponse("/", HTTPStatus.SEE_OTHER)
        return self._signed_out(request)


def _foreign(method: str, headers: Headers) -> str:
    """Why a request does not come from a page of the inspector, or empty.

    A link elsewhere may lead to a page, in a window of its own. From another site it has no cookie,
    and the response is 401. Frames navigate too; another port of the loopback could load pages in
    them with the cookie, although the browser would not show them.
    """
    own = f"http://{headers['host']}"
    origins = headers.getlist("origin")
    # Browsers send none with a page's own GET; the handshake of a WebSocket, which is a GET, has
    # no other header that identifies its origin.
    if origins != [own] and (origins or method not in _READS):
        return "The Origin is not the inspector's.\n"
    is_link = (
        method in _READS
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
    )
    if headers.get("sec-fetch-site") in _FOREIGN and not is_link:
        return "The request comes from a page of another origin.\n"
    return ""


def _rejected(status: HTTPStatus, text: str) -> Response:
    return PlainTextResponse(text, status)
