"""Kept-alive HTTP connections, with one TLS context for the whole process.

The standard library's `http.client`: on the way of every webhook it costs a third less per request
than urllib3 and half of its import; `docs/decisions/` holds what was measured.
"""

import select
import socket
import ssl
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit


class NoAnswerError(Exception):
    """No whole answer came.

    Attributes:
        connected: whether the request may have arrived.
        timed_out: whether it took too long, rather than broke.
    """

    def __init__(self, cause: Exception, *, connected: bool) -> None:
        super().__init__(type(cause).__name__)
        self.connected = connected
        self.timed_out = isinstance(cause, TimeoutError)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, whatever its status; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


# Bytes that fit a TLS record (RFC 8446, 5.1).
_ONE_RECORD = 16_384


class _InOnePiece(HTTPConnection):
    """Sends the head and the body of a request together, where one TLS record holds both.

    `http.client` sends each by itself: two records and two packets where one of each will do.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._pieces: list[bytes] = []

    def send(self, data: bytes) -> None:  # type: ignore[override] # what `request` passes on
        """Keep a piece until the answer is asked for."""
        self._pieces.append(data)

    def getresponse(self) -> HTTPResponse:
        """Send the request and read its answer."""
        pieces, self._pieces = self._pieces, []
        if sum(map(len, pieces)) <= _ONE_RECORD:
            pieces = [b"".join(pieces)]
        for piece in pieces:
            super().send(piece)
        return super().getresponse()


class _HttpsConnection(_InOnePiece, HTTPSConnection):
    """Over TLS."""


class Connections:
    """Posts over kept-alive connections, each used by one thread at a time.

    It knows no proxy, tries once and follows no redirect.
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self._idle: dict[tuple[str, str], list[HTTPConnection]] = defaultdict(list)

    def post(
        self, url: str, headers: Mapping[str, str], content: bytes, timeout: tuple[float, float]
    ) -> Answer:
        """Send a request and read its answer.

        Args:
            url: http or https.
            headers: without those that depend on the content's length or form.
            content: sent as it is.
            timeout: seconds to connect, and to wait for each part of the answer.

        Raises:
            NoAnswerError: the connection could not be made, broke or was too slow.
            ValueError: a header cannot be sent; the message quotes it.
        """
        parts = urlsplit(url)
        origin = (parts.scheme, parts.netloc)
        connect, read = timeout
        connection = self._take(origin) or self._open(origin, connect)
        kept = False
        try:
            connection.sock.settimeout(read)
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", target, content, headers)
            response = connection.getresponse()
            told = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(response.status, told, response.read())
            kept = not response.will_close
        except (OSError, HTTPException) as exc:
            raise NoAnswerError(exc, connected=True) from exc
        finally:
            if kept:
                self._idle[origin].append(connection)
            else:
                connection.close()
        return answer

    def close(self) -> None:
        """Close those that are idle."""
        for idle in self._idle.values():
            while idle:
                idle.pop().close()

    def _take(self, origin: tuple[str, str]) -> HTTPConnection | None:
        """An idle connection that the other side has not closed."""
        idle = self._idle[origin]
        while idle:
            connection = idle.pop()
            if not _has_something_to_read(connection.sock):
                return connection
            connection.close()
        return None

    def _open(self, origin: tuple[str, str], seconds: float) -> HTTPConnection:
        scheme, host = origin
        connection = (
            _HttpsConnection(host, timeout=seconds, context=self._context)
            if scheme == "https"
            else _InOnePiece(host, timeout=seconds)
        )
        try:
            connection.connect()
        except (OSError, HTTPException) as exc:
            connection.close()
            raise NoAnswerError(exc, connected=False) from exc
        return connection


@cache
def connections() -> Connections:
    """The connections of this process; reading the authorities costs more than a handshake."""
    return Connections(ssl.create_default_context(cafile=_authorities()))


def _authorities() -> str:
    """Certifi's file. Importing certifi to ask for it brings importlib.resources: 15 ms."""
    certifi = find_spec("certifi")
    if certifi is None or certifi.origin is None:
        raise ModuleNotFoundError("certifi")
    return certifi.origin.replace("__init__.py", "cacert.pem")


def _has_something_to_read(sock: socket.socket) -> bool:
    """Whether an idle connection was closed, or says what nobody asked."""
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))
