"""Kept-alive HTTP connections, with one TLS context for the whole process.

On the way of every webhook a request costs half of what it does with `http.client`, and an eighth
of what it does with requests; `docs/decisions/` holds what was measured.
"""

import select
import socket
import ssl
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from threading import Lock
from urllib.parse import SplitResult, urlsplit

from bridge.adapters.http.request import post_head
from bridge.adapters.http.response import UNREADABLE, Response, read_answer


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


# Bytes that fit a TLS record (RFC 8446, 5.1).
_ONE_RECORD = 16_384


class Connections:
    """Posts over kept-alive connections, each used by one thread at a time.

    It knows no proxy, tries once and follows no redirect. Safe to share between threads.
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        # Threads share the dictionary and its lists without a lock, so each access is a single
        # atomic operation: `setdefault`, `copy`, `append` and `pop`
        # (https://docs.python.org/3/library/threadsafety.html). No list is ever taken out of the
        # dictionary: a thread that has just read it could still append to it.
        self._idle: dict[tuple[str, str], list[socket.socket]] = {}

    def post(
        self, url: str, headers: Mapping[str, str], content: bytes, timeout: tuple[float, float]
    ) -> Response:
        """Send a request and read its answer.

        Args:
            url: http or https.
            headers: without those that depend on the content's length or form.
            content: sent as it is.
            timeout: seconds to connect, and to wait for each part of the answer.

        Raises:
            NoAnswerError: the connection could not be made, broke or was too slow.
            ValueError: the URL or a header cannot be sent.
        """
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        head = post_head(parts.netloc, target, headers, len(content))
        origin = (parts.scheme, parts.netloc)
        connect, read = timeout
        sock = self._take(origin) or self._open(parts, connect)
        kept = False
        try:
            sock.settimeout(read)
            _send(sock, head, content)
            answer, kept = read_answer(sock)
        except (OSError, *UNREADABLE) as exc:
            raise NoAnswerError(exc, connected=True) from exc
        finally:
            if kept:
                self._idle[origin].append(sock)
            else:
                sock.close()
        return answer

    def close(self) -> None:
        """Close those that are idle."""
        for idle in self._idle.copy().values():
            while sock := _popped(idle):
                sock.close()

    def _take(self, origin: tuple[str, str]) -> socket.socket | None:
        """An idle connection that the other side has neither closed nor written to."""
        idle = self._idle.setdefault(origin, [])
        while sock := _popped(idle):
            if not _has_something_to_read(sock):
                return sock
            sock.close()
        return None

    def _open(self, parts: SplitResult, seconds: float) -> socket.socket:
        host, port = parts.hostname or "", parts.port
        over_tls = parts.scheme == "https"
        try:
            sock = socket.create_connection((host, port or (443 if over_tls else 80)), seconds)
        except OSError as exc:
            raise NoAnswerError(exc, connected=False) from exc
        try:
            # Head and content of a large request are sent one after the other.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return self._context.wrap_socket(sock, server_hostname=host) if over_tls else sock
        except OSError as exc:
            sock.close()
            raise NoAnswerError(exc, connected=False) from exc


def _send(sock: socket.socket, head: bytes, content: bytes) -> None:
    """Together, where one TLS record holds both; a copy of more costs more than a record."""
    if len(head) + len(content) <= _ONE_RECORD:
        sock.sendall(head + content)
    else:
        sock.sendall(head)
        sock.sendall(content)


def _popped(idle: list[socket.socket]) -> socket.socket | None:
    """The last one, or None: other threads pop from the same list, so nothing is asked before."""
    try:
        return idle.pop()
    except IndexError:
        return None


# `functools.cache` alone calls the function again for a thread that comes before the first result.
_first_call = Lock()


def connections() -> Connections:
    """The connections of this process; reading the authorities costs more than a handshake."""
    with _first_call:
        return _connections()


@cache
def _connections() -> Connections:
    return Connections(ssl.create_default_context(cafile=_authorities()))


def _authorities() -> str:
    """Certifi's file. Importing certifi to ask for it brings importlib.resources: 15 ms."""
    certifi = find_spec("certifi")
    if certifi is None or certifi.origin is None:
        raise ModuleNotFoundError("certifi")
    return certifi.origin.replace("__init__.py", "cacert.pem")


def _has_something_to_read(sock: socket.socket) -> bool:
    """Whether the other side has closed an idle connection, or sent what no request asked for.

    Over TLS too: OpenSSL reads one record at a time, and `read_answer` leaves nothing of it.

    What arrives after this check and before the request has left is still taken for its answer,
    since a response of HTTP/1.1 does not name its request (RFC 9112, 9.2). A server that keeps to
    HTTP sends only 408 there (RFC 9110, 15.5.9), after which the request is sent again later.
    """
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))
