"""AWS with injected faults: fakes with the semantics of the real services."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import batched

from bridge.delivery.claim import Claim
from bridge.delivery.dead_letter import DeadLetterInfo
from bridge.delivery.delivery import LONGEST_DELAY, Delivery
from bridge.delivery.record import Key, Record
from bridge.errors import UnavailableError
from tests.chaos.faults import Faults, KilledError, Trouble
from tests.chaos.queue import Queue
from tests.support.delivery_fakes import FakeDeliveries
from tests.support.fakes import FakeParameters


@dataclass
class Aws:
    """Calls to one service of AWS."""

    faults: Faults
    service: str

    def call[T](self, work: Callable[[], T]) -> T:
        """Execute the call, fail it, or kill the process."""
        trouble = self.faults.aws(self.service)
        if trouble is Trouble.DIES_BEFORE:
            raise KilledError
        if trouble is Trouble.BEFORE:
            raise UnavailableError(f"{self.service} cannot be reached: pretended")
        result = work()
        if trouble is Trouble.DIES_AFTER:
            raise KilledError
        if trouble is Trouble.AFTER:
            raise UnavailableError(f"{self.service} did not answer: pretended")
        return result


@dataclass
class FaultyParameters:
    """SSM."""

    parameters: FakeParameters
    aws: Aws

    def get(self, names: Sequence[str]) -> dict[str, str]:
        return self.aws.call(lambda: self.parameters.get(names))

    def under(self, path: str) -> dict[str, str]:
        return self.aws.call(lambda: self.parameters.under(path))

    def names_in(self, path: str) -> set[str]:
        return self.aws.call(lambda: self.parameters.names_in(path))

    def put(self, name: str, value: str) -> None:
        self.aws.call(lambda: self.parameters.put(name, value))

    def delete(self, names: Iterable[str]) -> None:
        self.aws.call(lambda: self.parameters.delete(names))


@dataclass
class FaultyBuffer:
    """SQS, for the buffer."""

    queue: Queue
    aws: Aws

    def put(self, delivery: Delivery, delay: timedelta) -> None:
        self.aws.call(lambda: self.queue.send(delivery.encode(), min(delay, LONGEST_DELAY)))

    def put_all(self, deliveries: Sequence[Delivery], delay: timedelta) -> None:
        for some in batched(deliveries, 10, strict=False):
            self.aws.call(partial(self._send, some, delay))

    def put_each(self, deliveries: Sequence[tuple[Delivery, timedelta]]) -> Collection[int]:
        left = set(range(len(deliveries)))
        for some in batched(enumerate(deliveries), 10, strict=False):
            try:
                self.aws.call(partial(self._send_each, [entry for _, entry in some]))
            except UnavailableError:
                break
            left -= {position for position, _ in some}
        return left

    def _send(self, deliveries: Iterable[Delivery], delay: timedelta) -> None:
        self._send_each([(delivery, delay) for delivery in deliveries])

    def _send_each(self, deliveries: Iterable[tuple[Delivery, timedelta]]) -> None:
        for delivery, delay in deliveries:
            self.queue.send(delivery.encode(), min(delay, LONGEST_DELAY))

    def postpone(self, receipt: str, wait: timedelta) -> None:
        self.aws.call(lambda: self.queue.postpone(receipt, min(wait, timedelta(hours=12))))


@dataclass
class FaultyDeadLetters:
    """SQS, for the dead letters."""

    kept: list[tuple[str, DeadLetterInfo]]
    aws: Aws

    def put(self, text: str, info: DeadLetterInfo) -> None:
        self.aws.call(lambda: self.kept.append((text, info)))


@dataclass
class FaultyDeliveries:
    """DynamoDB: the ports `Deliveries` and `Attempts`.

    Attributes:
        unrecorded: bodies that the inlet accepted and the table has no record of.
    """

    table: FakeDeliveries
    aws: Aws
    unrecorded: list[bytes]

    def claim(self, delivery: Delivery, until: datetime) -> Claim:
        return self.aws.call(lambda: self.table.claim(delivery, until))

    def claim_filtered(self, delivery: Delivery, until: datetime) -> Claim:
        return self.aws.call(lambda: self.table.claim_filtered(delivery, until))

    def filtered(self, delivery: Delivery) -> Claim:
        return self.aws.call(lambda: self.table.filtered(delivery))

    def split(self, delivery: Delivery, parts: int) -> None:
        self.aws.call(lambda: self.table.split(delivery, parts))

    def release(self, delivery: Delivery) -> None:
        self.aws.call(lambda: self.table.release(delivery))

    def find(self, deliveries: Iterable[Delivery]) -> Mapping[Key, Record]:
        return self.aws.call(lambda: self.table.find(deliveries))

    def buffered(self, delivery: Delivery, reason: str = "") -> None:
        self.aws.call(lambda: self.table.buffered(delivery, reason))

    def postponed(self, delivery: Delivery, reason: str, until: datetime, attempts: int) -> None:
        self.aws.call(lambda: self.table.postponed(delivery, reason, until, attempts))

    def delivered(self, delivery: Delivery, flow_id: str, xaction_id: str) -> None:
        self.unrecorded.append(delivery.body)
        self.aws.call(lambda: self.table.delivered(delivery, flow_id, xaction_id))
        self.unrecorded.pop()

    def delivered_all(self, deliveries: Iterable[tuple[Delivery, str]], flow_id: str) -> None:
        output = list(deliveries)
        self.unrecorded += [delivery.body for delivery, _ in output]
        self.aws.call(lambda: self.table.delivered_all(output, flow_id))
        del self.unrecorded[-len(output) :]

    def begin(self, delivery: Delivery, until: datetime) -> bool:
        return self.aws.call(lambda: self.table.begin(delivery, until))

    def dead(self, delivery: Delivery, info: DeadLetterInfo) -> None:
        self.aws.call(lambda: self.table.dead(delivery, info))
