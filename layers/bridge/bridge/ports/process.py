"""Ports of the process: time, threads, provider sites and new secrets."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from bridge.verification.published_keys import PublishedKeys

type Clock = Callable[[], datetime]
"""Returns the current time as an aware datetime in UTC."""


type Sleep = Callable[[float], None]
"""Sleeps for a number of seconds."""


class Persist(Protocol):
    """Retries of a deployment, which uses the time that CloudFormation gives it."""

    def __call__(self, attempt: int, retry_after: str | None, reason: object) -> bool:
        """Wait before another attempt; False if the time is up, or nothing is deployed.

        Args:
            attempt: the number of failed attempts, from 1.
            retry_after: the header of that name, or None.
            reason: why the last attempt failed, for the log.
        """


class Concurrently(Protocol):
    """Applies a function to several items, concurrently if possible.

    The function must not raise: an exception loses the results of all items.
    """

    def __call__[T, R](self, function: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """Return the results in the order of the items."""


class ProviderSites(PublishedKeys, Protocol):
    """The sites of providers: their published keys and their confirmation URLs."""

    def for_request(self, source: str, address: str) -> "ProviderSites":
        """Return the same sites with the rate limits of one webhook request.

        Args:
            source: the name of the request's source.
            address: the client's IP address.
        """

    def open(self, url: str) -> None:
        """GET a confirmation URL once.

        Raises:
            InvalidSignatureError: the URL has expired.
            TooManyRequestsError: the site refuses the request for now, or a rate limit is reached.
            UnavailableError: the site does not respond.
        """


class NewSecrets(Protocol):
    """Stores secrets that arrive in a handshake."""

    def keep(self, name: str, value: str) -> bool:
        """Store a secret; False if the name has one already. Raises UnavailableError."""
