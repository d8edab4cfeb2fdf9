"""Events that are not webhooks: from EventBridge, or whoever may write to the queue `Events`.

There is no signature: IAM is the lock. They take the same routes and the same delivery.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bridge.deduplication import message_key
from bridge.delivery.counts import UNKNOWN_SOURCE, Count
from bridge.delivery.dead_letter import DeadLetterInfo
from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import Dead, DeadClass
from bridge.delivery.queued_event import MESSAGE_ID, SOURCE, QueuedEvent
from bridge.errors import UnavailableError, UnknownSourceError, WebhookRejectedError
from bridge.messages.fan_out import NO_FLOW
from bridge.messages.received_event import received_event
from bridge.ports.aws import Counts, DeadLetters
from bridge.ports.process import Clock
from bridge.receiving.intake import Intake
from bridge.sources.directory import SourceDirectory
from bridge.telemetry import logger
from bridge.verification.identification import bounded
from bridge.webhook import Webhook


@dataclass(frozen=True, slots=True)
class EventIntake:
    """Takes events on.

    Attributes:
        source: of events that name none.
    """

    directory: SourceDirectory
    intake: Intake
    dead_letters: DeadLetters
    counts: Counts
    clock: Clock
    source: str

    def accept(self, events: Iterable[QueuedEvent]) -> list[str]:
        """Take events on; the ids of the messages that have to come again."""
        return [event.message_id for event in events if not self._take(event)]

    def _take(self, event: QueuedEvent) -> bool:
        name = event.attributes.get(SOURCE, self.source)
        # The name can be any text of 256 kB; nothing longer is a log key, or ever a table's.
        names = {"source": bounded(name) or UNKNOWN_SOURCE}
        try:
            dead = self._taken(event, name)
        except UnavailableError as exc:
            logger.warning("an event is put off", extra={"reason": str(exc), **names})
            return False
        return dead is None or self._bury(event, names, dead)

    def _taken(self, event: QueuedEvent, name: str) -> Dead | None:
        """None once an event is taken on. Raises UnavailableError."""
        if not event.is_readable:
            return Dead(DeadClass.UNREADABLE, "the message has no body", is_configured=False)
        headers = {key.lower(): value for key, value in event.attributes.items()}
        headers[MESSAGE_ID] = event.message_id
        webhook = Webhook("POST", "", headers, event.body.encode(errors="surrogatepass"))
        try:
            configured = self.directory.find(name)
        except UnknownSourceError:
            reason = "the source does not exist"
            return Dead(DeadClass.UNKNOWN_FLOW, reason, is_configured=False)
        source = configured.source
        if source.scheme.family != "iam":
            return Dead(DeadClass.UNKNOWN_FLOW, "the source takes webhooks and no events")
        try:
            accepted = self.intake.accept(configured, received_event(source, webhook, self.clock()))
        except WebhookRejectedError as exc:
            return Dead(DeadClass.UNREADABLE, str(exc))
        logger.info(accepted.state, extra={"source": name, "delivery_id": accepted.delivery_id})
        return None

    def _bury(self, event: QueuedEvent, names: dict[str, str], dead: Dead) -> bool:
        """Move an event to the dead letters, from where a redrive routes it."""
        now = self.clock()
        names = {**names, "delivery_id": bounded(event.message_id) or "unknown"}
        delivery = Delivery(
            source=names["source"],
            delivery_id=names["delivery_id"],
            key=message_key(event.message_id),
            event_type="",
            flow=NO_FLOW,
            received_at=now,
            buffered_at=now,
            body=event.body.encode(errors="surrogatepass"),
        )
        info = DeadLetterInfo(dead.kind, dead.reason, event.receives, now, now)
        try:
            self.dead_letters.put(delivery.encode(), info)
        except UnavailableError as exc:
            logger.error("a dead letter cannot be kept", extra={"reason": str(exc), **names})
            return False
        logger.warning("dead letter", extra={"class": dead.kind, "reason": dead.reason, **names})
        source = names["source"] if dead.is_configured else UNKNOWN_SOURCE
        self.counts.count(source, Count.ACCEPTED, Count.DEAD_LETTERED)
        return True
