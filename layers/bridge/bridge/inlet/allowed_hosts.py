"""Check the hosts that the bridge may send messages and tokens to."""

from collections.abc import Collection
from urllib.parse import urlsplit

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def is_allowed(url: str, hosts: Collection[str]) -> bool:
    """Whether an inlet URL uses https (or a loopback address) and an allowed host.

    Args:
        url: the inlet's URL, as Adobe returned it.
        hosts: `host` or `host:port` entries; a non-default port must be listed.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    if host is None or parts.username is not None:
        return False
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        return False
    return (host if port is None else f"{host}:{port}") in hosts
