"""What the use cases need from the world, by role; `adapters/` holds who provides it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from bridge.delivery.answers import InletAnswer
from bridge.delivery.counts import Count
from bridge.delivery.delivery import Delivery
from bridge.delivery.obituary import Obituary
from bridge.delivery.record import Claim, Key, Record
from bridge.sources.published_keys import PublishedKeys

type Clock = Callable[[], datetime]
"""The time as an aware datetime in UTC."""

type Sleep = Callable[[float], None]
"""Wait for so many seconds."""


class Parameters(Protocol):
    """Named texts: documents, ids and secrets. Every method raises UnavailableError."""

    def get(self, names: Sequence[str]) -> dict[str, str]:
        """The values that exist, decrypted; a name that does not exist is left out."""

    def under(self, path: str) -> dict[str, str]:
        """All values below a path, however deep."""

    def put(self, name: str, value: str) -> None:
        """Write one value, over a former one."""

    def delete(self, names: Iterable[str]) -> None:
        """Delete values; a name that does not exist is fine."""


class Tokens(Protocol):
    """Access tokens of the technical account at Adobe."""

    def current(self) -> str:
        """A token that is valid for a while. Raises AdobeError or UnavailableError."""

    def renew(self, stale: str) -> str:
        """A token other than the one that was just refused. Raises as `current`."""


class ProviderSites(PublishedKeys, Protocol):
    """What providers publish, and the addresses that they want opened."""

    def open(self, url: str) -> None:
        """GET once, at an address that the handshake allows. Raises UnavailableError."""


class NewSecrets(Protocol):
    """Where a secret is kept that arrives with a handshake."""

    def keep(self, name: str, value: str) -> bool:
        """Keep a secret; False when there is one already. Raises UnavailableError."""


class Inlet(Protocol):
    """A streaming inlet. A connection that fails is an answer too, not an exception."""

    def send(self, url: str, headers: Mapping[str, str], content: bytes) -> InletAnswer:
        """POST once within the time that is left. Raises AdobeError when none is left."""


class Buffer(Protocol):
    """Deliveries that wait."""

    def put(self, delivery: Delivery, delay: timedelta) -> None:
        """Keep a delivery; it comes back after the delay. Raises UnavailableError."""


class Visibility(Protocol):
    """When a message that was taken from the buffer comes back."""

    def postpone(self, receipt: str, wait: timedelta) -> None:
        """Hide a message for a while. Raises UnavailableError."""


class DeadLetters(Protocol):
    """Deliveries that can never be delivered."""

    def put(self, text: str, obituary: Obituary) -> None:
        """Keep a message of the buffer, as it was there. Raises UnavailableError."""


class Deliveries(Protocol):
    """What became of each delivery. Every method raises UnavailableError."""

    def claim(self, delivery: Delivery, until: datetime) -> Claim:
        """Take a delivery on, atomically: of many at once exactly one gets it."""

    def release(self, delivery: Delivery) -> None:
        """Give a claim back: the sender will try again."""

    def look(self, deliveries: Iterable[Delivery]) -> Mapping[Key, Record]:
        """The records that exist."""

    def buffered(self, delivery: Delivery) -> None:
        """Record that a claimed delivery is in the buffer."""

    def put_off(self, delivery: Delivery, reason: str, until: datetime) -> None:
        """Record why a delivery still waits."""

    def delivered(self, delivery: Delivery, flow_id: str, xaction_id: str) -> None:
        """Record that the inlet took the delivery."""

    def dead(self, delivery: Delivery, obituary: Obituary) -> None:
        """Record that the delivery went to the dead letters."""


class Counts(Protocol):
    """How many webhooks went which way."""

    def count(self, source: str, *names: Count) -> None:
        """One more of each."""


class FlowService(Protocol):
    """Adobe's Flow Service. Every method raises AdobeError.

    A kind is `connections`, `sourceConnections`, `targetConnections` or `flows`.
    """

    def create(self, kind: str, body: Mapping[str, Any]) -> str:
        """POST an object and give its id; never tried twice."""

    def get(self, kind: str, object_id: str) -> dict[str, Any] | None:
        """Read an object, or None when there is none."""

    def find(self, kind: str, filters: Mapping[str, str]) -> list[dict[str, Any]]:
        """All objects whose properties equal the filters, over all pages."""

    def delete(self, kind: str, object_id: str) -> None:
        """Delete an object; one that does not exist is fine."""
