"""Ports of AWS: parameters, queues, delivery records, metrics and function versions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from bridge.delivery.claim import Claim
from bridge.delivery.counts import Count, Measure
from bridge.delivery.delivery import Delivery
from bridge.delivery.record import Key, Record

if TYPE_CHECKING:
    from bridge.delivery.dead_letter import DeadLetterInfo


class Parameters(Protocol):
    """Named values: documents, ids and secrets. Every method raises UnavailableError."""

    def get(self, names: Sequence[str]) -> dict[str, str]:
        """Return the values that exist, decrypted; missing names are omitted."""

    def under(self, path: str) -> dict[str, str]:
        """Return all values under a path, recursively."""

    def names_in(self, path: str) -> set[str]:
        """Return the last parts of the names directly under a path."""

    def put(self, name: str, value: str) -> None:
        """Write one value; overwrites an existing one."""

    def delete(self, names: Iterable[str]) -> None:
        """Delete values; missing names are ignored."""


class OwnSecrets(Protocol):
    """Secrets that the bridge creates itself. Every method raises UnavailableError."""

    def replace(self, name: str, value: str) -> None:
        """Write a secret; overwrites an existing one."""

    def delete(self, names: Iterable[str]) -> None:
        """Delete secrets; missing names are ignored."""


class Buffer(Protocol):
    """The queue of deliveries that wait."""

    def put(self, delivery: Delivery, delay: timedelta) -> None:
        """Enqueue a delivery; it is visible after the delay. Raises UnavailableError."""

    def put_all(self, deliveries: Sequence[Delivery], delay: timedelta) -> None:
        """Enqueue deliveries; a failure may be partial. Raises UnavailableError."""

    def put_each(self, deliveries: Sequence[tuple[Delivery, timedelta]]) -> Collection[int]:
        """Enqueue deliveries, each with its own delay; return the positions of those that failed.

        A failed one may be in the queue all the same. Raises nothing.
        """


class Visibility(Protocol):
    """The visibility timeout of messages received from the buffer."""

    def postpone(self, receipt: str, wait: timedelta) -> None:
        """Hide a message for some time. Raises UnavailableError."""


class DeadLetters(Protocol):
    """The dead-letter queue."""

    def put(self, text: str, info: "DeadLetterInfo") -> None:
        """Enqueue a message of the buffer, unchanged. Raises UnavailableError."""


class Deliveries(Protocol):
    """The delivery records. Every method raises UnavailableError."""

    def claim(self, delivery: Delivery, until: datetime) -> Claim:
        """Claim a delivery, atomically: only one of several concurrent callers succeeds."""

    def claim_filtered(self, delivery: Delivery, until: datetime) -> Claim:
        """Claim a delivery that is recorded as filtered, atomically."""

    def filtered(self, delivery: Delivery) -> Claim:
        """Record, atomically, a webhook that matches no route; like `claim` for a duplicate."""

    def split(self, delivery: Delivery, parts: int) -> None:
        """Record that a webhook was split into buffered deliveries; filtered if there are none."""

    def release(self, delivery: Delivery) -> None:
        """Release a claim, so that the sender's retry is accepted."""

    def find(self, deliveries: Iterable[Delivery]) -> Mapping[Key, Record]:
        """Return the records that exist."""

    def buffered(self, delivery: Delivery, reason: str = "") -> None:
        """Record that a claimed delivery is in the buffer, and why it was not sent inline."""

    def postponed(self, delivery: Delivery, reason: str, until: datetime, attempts: int) -> None:
        """Record why a delivery is retried later, and after how many attempts."""

    def delivered(self, delivery: Delivery, flow_id: str, xaction_id: str) -> None:
        """Record that the inlet accepted the delivery."""

    def delivered_all(self, deliveries: Iterable[tuple[Delivery, str]], flow_id: str) -> None:
        """Record accepted deliveries, each with its xactionId; overwrites any record."""

    def dead(self, delivery: Delivery, info: "DeadLetterInfo") -> None:
        """Record that the delivery was moved to the dead-letter queue."""


class KeptBodies(Protocol):
    """The bodies of webhooks, kept for some days."""

    def keep(self, whole: Delivery, keep_days: int) -> None:
        """Keep the body of a webhook that has not been split or sent, in bounded time.

        Raises UnavailableError.
        """


class Attempts(Protocol):
    """Attempts to send deliveries of which several messages may exist."""

    def begin(self, delivery: Delivery, until: datetime) -> bool:
        """Reserve the delivery for one attempt, atomically.

        False if another attempt has not ended, or if the delivery is settled. The attempt ends
        when its outcome is recorded, or at `until`. Raises UnavailableError.
        """


class Counts(Protocol):
    """Metrics of sources and of inlets."""

    def count(self, source: str, *names: Count) -> None:
        """Increment counters of a source."""

    def measure(self, connection: str, name: Measure, number: int) -> None:
        """Increment a counter of a connection's inlet."""

    def latency(self, connection: str, seconds: float) -> None:
        """Record the time of one request to a connection's inlet."""

    def waiting(self, age: timedelta) -> None:
        """Record since when a delivery that has to wait is in the buffer."""


class WaitingRecords(Protocol):
    """The records of deliveries that wait."""

    def waiting_since(self, moment: datetime) -> int:
        """Count waiting deliveries that were accepted before a moment. Raises UnavailableError.

        It may include those that were delivered in the last seconds, and is too low if the time
        does not suffice.
        """


class QueueDepth(Protocol):
    """The depth of a queue."""

    def depth(self) -> int:
        """Count all messages, including delayed and in-flight ones. Raises UnavailableError."""


class SourceHistory(Protocol):
    """The activity of sources."""

    def heard(self, sources: Sequence[str], since: datetime) -> Mapping[str, Iterable[datetime]]:
        """Return the starts of the hours with accepted webhooks. Raises UnavailableError."""


class VersionedParameters(Protocol):
    """Values with numbered versions. Every method raises UnavailableError."""

    def create(self, name: str, value: str) -> bool:
        """Write version 1, atomically; False if the name exists."""

    def read(self, name: str) -> tuple[str, int] | None:
        """Return the value and its version, or None if the name does not exist."""

    def overwrite(self, name: str, value: str) -> int:
        """Write the next version and return its number."""

    def remove(self, name: str) -> None:
        """Delete a value; a missing name is ignored."""


class Versions(Protocol):
    """The versions of a Lambda function. Every method raises UnavailableError."""

    def publish(self) -> str:
        """Publish the current code and configuration as a version that can be invoked."""

    def invoke(self, version: str, event: Mapping[str, Any]) -> tuple[object, str]:
        """Invoke a version; return its response and the type of its error, or ""."""

    def remove(self, version: str) -> None:
        """Delete a version to which no alias refers."""

    def prune(self, newest: int, named: Collection[str]) -> None:
        """Delete all but so many of the newest versions, the named ones, and those of aliases."""


class Stacks(Protocol):
    """The CloudFormation stacks."""

    def is_rolling_back(self, stack_id: str) -> bool:
        """Whether a stack is being rolled back. Raises UnavailableError."""
