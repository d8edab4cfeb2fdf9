"""What the forwarder does with a message once it knows what became of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from bridge.delivery.counts import Count
from bridge.delivery.obituary import Obituary
from bridge.delivery.outcomes import Dead, DeadClass, Delivered, Retry, SingleOutcome
from bridge.delivery.retrying import RetryPolicy, backoff, must_be_renewed
from bridge.delivery.waiting import Job, Postponed, Waiting
from bridge.errors import UnavailableError
from bridge.messages.dispatching import Dispatched
from bridge.ports import Buffer, Clock, Counts, DeadLetters, Deliveries
from bridge.telemetry import logger


@dataclass(frozen=True, slots=True)
class Books:
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

    def close(self, job: Job, outcome: SingleOutcome, flow_id: str) -> Postponed | None:
        """Act on what became of a message."""
        if isinstance(outcome, Retry):
            outcome = self.policy.judge(outcome, job.delivery, self.clock())
        match outcome:
            case Delivered(xaction_id):
                self._delivered(job, flow_id, xaction_id)
                return None
            case Dead(kind, reason):
                return self._bury(job, kind, reason)
            case Retry(reason, after):
                pause = self._pause(job.waiting)
                return self._put_off(job, reason, max(pause, after or pause))

    def split(self, job: Job, dispatched: Dispatched) -> Postponed | None:
        """Put in the place of a redriven message what it has become by now: several, or none."""
        delivery, parts = job.delivery, dispatched.deliveries
        try:
            self.buffer.put_all(parts, timedelta(0))
        except UnavailableError as exc:
            return self._put_off(job, str(exc), self._pause(job.waiting))
        # One message has become several, or one that nobody wants.
        self.counts.count(delivery.source, *[Count.ACCEPTED] * (len(parts) - 1))
        self.counts.count(delivery.source, *[Count.FILTERED] * dispatched.filtered)
        logger.info("split", extra={"parts": len(parts), **job.names})
        try:
            self.deliveries.split(delivery, len(parts))
        except UnavailableError as exc:
            logger.warning("a split message was not recorded", extra={"reason": str(exc)})
        return None

    def bury_unreadable(self, waiting: Waiting, reason: str) -> Postponed | None:
        """Move what is no delivery to the dead letters."""
        kind, now = DeadClass.UNREADABLE, self.clock()
        try:
            self.dead_letters.put(waiting.text, Obituary(kind, reason, waiting.receives, now))
        except UnavailableError as exc:
            logger.error("a dead letter cannot be kept", extra={"reason": str(exc)})
            return Postponed(waiting, self._pause(waiting))
        logger.error("dead letter", extra={"class": kind, "reason": reason})
        return None

    def postpone(self, job: Job, wait: timedelta) -> Postponed | None:
        """Keep a message waiting that was not tried; the queue must not give it up meanwhile."""
        age = self.clock() - job.waiting.sent_at
        if not must_be_renewed(job.waiting.receives, age):
            return Postponed(job.waiting, wait)
        try:
            self.buffer.put(replace(job.delivery, attempts=job.attempts), wait)
        except UnavailableError as exc:
            logger.error("a message cannot be renewed", extra={"reason": str(exc), **job.names})
            return Postponed(job.waiting, wait)
        return None

    def look_failed(self, job: Job) -> Postponed | None:
        """Keep a message waiting of which nobody can tell whether it is done already."""
        return self.postpone(job, self._pause(job.waiting))

    def _delivered(self, job: Job, flow_id: str, xaction_id: str) -> None:
        about = {"flow_id": flow_id, "xaction_id": xaction_id, "attempts": job.attempts}
        logger.info("delivered", extra={**about, **job.names})
        self.counts.count(job.delivery.source, Count.DELIVERED)
        try:
            self.deliveries.delivered(job.delivery, flow_id, xaction_id)
        except UnavailableError as exc:
            # The message is in the inlet; sending it again would double it.
            logger.warning("a delivered message was not recorded", extra={"reason": str(exc)})

    def _bury(self, job: Job, kind: DeadClass, reason: str) -> Postponed | None:
        """Move a message to the dead letters; it stays in the buffer while that fails."""
        obituary = Obituary(kind, reason, job.attempts, self.clock(), job.delivery.received_at)
        try:
            self.dead_letters.put(job.waiting.text, obituary)
        except UnavailableError as exc:
            logger.error("a dead letter cannot be kept", extra={"reason": str(exc), **job.names})
            return self.postpone(job, self._pause(job.waiting))
        logger.warning("dead letter", extra={"class": kind, "reason": reason, **job.names})
        self.counts.count(job.delivery.source, Count.DEAD_LETTERED)
        try:
            self.deliveries.dead(job.delivery, obituary)
        except UnavailableError as exc:
            logger.warning("a dead letter was not recorded", extra={"reason": str(exc)})
        return None

    def _put_off(self, job: Job, reason: str, wait: timedelta) -> Postponed | None:
        logger.info("put off", extra={"reason": reason, **job.names})
        try:
            self.deliveries.put_off(job.delivery, reason, self.clock() + wait)
        except UnavailableError as exc:
            logger.warning("a waiting message was not recorded", extra={"reason": str(exc)})
        return self.postpone(job, wait)

    def _pause(self, waiting: Waiting) -> timedelta:
        return backoff(waiting.receives, self.jitter())
