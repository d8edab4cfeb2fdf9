"""The forwarder's use case: send what waits in batches, and close the books on each message."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from bridge.addressing import Addressed, Addressing
from bridge.bookkeeping import Books
from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import Delivered, SingleOutcome
from bridge.delivery.record import Key, Record, held_for, is_done, key_of
from bridge.delivery.waiting import Job, Postponed, Waiting
from bridge.errors import UnavailableError
from bridge.messages.dispatching import Dispatched
from bridge.ports import Clock, Deliveries
from bridge.sending import InletSender
from bridge.source import Destination
from bridge.telemetry import logger

# How long a second copy of a message in the same batch waits for the first.
_COPY_WAITS = timedelta(seconds=30)


class Forwarder:
    """Forwards buffered deliveries."""

    def __init__(
        self,
        *,
        addressing: Addressing,
        sender: InletSender,
        deliveries: Deliveries,
        books: Books,
        clock: Clock,
    ) -> None:
        self._addressing = addressing
        self._sender = sender
        self._deliveries = deliveries
        self._books = books
        self._clock = clock

    def forward(self, messages: Iterable[Waiting]) -> list[Postponed]:
        """Send messages; those that the answer does not name are done with."""
        left: list[Postponed | None] = []
        jobs: list[Job] = []
        for waiting in messages:
            try:
                jobs.append(Job(waiting, Delivery.decode(waiting.text)))
            except ValueError as exc:
                left.append(self._books.bury_unreadable(waiting, str(exc)))
        groups: dict[Destination, list[tuple[Job, bytes]]] = defaultdict(list)
        for job in self._to_do(jobs, left):
            match self._addressing.address(job.delivery):
                case Addressed(destination, delivery, content):
                    groups[destination].append((Job(job.waiting, delivery), content))
                case timedelta() as wait:
                    left.append(self._books.postpone(job, wait))
                case Dispatched() as dispatched:
                    left.append(self._books.split(job, dispatched))
                case outcome:
                    left.append(self._books.close(job, outcome))
        outcomes = self._sender.send_many(
            (destination, [content for _, content in group])
            for destination, group in groups.items()
        )
        for (destination, group), of_group in zip(groups.items(), outcomes, strict=True):
            left += self._close(destination, [job for job, _ in group], of_group)
        return [postponed for postponed in left if postponed]

    def _to_do(self, jobs: Sequence[Job], left: list[Postponed | None]) -> Iterable[Job]:
        """The jobs that may be sent now; what else has to wait is added to what is left."""
        try:
            records = self._deliveries.look(job.delivery for job in jobs)
        except UnavailableError as exc:
            logger.warning("a batch is put off", extra={"reason": str(exc)})
            left += map(self._books.look_failed, jobs)
            return
        seen: set[Key] = set()
        for job in jobs:
            key = key_of(job.delivery)
            if is_done(records.get(key)):
                logger.info("done before", extra=job.names)
            elif wait := self._wait(job, key, records, seen):
                left.append(self._books.postpone(job, wait))
            else:
                seen.add(key)
                yield job

    def _wait(self, job: Job, key: Key, records: Mapping[Key, Record], seen: set[Key]) -> timedelta:
        """How long somebody else is given who works on the same delivery."""
        if key in seen:
            return _COPY_WAITS
        return held_for(records.get(key), job.delivery, self._clock())

    def _close(
        self, destination: Destination, jobs: Sequence[Job], outcomes: Sequence[SingleOutcome]
    ) -> list[Postponed | None]:
        left: list[Postponed | None] = []
        delivered: list[tuple[Job, str]] = []
        for job, outcome in zip(jobs, outcomes, strict=True):
            if isinstance(outcome, Delivered):
                delivered.append((job, outcome.xaction_id))
            else:
                left.append(self._books.close(job, outcome))
        self._books.delivered(delivered, destination.flow.flow_id)
        return left
