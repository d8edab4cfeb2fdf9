"""One https request to a host that a provider named, without being led anywhere else.

The host's name has been allowed; its addresses are checked here, and the connection goes to the
very address that was checked. Redirects are not followed, and no proxy is asked.
"""

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from http.client import HTTPException, HTTPSConnection
from ipaddress import IPv4Address, ip_address, ip_network
from time import monotonic
from urllib.parse import urlsplit

import certifi

from bridge.errors import UnavailableError

# A certificate chain has some 6 kB, Google's key set 2 kB.
_MAX_BYTES = 65_536
_CHUNK_BYTES = 16_384
# Where a network of IPv6 alone reaches IPv4 addresses, which are the last 32 bits (RFC 6052).
_NAT64 = ip_network("64:ff9b::/96")
# Out of use since RFC 3879, so that `ipaddress` has them for global.
_SITE_LOCAL = ip_network("fec0::/10")


def is_public(address: str) -> bool:
    """Whether an address is one of the internet's, and not of a network around us."""
    found = ip_address(address)
    if found in _NAT64:
        found = IPv4Address(found.packed[-4:])
    if found.is_multicast or found in _SITE_LOCAL:
        return False
    return found.is_global


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
class GuardedHttps:
    """Makes requests.

    Attributes:
        resolve: gives the addresses of a host.
        is_allowed: decides on each of them.
        authorities: file with the certificates that servers are checked with.
    """

    resolve: Callable[[str], list[str]] = addresses_of
    is_allowed: Callable[[str], bool] = is_public
    port: int = 443
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
        connection = HTTPSConnection(host, self.port, timeout=seconds)
        try:
            connection.sock = self._socket(host, seconds)
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

    def _socket(self, host: str, seconds: float) -> ssl.SSLSocket:
        addresses = self.resolve(host)
        if not addresses or not all(self.is_allowed(address) for address in addresses):
            raise UnavailableError(f"{host} has an address that is not the internet's")
        plain = socket.create_connection((addresses[0], self.port), timeout=seconds)
        try:
            return self._context.wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.authorities)
