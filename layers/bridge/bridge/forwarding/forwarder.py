"""Forward buffered deliveries to the inlet in batches, and settle each message."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Final

from bridge.delivery.claim import remaining_claim
from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import Dead, Delivered, Retry, SingleOutcome
from bridge.delivery.queued_message import PendingDelivery, PostponedMessage, QueuedMessage
from bridge.delivery.record import Key, Record, check_key, is_done, key_of
from bridge.errors import UnavailableError
from bridge.forwarding.resolution import Resolution, Resolved, Resolver
from bridge.forwarding.settlement import Settler
from bridge.inlet.client import InletSender
from bridge.messages.fan_out import FanOutResult
from bridge.ports.aws import Attempts, Deliveries
from bridge.ports.process import Clock
from bridge.sources.connection import Destination
from bridge.telemetry import log_unforeseen, logger

ATTEMPT_LIFETIME: Final = timedelta(seconds=60)
"""The forwarder's timeout in the template: an attempt does not outlast its invocation."""

_NO_WAIT = timedelta(0)
# Delay of a duplicate of a message that is being sent, until the outcome is recorded.
_DUPLICATE_DELAY = timedelta(seconds=30)
# Delay of a message whose processing raised an unforeseen exception.
_BUG_DELAY = timedelta(minutes=5)


