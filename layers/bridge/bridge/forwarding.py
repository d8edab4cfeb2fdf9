"""The forwarder's use case: send what waits in batches, and close the books on each message."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bridge.bookkeeping import Books
from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import Dead, DeadClass, Retry
from bridge.delivery.record import Key, Record, held_for, is_done, key_of
from bridge.delivery.waiting import Job, Postponed, Waiting
from bridge.errors import UnavailableError, UnknownSourceError
from bridge.ports import Clock, Deliveries
from bridge.sending import InletSender
from bridge.source import Connection, Flow
from bridge.source_directory import SourceDirectory
from bridge.telemetry import logger

# How long a message of a paused source stays away, and a second copy of one in the same batch.
PAUSED_FOR = timedelta(minutes=5)
_COPY_WAITS = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class _Destination:
    connection: Connection
    flow: Flow


class Forwarder:
    """Forwards buffered deliveries."""

    def __init__(
        self,
        *,
        directory: SourceDirectory,
        sender: InletSender,
        deliveries: Deliveries,
        books: Books,
        clock: Clock,
    ) -> None:
        self._directory = directory
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
        groups: dict[_Destination, list[Job]] = defaultdict(list)
        for job in self._to_do(jobs, left):
            match self._destination(job.delivery):
                case _Destination() as destination:
                    groups[destination].append(job)
                case timedelta() as wait:
                    left.append(self._books.postpone(job, wait))
                case outcome:
                    left.append(self._books.close(job, outcome, flow_id=""))
        for destination, group in groups.items():
            left += self._send(destination, group)
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

    def _destination(self, delivery: Delivery) -> _Destination | timedelta | Retry | Dead:
        """Where a delivery goes, how long it has to wait, or why it goes nowhere."""
        try:
            configured = self._directory.find(delivery.source)
        except UnknownSourceError:
            return Dead(DeadClass.UNKNOWN_FLOW, "the source does not exist any more")
        except UnavailableError as exc:
            return Retry(str(exc))
        flow = configured.source.flows.get(delivery.flow)
        if flow is None:
            return Dead(DeadClass.UNKNOWN_FLOW, "the source has no flow of this name any more")
        if configured.paused:
            return PAUSED_FOR
        now = self._clock()
        if now < flow.ready_at:
            return flow.ready_at - now
        return _Destination(configured.source.connection, flow)

    def _send(self, destination: _Destination, group: Sequence[Job]) -> list[Postponed | None]:
        bodies = [job.delivery.body for job in group]
        outcomes = self._sender.send_many(destination.connection, destination.flow, bodies)
        flow_id = destination.flow.flow_id
        return [
            self._books.close(job, outcome, flow_id)
            for job, outcome in zip(group, outcomes, strict=True)
        ]
