"""Port for keys that a provider publishes, and the check of their URLs."""

import re
from typing import Protocol
from urllib.parse import urlsplit

from bridge.errors import InvalidSignatureError


class PublishedKeys(Protocol):
    """Cache of documents at https URLs; implementations limit the requests."""

    def get(self, url: str, *, posted: bytes = b"", renew: bool = False) -> bytes:
        """The document at a URL.

        Args:
            url: one that the scheme allows.
            posted: JSON to POST; empty means GET.
            renew: fetch again, unless that was done recently.

        Raises:
            InvalidSignatureError: there is no document.
            TooManyRequestsError: the limit on requests is reached.
            UnavailableError: the site does not respond.
        """

    def authorities(self) -> bytes:
        """The certificates, as PEM, of the authorities that browsers trust."""


class NoPublishedKeys:
    """For schemes that use only stored secrets."""

    def get(self, url: str, *, posted: bytes = b"", renew: bool = False) -> bytes:  # noqa: ARG002 (those of the port)
        """Raises InvalidSignatureError: nothing is published."""
        raise InvalidSignatureError("no keys are published")

    def authorities(self) -> bytes:
        """No authority is trusted."""
        return b""


# RFC 9110 4.1 recommends support for 8,000 characters; no provider's URL has 2,000.
_PRINTABLE_ASCII = re.compile(r"[!-~]{1,2000}")


def is_allowed_address(url: str, pattern: str, *, allow_http: bool = False) -> bool:
    """Whether a URL consists of only a host, a path and a query, and matches the pattern.

    Args:
        url: an untrusted text.
        pattern: of the whole URL.
        allow_http: also allow http. That is safe for certificates, which are themselves signed.
    """
    if not _PRINTABLE_ASCII.fullmatch(url) or "\\" in url or not re.fullmatch(pattern, url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme != "https" and not (allow_http and parts.scheme == "http"):
        return False
    return port is None and "@" not in parts.netloc and not parts.fragment