class Forwarder:
    """Forwards buffered deliveries.

    An unforeseen exception keeps the affected message in the buffer and does not stop the others:
    what the inlet accepted must be recorded, or it would be sent again.
    """

    def __init__(
        self,
        *,
        resolver: Resolver,
        sender: InletSender,
        deliveries: Deliveries,
        attempts: Attempts,
        settler: Settler,
        clock: Clock,
    ) -> None:
        self._resolver = resolver
        self._sender = sender
        self._deliveries = deliveries
        self._attempts = attempts
        self._settler = settler
        self._clock = clock

    def forward(self, messages: Iterable[QueuedMessage]) -> list[PostponedMessage]:
        """Send messages; return those that have to wait."""
        postponed: list[PostponedMessage | None] = []
        groups: dict[Destination, list[tuple[PendingDelivery, bytes]]] = defaultdict(list)
        due = self._due(self._decoded(messages, postponed), postponed)
        for pending in self._unsettled(list(due), postponed):
            resolution = self._resolve(pending)
            # Not a case below: matching each field takes as long as a call.
            if isinstance(resolution, Resolved):
                destination, delivery, content = resolution
                if not pending.may_have_copies or self._begins(pending, postponed):
                    groups[destination].append((pending.routed(delivery), content))
                continue
            message = pending.message
            match resolution:
                case timedelta() as wait:
                    postponed.append(_settled(message, self._settler.hold, pending, wait))
                case FanOutResult() as fanned_out:
                    postponed.append(_settled(message, self._settler.split, pending, fanned_out))
                case outcome:
                    postponed.append(_settled(message, self._settler.close, pending, outcome))
        outcomes = self._sender.send_many(
            (destination, [content for _, content in group])
            for destination, group in groups.items()
        )
        not_delivered: list[tuple[PendingDelivery, Retry | Dead]] = []
        for (destination, group), group_outcomes in zip(groups.items(), outcomes, strict=True):
            sent = [pending for pending, _ in group]
            not_delivered += self._record_delivered(destination, sent, group_outcomes)
        # Settled last: each takes requests of its own, and is retried if the function times out.
        for pending, outcome in not_delivered:
            postponed.append(_settled(pending.message, self._settler.close, pending, outcome))
        return [each for each in postponed if each]

    def _decoded(
        self, messages: Iterable[QueuedMessage], postponed: list[PostponedMessage | None]
    ) -> Iterable[PendingDelivery]:
        """Yield the messages that are deliveries; settle the others."""
        for message in messages:
            try:
                delivery = Delivery.decode(message.text)
                check_key(delivery)
            except ValueError as exc:
                settle = self._settler.dead_letter_unreadable
                postponed.append(_settled(message, settle, message, str(exc)))
            else:
                yield PendingDelivery(message, delivery)

    def _resolve(self, pending: PendingDelivery) -> Resolution:
        try:
            return self._resolver.resolve(pending.delivery)
        except Exception as exc:  # noqa: BLE001 (only this delivery waits)
            return Retry(log_unforeseen(exc, **pending.log_keys))

    def _due(
        self, batch: Iterable[PendingDelivery], postponed: list[PostponedMessage | None]
    ) -> Iterable[PendingDelivery]:
        """Yield the deliveries that need not wait; append the others."""
        # Sources whose deliveries of this batch need not wait, unless one says so itself.
        ready: set[str] = set()
        for pending in batch:
            delivery = pending.delivery
            is_plain = delivery.not_before is None and not delivery.replay
            if is_plain and delivery.source in ready:
                yield pending
                continue
            try:
                wait = self._resolver.waits(delivery)
            except Exception as exc:  # noqa: BLE001 (only this delivery waits)
                outcome = Retry(log_unforeseen(exc, **pending.log_keys))
                postponed.append(_settled(pending.message, self._settler.close, pending, outcome))
                continue
            if wait:
                postponed.append(_settled(pending.message, self._settler.hold, pending, wait))
            else:
                if is_plain:
                    ready.add(delivery.source)
                yield pending

    def _begins(self, pending: PendingDelivery, postponed: list[PostponedMessage | None]) -> bool:
        """Begin the attempt to send a delivery; append it if it has to wait.

        With a write each, so only for a delivery of which several messages may exist.
        """
        try:
            begun = self._attempts.begin(pending.delivery, self._clock() + ATTEMPT_LIFETIME)
        except Exception as exc:  # noqa: BLE001 (only this delivery waits)
            reason = str(exc) if isinstance(exc, UnavailableError) else log_unforeseen(exc)
            logger.warning("attempt not begun", extra={"reason": reason, **pending.log_keys})
            postponed.append(_settled(pending.message, self._settler.back_off, pending))
            return False
        if not begun:
            hold = self._settler.hold
            postponed.append(_settled(pending.message, hold, pending, _DUPLICATE_DELAY))
        return begun

    def _unsettled(
        self, batch: Sequence[PendingDelivery], postponed: list[PostponedMessage | None]
    ) -> Iterable[PendingDelivery]:
        """Yield the deliveries that may be sent now; append those that have to wait."""
        try:
            records = self._deliveries.find(pending.delivery for pending in batch) if batch else {}
        except Exception as exc:  # noqa: BLE001 (the batch stays in the buffer)
            reason = str(exc) if isinstance(exc, UnavailableError) else log_unforeseen(exc)
            logger.warning("batch postponed", extra={"reason": reason})
            back_off = self._settler.back_off
            postponed += (_settled(pending.message, back_off, pending) for pending in batch)
            return
        seen: set[Key] = set()
        now = self._clock()
        for pending in batch:
            key = key_of(pending.delivery)
            record = records.get(key)
            if record and is_done(record):
                logger.info("already settled", extra=pending.log_keys)
                continue
            wait = remaining_claim(record, pending.delivery, now) if record else _NO_WAIT
            if key in seen:
                wait = _DUPLICATE_DELAY
            if wait:
                postponed.append(_settled(pending.message, self._settler.hold, pending, wait))
            else:
                seen.add(key)
                yield _of_replay(pending, record) if record else pending

    def _record_delivered(
        self,
        destination: Destination,
        sent: Sequence[PendingDelivery],
        outcomes: Sequence[SingleOutcome],
    ) -> list[tuple[PendingDelivery, Retry | Dead]]:
        """Record the deliveries that the inlet accepted; return the others."""
        delivered: list[tuple[PendingDelivery, str]] = []
        others: list[tuple[PendingDelivery, Retry | Dead]] = []
        for pending, outcome in zip(sent, outcomes, strict=True):
            if isinstance(outcome, Delivered):
                delivered.append((pending, outcome.xaction_id))
            else:
                others.append((pending, outcome))
        try:
            self._settler.delivered(delivered, destination.flow.flow_id)
        except Exception as exc:  # noqa: BLE001 (see below)
            # The inlet has accepted the messages; sending them again would duplicate them.
            log_unforeseen(exc, flow_id=destination.flow.flow_id)
        return others


def _of_replay(pending: PendingDelivery, record: Record) -> PendingDelivery:
    """The delivery with the replay that its record names.

    An older message of a delivery that a replay has opened again is sent in its place, and the
    record has to tell.
    """
    if record.replay in ("", pending.delivery.replay):
        return pending
    return pending.routed(pending.delivery._replace(replay=record.replay))


def _settled[*Args](
    message: QueuedMessage, settle: Callable[[*Args], PostponedMessage | None], *args: *Args
) -> PostponedMessage | None:
    """Settle a message; on an unforeseen exception it stays in the buffer."""
    try:
        return settle(*args)
    except Exception as exc:  # noqa: BLE001 (only this message stays)
        log_unforeseen(exc, message_id=message.message_id)
        return PostponedMessage(message, _BUG_DELAY)
