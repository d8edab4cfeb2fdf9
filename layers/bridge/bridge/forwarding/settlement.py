"""What the forwarder does with a message once it knows what became of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bridge.delivery.counts import UNKNOWN_SOURCE, Count
from bridge.delivery.dead_letter import DeadLetterInfo
from bridge.delivery.outcomes import Dead, DeadClass, Retry
from bridge.delivery.queued_message import PendingDelivery, PostponedMessage, QueuedMessage
from bridge.errors import UnavailableError
from bridge.forwarding.retry_policy import RetryPolicy, backoff, must_be_renewed
from bridge.messages.fan_out import FanOutResult
from bridge.ports.aws import Buffer, Counts, DeadLetters, Deliveries
from bridge.ports.process import Clock
from bridge.telemetry import logger


@dataclass(frozen=True, slots=True)
class Settler:
    """Records, counts, buries and puts off.

    Every method gives what stays in the buffer, or None when the message is done with; none
    raises.
    """

    buffer: Buffer
    dead_letters: DeadLetters
    deliveries: Deliveries
    counts: Counts
    policy: RetryPolicy
    clock: Clock
    jitter: Callable[[], float]

    def close(self, job: PendingDelivery, outcome: Retry | Dead) -> PostponedMessage | None:
        """Act on what became of a message that was not delivered."""
        if isinstance(outcome, Retry):
            outcome = self.policy.judge(outcome, job.delivery, self.clock())
        match outcome:
            case Dead():
                return self._bury(job, outcome)
            case Retry(reason, after):
                pause = self._pause(job.waiting)
                return self._put_off(job, reason, max(pause, after or pause))

    def delivered(self, pending: Sequence[tuple[PendingDelivery, str]], flow_id: str) -> None:
        """Close the books on messages that the inlet took, each with its xactionId.

        One line of the log and one request for 25 of them: each by itself is most of the cost of
        a batch (docs/performance.md).
        """
        if not pending:
            return
        told = [
            {**job.names, "xaction_id": xaction_id, "attempts": job.attempts}
            for job, xaction_id in pending
        ]
        logger.info("delivered", extra={"flow_id": flow_id, "deliveries": told})
        for job, _ in pending:
            self.counts.count(job.delivery.source, Count.DELIVERED)
        try:
            self.deliveries.delivered_all(((job.delivery, x) for job, x in pending), flow_id)
        except UnavailableError as exc:
            # The messages are in the inlet; sending them again would double them.
            logger.warning("delivered messages were not recorded", extra={"reason": str(exc)})

    def split(self, job: PendingDelivery, fanned_out: FanOutResult) -> PostponedMessage | None:
        """Put in the place of a redriven message what it has become by now: several, or none."""
        delivery, parts = job.delivery, fanned_out.deliveries
        try:
            self.buffer.put_all(parts, timedelta(0))
        except UnavailableError as exc:
            return self._put_off(job, str(exc), self._pause(job.waiting))
        # One message has become several, or one that nobody wants.
        self.counts.count(delivery.source, *[Count.ACCEPTED] * (len(parts) - 1))
        self.counts.count(delivery.source, *[Count.FILTERED] * fanned_out.filtered)
        logger.info("split", extra={"parts": len(parts), **job.names})
        try:
            self.deliveries.split(delivery, len(parts))
        except UnavailableError as exc:
            logger.warning("a split message was not recorded", extra={"reason": str(exc)})
        return None

    def bury_unreadable(self, waiting: QueuedMessage, reason: str) -> PostponedMessage | None:
        """Move what is no delivery to the dead letters."""
        kind, now = DeadClass.UNREADABLE, self.clock()
        try:
            self.dead_letters.put(waiting.text, DeadLetterInfo(kind, reason, waiting.receives, now))
        except UnavailableError as exc:
            logger.error("a dead letter cannot be kept", extra={"reason": str(exc)})
            return PostponedMessage(waiting, self._pause(waiting))
        logger.error("dead letter", extra={"class": kind, "reason": reason})
        return None

    def postpone(self, job: PendingDelivery, wait: timedelta) -> PostponedMessage | None:
        """Keep a message waiting that was not tried; the queue must not give it up meanwhile."""
        age = self.clock() - job.waiting.sent_at
        if not must_be_renewed(job.waiting.receives, age):
            return PostponedMessage(job.waiting, wait)
        try:
            self.buffer.put(replace(job.delivery, attempts=job.attempts), wait)
        except UnavailableError as exc:
            logger.error("a message cannot be renewed", extra={"reason": str(exc), **job.names})
            return PostponedMessage(job.waiting, wait)
        return None

    def look_failed(self, job: PendingDelivery) -> PostponedMessage | None:
        """Keep a message waiting of which nobody can tell whether it is done already."""
        return self.postpone(job, self._pause(job.waiting))

    def _bury(self, job: PendingDelivery, dead: Dead) -> PostponedMessage | None:
        """Move a message to the dead letters; it stays in the buffer while that fails."""
        kind, reason = dead.kind, dead.reason
        info = DeadLetterInfo(kind, reason, job.attempts, self.clock(), job.delivery.received_at)
        try:
            self.dead_letters.put(job.waiting.text, info)
        except UnavailableError as exc:
            logger.error("a dead letter cannot be kept", extra={"reason": str(exc), **job.names})
            return self.postpone(job, self._pause(job.waiting))
        logger.warning("dead letter", extra={"class": kind, "reason": reason, **job.names})
        source = job.delivery.source if dead.is_configured else UNKNOWN_SOURCE
        self.counts.count(source, Count.DEAD_LETTERED)
        try:
            self.deliveries.dead(job.delivery, info)
        except UnavailableError as exc:
            logger.warning("a dead letter was not recorded", extra={"reason": str(exc)})
        return None

    def _put_off(
        self, job: PendingDelivery, reason: str, wait: timedelta
    ) -> PostponedMessage | None:
        logger.info("put off", extra={"reason": reason, **job.names})
        try:
            self.deliveries.postponed(job.delivery, reason, self.clock() + wait)
        except UnavailableError as exc:
            logger.warning("a waiting message was not recorded", extra={"reason": str(exc)})
        return self.postpone(job, wait)

    def _pause(self, waiting: QueuedMessage) -> timedelta:
        return backoff(waiting.receives, self.jitter())
