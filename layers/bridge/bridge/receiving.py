"""The receiver's use case: verify a webhook, take it on once, forward or buffer it."""

from dataclasses import dataclass
from datetime import timedelta

from bridge.deadline import Deadline, inline_seconds
from bridge.delivery.counts import Count
from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import Delivered
from bridge.delivery.record import State
from bridge.errors import UnavailableError
from bridge.gate import Gate
from bridge.messages.envelope import check_body
from bridge.ports import Buffer, Clock, Counts, Deliveries
from bridge.sending import InletSender
from bridge.source import Flow, Source
from bridge.source_directory import ConfiguredSource
from bridge.sources.identification import delivery_id, event_type, sent_at
from bridge.sources.reply import Reply
from bridge.telemetry import logger
from bridge.webhook import Webhook

# A claim outlives the receiver's time-out (15 s in the template): after that nobody holds it.
CLAIM_LIFETIME = timedelta(seconds=20)
# A message of a paused source need not come back at once; SQS delays by 15 minutes at most.
_PAUSED_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the bridge promises to the sender.

    Attributes:
        state: DELIVERED or BUFFERED.
        xaction_id: the inlet's name for the message, once it has one.
        reply: what the sender wants to read in the place of this.
    """

    state: State
    delivery_id: str
    flow: str
    flow_id: str
    xaction_id: str = ""
    reply: Reply | None = None


class Receiver:
    """Takes webhooks on."""

    def __init__(
        self,
        *,
        gate: Gate,
        sender: InletSender,
        buffer: Buffer,
        deliveries: Deliveries,
        counts: Counts,
        clock: Clock,
        deadline: Deadline,
    ) -> None:
        self._gate = gate
        self._sender = sender
        self._buffer = buffer
        self._deliveries = deliveries
        self._counts = counts
        self._clock = clock
        self._deadline = deadline

    def receive(self, source_name: str, webhook: Webhook) -> Receipt | Reply:
        """Take a webhook on.

        Returns:
            A receipt once the webhook is in the inlet or in the buffer, and not before; or the
            answer to a handshake.

        Raises:
            WebhookRejectedError: the request is at fault.
            UnavailableError: it is not; the sender has to try again.
        """
        now = self._clock()
        configured = self._gate.admit(source_name, webhook, now)
        if isinstance(configured, Reply):
            return configured
        source = configured.source
        self._deadline.set(inline_seconds(source.timeout_seconds))
        flow_name = source.routes[0].legs[0].flow
        flow = source.flows[flow_name]
        check_body(source.connection, flow, webhook.body)
        event = event_type(source.event_type, webhook)
        delivery = Delivery(
            source=source.name,
            delivery_id=delivery_id(source.delivery_id, webhook, event),
            event_type=event,
            flow=flow_name,
            received_at=now,
            buffered_at=now,
            body=webhook.body,
            sent_at=sent_at(source.scheme, source.sent_at, webhook),
        )
        claim = self._deliveries.claim(delivery, now + CLAIM_LIFETIME)
        if claim.state is State.CLAIMED:
            raise UnavailableError("the same delivery is being worked on")
        if claim.state is not State.NEW:
            self._counts.count(source.name, Count.DUPLICATE)
            return _receipt(claim.state, delivery, source, claim.xaction_id)
        delivered = self._forward(configured, flow, delivery)
        if delivered:
            self._counts.count(source.name, Count.ACCEPTED, Count.DELIVERED)
            return _receipt(State.DELIVERED, delivery, source, delivered.xaction_id)
        self._keep(configured, flow, delivery)
        self._counts.count(source.name, Count.ACCEPTED, Count.BUFFERED)
        return _receipt(State.BUFFERED, delivery, source, "")

    def _forward(
        self, configured: ConfiguredSource, flow: Flow, delivery: Delivery
    ) -> Delivered | None:
        """Try the inlet once, where that is wanted and the flow has settled."""
        source = configured.source
        if source.delivery == "queued" or configured.paused or self._clock() < flow.ready_at:
            return None
        outcome = self._sender.send_one(source.connection, flow, delivery.body)
        if not isinstance(outcome, Delivered):
            logger.info("the inlet did not take the message", extra={"reason": outcome.reason})
            return None
        try:
            self._deliveries.delivered(delivery, flow.flow_id, outcome.xaction_id)
        except UnavailableError as exc:
            # The message is in the inlet: the promise holds without the record.
            logger.warning("a delivered message was not recorded", extra={"reason": str(exc)})
        return outcome

    def _keep(self, configured: ConfiguredSource, flow: Flow, delivery: Delivery) -> None:
        """Buffer a delivery; where that fails the sender has to try again."""
        wait = _PAUSED_FOR if configured.paused else timedelta(0)
        try:
            self._buffer.put(delivery, max(flow.ready_at - self._clock(), wait))
        except UnavailableError:
            self._release(delivery)
            raise
        try:
            self._deliveries.buffered(delivery)
        except UnavailableError as exc:
            # The message is in the buffer: the promise holds without the record.
            logger.warning("a buffered message was not recorded", extra={"reason": str(exc)})

    def _release(self, delivery: Delivery) -> None:
        try:
            self._deliveries.release(delivery)
        except UnavailableError as exc:
            # It ends by itself, a little later than the sender could have come again.
            logger.warning("a claim was not released", extra={"reason": str(exc)})


def _receipt(state: State, delivery: Delivery, source: Source, xaction_id: str) -> Receipt:
    return Receipt(
        state,
        delivery.delivery_id,
        delivery.flow,
        source.flows[delivery.flow].flow_id,
        xaction_id,
        _acknowledgement(source),
    )


def _acknowledgement(source: Source) -> Reply | None:
    if source.acknowledgement is None:
        return None
    from bridge.sources.answering import plain_reply  # noqa: PLC0415 (few senders care)

    return plain_reply(source.acknowledgement)
