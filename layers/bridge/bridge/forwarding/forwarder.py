"""The forwarder's use case: send what waits in batches, and close the books on each message."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta

from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import Dead, Delivered, Retry, SingleOutcome
from bridge.delivery.queued_message import PendingDelivery, PostponedMessage, QueuedMessage
from bridge.delivery.record import Key, Record, check_key, is_done, key_of, remaining_claim
from bridge.errors import UnavailableError
from bridge.forwarding.resolution import Address, Resolved, Resolver
from bridge.forwarding.settlement import Settler
from bridge.inlet.client import InletSender
from bridge.messages.fan_out import FanOutResult
from bridge.ports.aws import Deliveries
from bridge.ports.process import Clock
from bridge.sources.source import Destination
from bridge.telemetry import log_unforeseen, logger

# How long a second copy of a message in the same batch waits for the first.
_COPY_WAITS = timedelta(seconds=30)
# How long a message waits at which a bug showed.
_BUG_WAITS = timedelta(minutes=5)


class Forwarder:
    """Forwards buffered deliveries.

    A bug that shows at one message keeps that one in the buffer and stops no other: what the inlet
    has taken must be recorded, since it would be sent again.
    """

    def __init__(
        self,
        *,
        resolver: Resolver,
        sender: InletSender,
        deliveries: Deliveries,
        settler: Settler,
        clock: Clock,
    ) -> None:
        self._addressing = resolver
        self._sender = sender
        self._deliveries = deliveries
        self._settler = settler
        self._clock = clock

    def forward(self, messages: Iterable[QueuedMessage]) -> list[PostponedMessage]:
        """Send messages; those that the answer does not name are done with."""
        left: list[PostponedMessage | None] = []
        pending: list[PendingDelivery] = []
        for waiting in messages:
            try:
                delivery = Delivery.decode(waiting.text)
                check_key(delivery)
            except ValueError as exc:
                left.append(_settled(waiting, self._settler.bury_unreadable, waiting, str(exc)))
            else:
                pending.append(PendingDelivery(waiting, delivery))
        groups: dict[Destination, list[tuple[PendingDelivery, bytes]]] = defaultdict(list)
        for job in self._to_do(pending, left):
            match self._address(job):
                case Resolved(destination, delivery, content):
                    groups[destination].append((PendingDelivery(job.waiting, delivery), content))
                case timedelta() as wait:
                    left.append(_settled(job.waiting, self._settler.postpone, job, wait))
                case FanOutResult() as fanned_out:
                    left.append(_settled(job.waiting, self._settler.split, job, fanned_out))
                case outcome:
                    left.append(_settled(job.waiting, self._settler.close, job, outcome))
        outcomes = self._sender.send_many(
            (destination, [content for _, content in group])
            for destination, group in groups.items()
        )
        not_delivered: list[tuple[PendingDelivery, Retry | Dead]] = []
        for (destination, group), of_group in zip(groups.items(), outcomes, strict=True):
            pending = [job for job, _ in group]
            not_delivered += self._record_delivered(destination, pending, of_group)
        # Each takes requests of its own, and may come again if the function's time ends meanwhile.
        for job, outcome in not_delivered:
            left.append(_settled(job.waiting, self._settler.close, job, outcome))
        return [postponed for postponed in left if postponed]

    def _address(self, job: PendingDelivery) -> Address:
        try:
            return self._addressing.address(job.delivery)
        except Exception as exc:  # noqa: BLE001
            return Retry(log_unforeseen(exc, **job.names))

    def _to_do(
        self, pending: Sequence[PendingDelivery], left: list[PostponedMessage | None]
    ) -> Iterable[PendingDelivery]:
        """The jobs that may be sent now; what else has to wait is added to what is left."""
        try:
            records = self._deliveries.find(job.delivery for job in pending)
        except Exception as exc:  # noqa: BLE001
            reason = str(exc) if isinstance(exc, UnavailableError) else log_unforeseen(exc)
            logger.warning("a batch is put off", extra={"reason": reason})
            left += (_settled(job.waiting, self._settler.look_failed, job) for job in pending)
            return
        seen: set[Key] = set()
        for job in pending:
            key = key_of(job.delivery)
            if is_done(records.get(key)):
                logger.info("done before", extra=job.names)
            elif wait := self._wait(job, key, records, seen):
                left.append(_settled(job.waiting, self._settler.postpone, job, wait))
            else:
                seen.add(key)
                yield job

    def _wait(
        self, job: PendingDelivery, key: Key, records: Mapping[Key, Record], seen: set[Key]
    ) -> timedelta:
        """How long somebody else is given who works on the same delivery."""
        if key in seen:
            return _COPY_WAITS
        return remaining_claim(records.get(key), job.delivery, self._clock())

    def _record_delivered(
        self,
        destination: Destination,
        pending: Sequence[PendingDelivery],
        outcomes: Sequence[SingleOutcome],
    ) -> list[tuple[PendingDelivery, Retry | Dead]]:
        """Close the books on what the inlet took; the others are given back."""
        delivered: list[tuple[PendingDelivery, str]] = []
        others: list[tuple[PendingDelivery, Retry | Dead]] = []
        for job, outcome in zip(pending, outcomes, strict=True):
            if isinstance(outcome, Delivered):
                delivered.append((job, outcome.xaction_id))
            else:
                others.append((job, outcome))
        try:
            self._settler.delivered(delivered, destination.flow.flow_id)
        except Exception as exc:  # noqa: BLE001
            # The messages are in the inlet; sending them again would double them.
            log_unforeseen(exc, flow_id=destination.flow.flow_id)
        return others


def _settled[*Args](
    waiting: QueuedMessage, settle: Callable[[*Args], PostponedMessage | None], *args: *Args
) -> PostponedMessage | None:
    """What becomes of a message; it stays in the buffer if that cannot be done."""
    try:
        return settle(*args)
    except Exception as exc:  # noqa: BLE001
        log_unforeseen(exc, message_id=waiting.message_id)
        return PostponedMessage(waiting, _BUG_WAITS)
