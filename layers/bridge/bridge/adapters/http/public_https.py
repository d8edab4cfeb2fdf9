"""One request to a host that a provider named, without being led anywhere else.

The host's name has been allowed; its addresses are checked here, and the connection goes to the
very address that was checked. Redirects are not followed, and no proxy is asked. Plain http is for
certificates only: authorities publish theirs so, and its signature says whether one is genuine.
"""

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import monotonic
from urllib.parse import urlsplit

import certifi

from bridge.adapters.http.public_addresses import is_public
from bridge.errors import UnavailableError

# A certificate chain has some 6 kB, Google's key set 2 kB.
_MAX_BYTES = 65_536
_CHUNK_BYTES = 16_384


def addresses_of(host: str) -> list[str]:
    """All addresses of a host. Raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


@dataclass(frozen=True, slots=True)
class Page:
    """What a host answered."""

    status: int
    content: bytes


@dataclass
class PublicHttps:
    """Makes requests.

    Attributes:
        resolve: gives the addresses of a host.
        is_allowed: decides on each of them.
        port, plain_port: of https and of http.
        authorities: file with the certificates that servers are checked with.
    """

    resolve: Callable[[str], list[str]] = addresses_of
    is_allowed: Callable[[str], bool] = is_public
    port: int = 443
    plain_port: int = 80
    authorities: str = field(default_factory=certifi.where)

    def request(self, url: str, posted: bytes, seconds: float) -> Page:
        """GET, or POST of JSON where there is any, within about so many seconds.

        Raises:
            UnavailableError: there is no answer, or not within the bounds.
        """
        parts = urlsplit(url)
        host = parts.hostname or ""
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        ends = monotonic() + seconds
        connection: HTTPConnection
        if parts.scheme == "https":
            connection = HTTPSConnection(host, self.port, timeout=seconds)
        else:
            connection = HTTPConnection(host, self.plain_port, timeout=seconds)
        try:
            connection.sock = self._connected(host, connection.port, seconds)
            if parts.scheme == "https":
                connection.sock = self._context.wrap_socket(connection.sock, server_hostname=host)
            headers = {"Content-Type": "application/json"} if posted else {}
            connection.request("POST" if posted else "GET", target or "/", posted or None, headers)
            answer = connection.getresponse()
            content = b""
            while chunk := answer.read(_CHUNK_BYTES):
                content += chunk
                if len(content) > _MAX_BYTES or monotonic() > ends:
                    raise UnavailableError(f"{host} answers too much or too slowly")
        except (OSError, HTTPException, ValueError) as exc:
            raise UnavailableError(f"{host} cannot be reached: {type(exc).__name__}") from exc
        finally:
            connection.close()
        return Page(answer.status, content)

    def _connected(self, host: str, port: int, seconds: float) -> socket.socket:
        addresses = self.resolve(host)
        if not addresses or not all(self.is_allowed(address) for address in addresses):
            raise UnavailableError(f"{host} has an address that is not the internet's")
        return socket.create_connection((addresses[0], port), timeout=seconds)

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.authorities)
