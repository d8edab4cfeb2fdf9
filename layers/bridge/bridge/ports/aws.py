"""What the use cases need of AWS: parameters, queues, records, metrics and versions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from bridge.delivery.counts import Count, Measure
from bridge.delivery.dead_letter import DeadLetterInfo
from bridge.delivery.delivery import Delivery
from bridge.delivery.record import Claim, Key, Record


class Parameters(Protocol):
    """Named texts: documents, ids and secrets. Every method raises UnavailableError."""

    def get(self, names: Sequence[str]) -> dict[str, str]:
        """The values that exist, decrypted; a name that does not exist is left out."""

    def under(self, path: str) -> dict[str, str]:
        """All values below a path, however deep."""

    def names_in(self, path: str) -> set[str]:
        """The last parts of the names that lie just below a path."""

    def put(self, name: str, value: str) -> None:
        """Write one value, over a former one."""

    def delete(self, names: Iterable[str]) -> None:
        """Delete values; a name that does not exist is fine."""


class Buffer(Protocol):
    """Deliveries that wait."""

    def put(self, delivery: Delivery, delay: timedelta) -> None:
        """Keep a delivery; it comes back after the delay. Raises UnavailableError."""

    def put_all(self, deliveries: Sequence[Delivery], delay: timedelta) -> None:
        """Keep deliveries; some may be kept when it fails. Raises UnavailableError."""


class Visibility(Protocol):
    """When a message that was taken from the buffer comes back."""

    def postpone(self, receipt: str, wait: timedelta) -> None:
        """Hide a message for a while. Raises UnavailableError."""


class DeadLetters(Protocol):
    """Deliveries that can never be delivered."""

    def put(self, text: str, info: DeadLetterInfo) -> None:
        """Keep a message of the buffer, as it was there. Raises UnavailableError."""


class Deliveries(Protocol):
    """What became of each delivery. Every method raises UnavailableError."""

    def claim(self, delivery: Delivery, until: datetime) -> Claim:
        """Take a delivery on, atomically: of many at once exactly one gets it."""

    def filtered(self, delivery: Delivery) -> Claim:
        """Record a webhook that no route wants, atomically, unless it was taken on before."""

    def split(self, delivery: Delivery, parts: int) -> None:
        """Record that a webhook became so many deliveries in the buffer; of none it is filtered."""

    def release(self, delivery: Delivery) -> None:
        """Give a claim back: the sender will try again."""

    def find(self, deliveries: Iterable[Delivery]) -> Mapping[Key, Record]:
        """The records that exist."""

    def buffered(self, delivery: Delivery) -> None:
        """Record that a claimed delivery is in the buffer."""

    def postponed(self, delivery: Delivery, reason: str, until: datetime) -> None:
        """Record why a delivery still waits."""

    def delivered(self, delivery: Delivery, flow_id: str, xaction_id: str) -> None:
        """Record that the inlet took the delivery."""

    def delivered_all(self, deliveries: Iterable[tuple[Delivery, str]], flow_id: str) -> None:
        """Record that the inlet took deliveries, each with its xactionId; over any record."""

    def dead(self, delivery: Delivery, info: DeadLetterInfo) -> None:
        """Record that the delivery went to the dead letters."""


class Counts(Protocol):
    """How many webhooks went which way, and how the inlets behave."""

    def count(self, source: str, *names: Count) -> None:
        """One more of each."""

    def measure(self, connection: str, name: Measure, value: float) -> None:
        """One value of a connection's inlet."""


class WaitingRecords(Protocol):
    """What the deliveries table says of deliveries that wait."""

    def waiting_since(self, moment: datetime) -> int:
        """How many were accepted before and wait; too few rather than too many.

        Raises UnavailableError.
        """


class QueueDepth(Protocol):
    """How full a queue is."""

    def depth(self) -> int:
        """All its messages, also those in work or delayed. Raises UnavailableError."""


class SourceHistory(Protocol):
    """When which source was heard."""

    def heard(self, sources: Sequence[str], since: datetime) -> Mapping[str, Iterable[datetime]]:
        """The beginnings of the hours in which webhooks were accepted. Raises UnavailableError."""


class VersionedParameters(Protocol):
    """Texts of which each writing gets the next number. Every method raises UnavailableError."""

    def create(self, name: str, value: str) -> bool:
        """Write version 1, atomically: of many at once exactly one; False if the name is taken."""

    def read(self, name: str) -> tuple[str, int] | None:
        """The text and its version, or None when there is none."""

    def overwrite(self, name: str, value: str) -> int:
        """Write the next version, and give its number."""

    def remove(self, name: str) -> None:
        """Delete a text; one that does not exist is fine."""


class Versions(Protocol):
    """The versions of a function. Every method raises UnavailableError."""

    def publish(self) -> str:
        """The function as it stands, as a version that can be invoked."""

    def invoke(self, version: str, event: Mapping[str, Any]) -> tuple[object, str]:
        """The answer of a version, and the type of the error that it ended with, or none."""

    def remove(self, version: str) -> None:
        """Delete a version."""
