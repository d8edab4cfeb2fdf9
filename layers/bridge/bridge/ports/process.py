"""What the use cases need of their process: time, threads and requests to providers."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from bridge.verification.published_keys import PublishedKeys

type Clock = Callable[[], datetime]
"""The time as an aware datetime in UTC."""


type Sleep = Callable[[float], None]
"""Wait for so many seconds."""


class Concurrently(Protocol):
    """Does the same with several things, at the same time where it can.

    If one raises, the results of all are lost: what is done must not raise.
    """

    def __call__[T, R](self, do: Callable[[T], R], things: Sequence[T]) -> list[R]:
        """The results, in the order of the things."""


class ProviderSites(PublishedKeys, Protocol):
    """What providers publish, and the addresses that they want opened."""

    def for_request(self, source: str, address: str) -> "ProviderSites":
        """The same sites, with the limits of one request.

        Args:
            source: the name of the source that it addresses.
            address: the IP address that it came from.
        """

    def open(self, url: str) -> None:
        """GET once, at an address that the handshake allows.

        Raises:
            InvalidSignatureError: it opens no more.
            TooManyRequestsError: it does not open now, or the limit is reached.
            UnavailableError: the site does not answer.
        """


class NewSecrets(Protocol):
    """Where a secret is kept that arrives with a handshake."""

    def keep(self, name: str, value: str) -> bool:
        """Keep a secret; False when there is one already. Raises UnavailableError."""
