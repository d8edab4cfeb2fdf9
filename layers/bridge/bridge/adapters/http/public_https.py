"""Send requests to provider hosts at public addresses only.

The caller has checked the host name; this module checks its addresses, and connects to the checked
address. It follows no redirect and uses no proxy. Plain http is for certificates only: authorities
publish theirs over http, and their signatures authenticate them.
"""

import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import monotonic
from urllib.parse import urlsplit

import certifi

from bridge.adapters.http.causes import cause_of
from bridge.adapters.http.public_addresses import is_public
from bridge.adapters.http.timed_socket import TimedSocket
from bridge.errors import UnavailableError
from bridge.version import USER_AGENT

# A certificate chain has about 6 kB, Google's key set 2 kB.
_MAX_BYTES = 65_536
_CHUNK_BYTES = 16_384


def addresses_of(host: str) -> list[str]:
    """All addresses of a host. Raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


@dataclass(frozen=True, slots=True)
class Page:
    """The response of a host."""

    status: int
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    """By their names in lower case."""


@dataclass
class PublicHttps:
    """Sends requests.

    Attributes:
        resolve: returns the addresses of a host.
        is_allowed: whether to connect to an address.
        port, plain_port: of https and of http.
        authorities: the file with root certificates.
    """

    resolve: Callable[[str], list[str]] = addresses_of
    is_allowed: Callable[[str], bool] = is_public
    port: int = 443
    plain_port: int = 80
    authorities: str = field(default_factory=certifi.where)

    def request(self, url: str, posted: bytes, seconds: float) -> Page:
        """Send a GET, or a POST if there is JSON, within about so many seconds.

        Raises:
            UnavailableError: there is no response within the limits.
        """
        headers = {"Content-Type": "application/json"} if posted else {}
        return self.exchange(
            "POST" if posted else "GET",
            url,
            headers,
            posted,
            seconds=seconds,
            max_bytes=_MAX_BYTES,
        )

    def exchange(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes,
        *,
        seconds: float,
        max_bytes: int,
    ) -> Page:
        """Send a request and read a response of at most so many bytes.

        Args:
            method: the HTTP method.
            url: http or https.
            headers: without those that depend on the content's length, and without User-Agent.
            content: sent unchanged; empty for none.
            seconds: for connecting, and for the whole.
            max_bytes: of the response.

        Raises:
            UnavailableError: there is no response within the limits.
        """
        parts = urlsplit(url)
        host = parts.hostname or ""
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        deadline = monotonic() + seconds
        connection: HTTPConnection
        sock: socket.socket | None = None
        if parts.scheme == "https":
            connection = HTTPSConnection(host, self.port, timeout=seconds)
        else:
            connection = HTTPConnection(host, self.plain_port, timeout=seconds)
        try:
            sock = self._connected(host, connection.port, seconds)
            if parts.scheme == "https":
                sock = self._context.wrap_socket(sock, server_hostname=host)
            connection.sock = TimedSocket(sock, deadline)
            sent = {"User-Agent": USER_AGENT, **headers}
            connection.request(method, target or "/", content or None, sent)
            response = connection.getresponse()
            received = b""
            while chunk := response.read(_CHUNK_BYTES):
                received += chunk
                if len(received) > max_bytes:
                    raise UnavailableError(f"{host} responds with too much data")
        except (OSError, HTTPException, ValueError) as exc:
            raise UnavailableError(f"{host} cannot be reached: {cause_of(exc, host)}") from exc
        finally:
            connection.close()
            if sock is not None:
                sock.close()
        named = {name.lower(): value for name, value in response.getheaders()}
        return Page(response.status, received, named)

    def _connected(self, host: str, port: int, seconds: float) -> socket.socket:
        addresses = self.resolve(host)
        if not addresses or not all(self.is_allowed(address) for address in addresses):
            raise UnavailableError(f"{host} has an address that is not public")
        return socket.create_connection((addresses[0], port), timeout=seconds)

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.authorities)
