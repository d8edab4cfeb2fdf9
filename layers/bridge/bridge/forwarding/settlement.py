"""Settle messages by their outcome: record, count, postpone, split or dead-letter them."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bridge.delivery.counts import UNKNOWN_SOURCE, Count
from bridge.delivery.dead_letter import DeadLetterInfo
from bridge.delivery.outcomes import Dead, DeadClass, Retry
from bridge.delivery.queued_message import PendingDelivery, PostponedMessage, QueuedMessage
from bridge.errors import UnavailableError
from bridge.forwarding.retry_policy import RetryPolicy, backoff
from bridge.messages.fan_out import FanOutResult
from bridge.ports.aws import Buffer, Counts, DeadLetters, Deliveries
from bridge.ports.process import Clock
from bridge.telemetry import logger


@dataclass(frozen=True, slots=True)
class Settler:
    """Settles messages.

    Every method returns the message if it has to wait, or None if it is done. None of them raises
    UnavailableError.
    """

    buffer: Buffer
    dead_letters: DeadLetters
    deliveries: Deliveries
    counts: Counts
    policy: RetryPolicy
    clock: Clock
    jitter: Callable[[], float]

    def close(self, pending: PendingDelivery, outcome: Retry | Dead) -> PostponedMessage | None:
        """Settle a message that was not delivered."""
        if isinstance(outcome, Retry):
            outcome = self.policy.decide(outcome, pending.delivery, self.clock())
        match outcome:
            case Dead():
                return self._dead_letter(pending, outcome)
            case Retry(reason, after):
                pause = self._backoff(pending.attempts)
                return self._retry(pending, reason, max(pause, after or pause))

    def delivered(self, accepted: Sequence[tuple[PendingDelivery, str]], flow_id: str) -> None:
        """Record messages that the inlet accepted, each with its xactionId.

        All share one log line, and 25 share a request: one each would be most of the cost of a
        batch (docs/performance.md).
        """
        if not accepted:
            return
        logged = [
            {
                "source": pending.delivery.source,
                "delivery_id": pending.delivery.delivery_id,
                "xaction_id": xaction_id,
                "attempts": pending.attempts,
            }
            for pending, xaction_id in accepted
        ]
        logger.info("delivered", extra={"flow_id": flow_id, "deliveries": logged})
        sources = Counter(pending.delivery.source for pending, _ in accepted)
        for source, times in sources.items():
            self.counts.count(source, *[Count.DELIVERED] * times)
        replayed = Counter(each.delivery.source for each, _ in accepted if each.delivery.replay)
        for source, times in replayed.items():
            self.counts.count(source, *[Count.REPLAYED] * times)
        try:
            self.deliveries.delivered_all(
                ((pending.delivery, xaction_id) for pending, xaction_id in accepted), flow_id
            )
        except UnavailableError as exc:
            # The inlet has accepted the messages; sending them again would duplicate them.
            logger.warning("delivered messages were not recorded", extra={"reason": str(exc)})

    def split(self, pending: PendingDelivery, fanned_out: FanOutResult) -> PostponedMessage | None:
        """Replace a redriven message by the deliveries that it is routed to: several, or none."""
        delivery, parts = pending.delivery, fanned_out.deliveries
        try:
            self.buffer.put_all(parts, timedelta(0))
        except UnavailableError as exc:
            return self._retry(pending, str(exc), self._backoff(pending.attempts))
        # The message itself is counted already.
        events = len(parts) + fanned_out.filtered
        self.counts.count(delivery.source, *[Count.ACCEPTED] * (events - 1))
        self.counts.count(delivery.source, *[Count.FILTERED] * fanned_out.filtered)
        logger.info("split", extra={"parts": len(parts), **pending.log_keys})
        try:
            self.deliveries.split(delivery, len(parts))
        except UnavailableError as exc:
            logger.warning("split message was not recorded", extra={"reason": str(exc)})
        return None

    def dead_letter_unreadable(
        self, message: QueuedMessage, reason: str
    ) -> PostponedMessage | None:
        """Move a message that cannot be decoded to the dead-letter queue."""
        kind, now = DeadClass.UNREADABLE, self.clock()
        try:
            self.dead_letters.put(message.text, DeadLetterInfo(kind, reason, message.receives, now))
        except UnavailableError as exc:
            logger.error("dead-letter queue unavailable", extra={"reason": str(exc)})
            return PostponedMessage(message, self._backoff(message.receives))
        logger.error("dead letter", extra={"class": kind, "reason": reason})
        return None

    def hold(self, pending: PendingDelivery, wait: timedelta) -> PostponedMessage | None:
        """Let a delivery wait that is not tried now, such as one of a paused source.

        That is no attempt, and the reason to wait may end earlier: it is looked at again after
        LONGEST_DELAY.
        """
        self.counts.waiting(self.clock() - pending.delivery.buffered_at)
        kept = pending.delivery.not_before
        again = pending.again(attempts=pending.attempts - 1, not_before=kept)
        return PostponedMessage(pending.message, wait, again)

    def back_off(self, pending: PendingDelivery) -> PostponedMessage | None:
        """Postpone a delivery whose record or dead letter failed, as after a failed attempt."""
        return self._wait(pending, self._backoff(pending.attempts))

    def _dead_letter(self, pending: PendingDelivery, dead: Dead) -> PostponedMessage | None:
        """Move a message to the dead-letter queue; it stays in the buffer if that fails."""
        kind, reason = dead.kind, dead.reason
        info = DeadLetterInfo(
            kind, reason, pending.attempts, self.clock(), pending.delivery.received_at
        )
        try:
            self.dead_letters.put(pending.message.text, info)
        except UnavailableError as exc:
            extra = {"reason": str(exc), **pending.log_keys}
            logger.error("dead-letter queue unavailable", extra=extra)
            return self.back_off(pending)
        logger.warning("dead letter", extra={"class": kind, "reason": reason, **pending.log_keys})
        source = pending.delivery.source if dead.is_configured else UNKNOWN_SOURCE
        self.counts.count(source, Count.DEAD_LETTERED)
        try:
            self.deliveries.dead(pending.delivery, info)
        except UnavailableError as exc:
            logger.warning("dead letter was not recorded", extra={"reason": str(exc)})
        return None

    def _retry(
        self, pending: PendingDelivery, reason: str, wait: timedelta
    ) -> PostponedMessage | None:
        logger.info("postponed", extra={"reason": reason, **pending.log_keys})
        try:
            until = self.clock() + wait
            self.deliveries.postponed(pending.delivery, reason, until, pending.attempts)
        except UnavailableError as exc:
            logger.warning("postponed message was not recorded", extra={"reason": str(exc)})
        return self._wait(pending, wait)

    def _wait(self, pending: PendingDelivery, wait: timedelta) -> PostponedMessage:
        """Count an attempt; the next one is not before the wait is over."""
        now = self.clock()
        self.counts.waiting(now - pending.delivery.buffered_at)
        again = pending.again(attempts=pending.attempts, not_before=now + wait)
        return PostponedMessage(pending.message, wait, again)

    def _backoff(self, attempts: int) -> timedelta:
        return backoff(attempts, self.jitter())
