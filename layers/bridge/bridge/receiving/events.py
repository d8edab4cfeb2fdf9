"""Accept events from EventBridge, or from callers that may write to a queue of events.

Events carry no signature: IAM authorizes their senders. Routing and delivery equal those of
webhooks.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bridge.delivery.counts import UNKNOWN_SOURCE, Count
from bridge.delivery.dead_letter import DeadLetterInfo
from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import Dead, DeadClass
from bridge.delivery.queued_event import MESSAGE_ID, ONLY_WEBHOOKS, SOURCE, QueuedEvent
from bridge.errors import UnavailableError, UnknownSourceError, WebhookRejectedError
from bridge.idempotency_keys import bounded, message_key
from bridge.messages.fan_out import NO_FLOW
from bridge.messages.received_event import received_event
from bridge.ports.aws import Counts, DeadLetters
from bridge.ports.process import Clock
from bridge.receiving.intake import Intake
from bridge.sources.cache import SourceCache
from bridge.telemetry import logger
from bridge.webhook import Webhook

_MOST_ATTRIBUTE_BYTES: Final = 32_768
"""Of the attributes, as JSON. The queue accepts messages of 1,000,000 bytes, and SQS 1,048,576: the
rest is for what the bridge adds, less than 8,000 bytes for a message and as a dead letter."""
_MOST_BYTES: Final = 1_040_000
"""Of an event as a dead letter, which leaves the same rest of SQS's maximum."""
_WITHOUT_ATTRIBUTES: Final = (
    "the message attributes are too large to be kept with the body, a redrive routes it without"
    " them"
)
_OF_THE_BODY: Final = frozenset({"content-type", "content-encoding"})


@dataclass(frozen=True, slots=True)
class EventIntake:
    """Accepts events from queues.

    Attributes:
        source_of: returns the source of the events of a queue that name none; raises
            UnavailableError.
    """

    sources: SourceCache
    intake: Intake
    dead_letters: DeadLetters
    counts: Counts
    clock: Clock
    source_of: Callable[[str], str]

    def accept(self, events: Iterable[QueuedEvent], queue: str) -> list[str]:
        """Accept the events of a queue; return the ids of the messages that have to stay there."""
        return [event.message_id for event in events if not self._is_settled(event, queue)]

    def _is_settled(self, event: QueuedEvent, queue: str) -> bool:
        """Accept an event or move it to the dead-letter queue; False if it has to be retried."""
        try:
            given = event.attributes.get(SOURCE)
            name = self.source_of(queue) if given is None else given
        except UnavailableError as exc:
            logger.warning("event postponed", extra={"reason": str(exc), "queue": queue})
            return False
        # An attribute can hold 256 KB: the name is bounded before it is logged or stored.
        log_keys = {"source": bounded(name) or UNKNOWN_SOURCE}
        try:
            dead = self._accept_one(event, name)
        except UnavailableError as exc:
            logger.warning("event postponed", extra={"reason": str(exc), **log_keys})
            return False
        return dead is None or self._dead_letter(event, log_keys, dead)

    def _accept_one(self, event: QueuedEvent, name: str) -> Dead | None:
        """Return None if the event is accepted, else why it never can be.

        Raises:
            UnavailableError: the event has to be retried.
        """
        if not event.is_readable:
            return Dead(DeadClass.UNREADABLE, "the message has no body", is_configured=False)
        if _written_bytes(event.attributes) > _MOST_ATTRIBUTE_BYTES:
            reason = f"the message attributes are over {_MOST_ATTRIBUTE_BYTES} bytes as JSON"
            return Dead(DeadClass.UNREADABLE, reason, is_configured=False)
        webhook = Webhook("POST", "", _headers(event), event.body.encode(errors="surrogatepass"))
        try:
            configured = self.sources.find(name)
        except UnknownSourceError:
            reason = "the source does not exist"
            return Dead(DeadClass.UNKNOWN_FLOW, reason, is_configured=False)
        source = configured.source
        if source.scheme.family != "iam":
            return Dead(DeadClass.UNKNOWN_FLOW, ONLY_WEBHOOKS)
        try:
            accepted = self.intake.accept(configured, received_event(source, webhook, self.clock()))
        except WebhookRejectedError as exc:
            return Dead(DeadClass.UNREADABLE, str(exc))
        logger.info(accepted.state, extra={"source": name, "delivery_id": accepted.delivery_id})
        return None

    def _dead_letter(self, event: QueuedEvent, log_keys: dict[str, str], dead: Dead) -> bool:
        """Move an event to the dead-letter queue; False if that fails. A redrive routes it."""
        now, headers = self.clock(), _headers(event)
        if SOURCE in headers:
            headers[SOURCE] = bounded(headers[SOURCE])
        log_keys = {**log_keys, "delivery_id": bounded(event.message_id) or "unknown"}
        delivery = Delivery(
            source=log_keys["source"],
            delivery_id=log_keys["delivery_id"],
            key=message_key(event.message_id),
            event_type="",
            flow=NO_FLOW,
            received_at=now,
            buffered_at=now,
            body=event.body.encode(errors="surrogatepass"),
            kind="received",
            headers=headers,
            content_type=headers.get("content-type", ""),
            content_encoding=headers.get("content-encoding", ""),
        )
        text, reason = delivery.encode(), dead.reason
        if len(text.encode()) > _MOST_BYTES:
            bare = delivery._replace(headers={}, content_type="", content_encoding="")
            text, reason = bare.encode(), f"{reason}; {_WITHOUT_ATTRIBUTES}"
        info = DeadLetterInfo(dead.kind, reason, event.receives, now, now)
        try:
            self.dead_letters.put(text, info)
        except UnavailableError as exc:
            logger.error("dead-letter queue unavailable", extra={"reason": str(exc), **log_keys})
            return False
        logger.warning("dead letter", extra={"class": dead.kind, "reason": reason, **log_keys})
        source = log_keys["source"] if dead.is_configured else UNKNOWN_SOURCE
        self.counts.count(source, Count.ACCEPTED, Count.DEAD_LETTERED)
        return True


def _headers(event: QueuedEvent) -> dict[str, str]:
    """The attributes as expressions and the parser of the body read them."""
    headers = {key.lower(): value for key, value in event.attributes.items()}
    headers[MESSAGE_ID] = event.message_id
    return headers


def _written_bytes(attributes: Mapping[str, str]) -> int:
    """The size of attributes in a message of the buffer: JSON writes U+007F as six bytes.

    Those of the body are written twice if routes read them as headers.
    """
    if not attributes:
        return 0
    twice = {name: text for name, text in attributes.items() if name.lower() in _OF_THE_BODY}
    return len(json.dumps(attributes)) + len(json.dumps(twice))
