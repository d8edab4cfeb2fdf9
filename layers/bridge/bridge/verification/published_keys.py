"""What a verifier needs of the world when the provider's keys are published somewhere."""

import re
from typing import Protocol
from urllib.parse import urlsplit

from bridge.errors import InvalidSignatureError


class PublishedKeys(Protocol):
    """Documents at https addresses, kept for a while; whoever provides it bounds the asking."""

    def get(self, url: str, *, posted: bytes = b"", renew: bool = False) -> bytes:
        """The document at an address.

        Args:
            url: has been allowed by the scheme.
            posted: JSON to ask with; empty is a GET.
            renew: ask again, unless that was done just now.

        Raises:
            InvalidSignatureError: there is none.
            TooManyRequestsError: the limit on requests is reached.
            UnavailableError: the site does not answer.
        """

    def authorities(self) -> bytes:
        """The certificates, as PEM, of the authorities that browsers trust."""


class NoPublishedKeys:
    """For senders whose keys are the stored secrets."""

    def get(self, url: str, *, posted: bytes = b"", renew: bool = False) -> bytes:  # noqa: ARG002
        """Raises InvalidSignatureError: nothing is published."""
        raise InvalidSignatureError("no keys are published")

    def authorities(self) -> bytes:
        """Nobody is trusted."""
        return b""


# RFC 9110 4.1 asks for 8,000 characters to be taken; no provider's address has 2,000.
_PLAIN = re.compile(r"[!-~]{1,2000}")


def is_allowed_address(url: str, pattern: str, *, plain: bool = False) -> bool:
    """Whether an address names nothing but a host, a path and a query, and has the pattern.

    Args:
        url: as somebody else wrote it.
        pattern: of the whole address.
        plain: whether http will do, too. It does for certificates, which are signed themselves.
    """
    if not _PLAIN.fullmatch(url) or "\\" in url or not re.fullmatch(pattern, url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme != "https" and not (plain and parts.scheme == "http"):
        return False
    return port is None and "@" not in parts.netloc and not parts.fragment
