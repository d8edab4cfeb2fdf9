"""Say why a request of `inlet send` got no response, and whether its URL has the wrong scheme."""

import re
import ssl
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from socket import create_connection
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

import requests

from bridge.adapters.http.causes import cause_of
from inlet_bridge.local.errors import LocalCloudError

_PROBE_SECONDS: Final = 3.0
_PORTS: Final = {"http": 80, "https": 443}
_OTHER: Final = {"http": "https", "https": "http"}
_LOOPBACK: Final = "127.0.0.1"
# As OpenSSL reports it: https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/
_CERTIFICATE: Final = re.compile(r"certificate verify failed: ([^(]*)")
_TRUSTED: Final = (
    "It must be for the host of --to, valid now, and of an authority that certifi has, as senders"
    " demand it too."
)


def failed_request(exc: requests.RequestException, url: str) -> LocalCloudError:
    """The error for a request without a response.

    Args:
        exc: its exception.
        url: of the option `--to`; empty for the local cloud.
    """
    if not url:
        return LocalCloudError(
            f"the request to the local cloud failed: {type(exc).__name__}",
            hint="If it ended, start it again with `make run`.",
        )
    parts = urlsplit(url)
    text = f"the request to {parts.netloc} failed: {cause_of(exc, parts.hostname or '')}"
    if untrusted := _CERTIFICATE.search(str(exc)):
        reason = f"its certificate is refused: {untrusted[1].strip()}"
        return LocalCloudError(f"{text}: {reason}", hint=_TRUSTED)
    hint = other_scheme(url) or "Check the host and the port of --to, and that it runs."
    return LocalCloudError(text, hint=hint)


def other_scheme(url: str) -> str:
    """A sentence with the right URL if its port speaks http in place of https, or vice versa.

    One connection finds out. It sends nothing of the webhook. Empty if the port speaks neither, or
    cannot be reached.
    """
    parts = urlsplit(url)
    spoken = _OTHER[parts.scheme.lower()]
    host, port = _address(parts)
    speaks = _speaks_http if spoken == "http" else _speaks_https
    with suppress(OSError, HTTPException, ValueError):
        if speaks(host, port):
            right = urlunsplit(parts._replace(scheme=spoken))
            return f"Port {port} speaks {spoken}, and not {parts.scheme}: --to {right}"
    return ""


def _address(parts: SplitResult) -> tuple[str, int]:
    """Host and port; names below localhost are the loopback address (RFC 6761, 6.3)."""
    host = parts.hostname or ""
    host = _LOOPBACK if host.endswith(".localhost") else host
    return host, parts.port or _PORTS[parts.scheme.lower()]


def _speaks_http(host: str, port: int) -> bool:
    connection = HTTPConnection(host, port, timeout=_PROBE_SECONDS)
    try:
        connection.request("HEAD", "/")
        connection.getresponse()
    finally:
        connection.close()
    return True


def _speaks_https(host: str, port: int) -> bool:
    # Whose certificate it has does not matter: nothing is sent.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        create_connection((host, port), timeout=_PROBE_SECONDS) as connection,
        context.wrap_socket(connection, server_hostname=host),
    ):
        return True
