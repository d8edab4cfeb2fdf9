"""Send requests over persistent HTTP connections, with one TLS context per process.

A request costs half of one with `http.client`, and an eighth of one with requests; see
`docs/decisions/` for the measurements.
"""

import select
import socket
import ssl
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from urllib.parse import SplitResult, urlsplit

from bridge.adapters.http.causes import cause_of
from bridge.adapters.http.request import request_head
from bridge.adapters.http.response import INVALID_RESPONSE, Response, read_response
from bridge.version import USER_AGENT


class NoAnswerError(Exception):
    """No complete response was received.

    Attributes:
        connected: whether the server may have received the request.
        timed_out: whether the cause is a time-out.
    """

    def __init__(self, cause: Exception, *, connected: bool, host: str = "") -> None:
        super().__init__(cause_of(cause, host))
        self.connected = connected
        self.timed_out = isinstance(cause, TimeoutError)


# Bytes in a TLS record (RFC 8446, 5.1).
_ONE_RECORD = 16_384


class Connections:
    """Sends requests over persistent connections, each used by one thread at a time.

    Uses no proxy, does not retry and follows no redirect. Thread-safe.
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
        """Send a POST request and read its response; see `send`."""
        return self.send("POST", url, headers, content, timeout)

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes,
        timeout: tuple[float, float],
    ) -> Response:
        """Send a request and read its response.

        Args:
            method: POST or PUT.
            url: http or https.
            headers: without those that depend on the content's length or form.
            content: sent unchanged.
            timeout: seconds to connect, and to wait for the response.

        Raises:
            NoAnswerError: the connection failed, broke or timed out.
            ValueError: the URL or a header is invalid.
        """
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {"user-agent": USER_AGENT, **headers}
        head = request_head(method, parts.netloc, target, sent, len(content))
        origin = (parts.scheme, parts.netloc)
        connect, read = timeout
        sock = self._idle_connection(origin) or self._open(parts, connect)
        keep_alive = False
        try:
            sock.settimeout(read)
            _send(sock, head, content)
            response, keep_alive = read_response(sock)
        except (OSError, *INVALID_RESPONSE) as exc:
            raise NoAnswerError(exc, connected=True) from exc
        finally:
            if keep_alive:
                self._idle[origin].append(sock)
            else:
                sock.close()
        return response

    def close(self) -> None:
        """Close all idle connections."""
        for idle in self._idle.copy().values():
            while sock := _pop(idle):
                sock.close()

    def _idle_connection(self, origin: tuple[str, str]) -> socket.socket | None:
        """An idle connection that the server has neither closed nor written to."""
        idle = self._idle.setdefault(origin, [])
        while sock := _pop(idle):
            if not _is_readable(sock):
                return sock
            sock.close()
        return None

    def _open(self, parts: SplitResult, seconds: float) -> socket.socket:
        host, port = parts.hostname or "", parts.port
        over_tls = parts.scheme == "https"
        try:
            sock = socket.create_connection((host, port or (443 if over_tls else 80)), seconds)
        except OSError as exc:
            raise NoAnswerError(exc, connected=False, host=host) from exc
        try:
            # Head and content of a large request are sent separately.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return self._context.wrap_socket(sock, server_hostname=host) if over_tls else sock
        except OSError as exc:
            sock.close()
            raise NoAnswerError(exc, connected=False) from exc


def _send(sock: socket.socket, head: bytes, content: bytes) -> None:
    """In one call if both fit one TLS record; copying more costs more than another record."""
    if len(head) + len(content) <= _ONE_RECORD:
        sock.sendall(head + content)
    else:
        sock.sendall(head)
        sock.sendall(content)


def _pop(idle: list[socket.socket]) -> socket.socket | None:
    """Pop without a prior check, since other threads pop from the same list."""
    try:
        return idle.pop()
    except IndexError:
        return None


# `functools.cache` alone may call the function once per thread until the first result.
_first_call = Lock()


def connections() -> Connections:
    """The connections of this process; loading the certificates costs more than a handshake."""
    with _first_call:
        return _connections()


@cache
def _connections() -> Connections:
    return Connections(tls_context())


def tls_context() -> ssl.SSLContext:
    """A context that trusts certifi's authorities.

    From the folder that `devtools.authorities` writes, OpenSSL reads only the authority of a
    connection; without it, it reads the whole bundle, which takes 20 ms. Certifi is not imported:
    it imports importlib.resources, which takes 15 ms.
    """
    certifi = find_spec("certifi")
    if certifi is None or certifi.origin is None:
        raise ModuleNotFoundError("certifi")
    package = Path(certifi.origin).parent
    # In Lambda, /opt/python/certifi and /opt/authorities.
    folder = package.parents[1] / "authorities"
    if folder.is_dir():
        return ssl.create_default_context(capath=str(folder))
    return ssl.create_default_context(cafile=str(package / "cacert.pem"))


def _is_readable(sock: socket.socket) -> bool:
    """Whether the server has closed an idle connection or sent an unsolicited response.

    Also over TLS: OpenSSL reads one record at a time, and `read_response` reads all of it.

    Data that arrives between this check and the request still counts as its response, since an
    HTTP/1.1 response does not identify its request (RFC 9112, 9.2). A compliant server sends only
    408 there (RFC 9110, 15.5.9), after which the request is retried later.
    """
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))
