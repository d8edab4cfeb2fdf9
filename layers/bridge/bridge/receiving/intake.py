"""What happens to an event once it was let in: taken on once, then forwarded or buffered."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from bridge.delivery.counts import Count
from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import Delivered
from bridge.delivery.record import Claim, State
from bridge.errors import MappingError, UnavailableError
from bridge.inlet.client import InletSender
from bridge.messages.envelope import fits
from bridge.messages.fan_out import NO_FLOW, FanOutResult, fan_out
from bridge.messages.received_event import ReceivedEvent
from bridge.messages.xdm_entity import entity_of
from bridge.ports.aws import Buffer, Counts, Deliveries
from bridge.ports.process import Clock
from bridge.sources.directory import PAUSE_DELAY, ConfiguredSource
from bridge.telemetry import logger

# A claim outlives the receiver's time-out (15 s in the template): after that nobody holds it.
CLAIM_LIFETIME = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class IntakeResult:
    """What became of an event.

    Attributes:
        state: DELIVERED, BUFFERED, SPLIT or FILTERED.
        flow: empty when there is none or more than one.
        xaction_id: the inlet's name for the message, once it has one.
    """

    state: State
    delivery_id: str
    flow: str = NO_FLOW
    xaction_id: str = ""


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes events on.

    Attributes:
        sender: None where nobody waits for an answer, so that all go through the buffer.
    """

    sender: InletSender | None
    buffer: Buffer
    deliveries: Deliveries
    counts: Counts
    clock: Clock

    def accept(self, configured: ConfiguredSource, received: ReceivedEvent) -> IntakeResult:
        """Take an event on.

        Returns:
            What became of it, once it is in the inlet or in the buffer or was filtered.

        Raises:
            WebhookRejectedError: the event is at fault.
            UnavailableError: it is not; it has to come again.
        """
        source = configured.source
        fanned_out = fan_out(source, received)
        event = _one(fanned_out)
        claim = self._claim(fanned_out, event)
        if claim.state is State.CLAIMED:
            raise UnavailableError("the same delivery is being worked on")
        if claim.state is not State.NEW:
            self.counts.count(source.name, Count.DUPLICATE)
            return IntakeResult(claim.state, event.delivery_id, event.flow, claim.xaction_id)
        accepted = self._place(configured, fanned_out, event)
        parts = len(fanned_out.deliveries)
        way = Count.DELIVERED if accepted.state is State.DELIVERED else Count.BUFFERED
        self.counts.count(
            source.name,
            *[Count.ACCEPTED] * (parts + fanned_out.filtered),
            *[way] * parts,
            *[Count.FILTERED] * fanned_out.filtered,
        )
        return accepted

    def _claim(self, fanned_out: FanOutResult, event: Delivery) -> Claim:
        if not fanned_out.deliveries:
            return self.deliveries.filtered(event)
        return self.deliveries.claim(event, self.clock() + CLAIM_LIFETIME)

    def _place(
        self, configured: ConfiguredSource, fanned_out: FanOutResult, event: Delivery
    ) -> IntakeResult:
        """Bring a claimed event to the inlet or into the buffer."""
        match len(fanned_out.deliveries):
            case 0:
                return IntakeResult(State.FILTERED, event.delivery_id)
            case 1:
                if delivered := self._forward(configured, event):
                    xaction_id = delivered.xaction_id
                    return IntakeResult(State.DELIVERED, event.delivery_id, event.flow, xaction_id)
                self._keep(configured, event)
                return IntakeResult(State.BUFFERED, event.delivery_id, event.flow)
            case _:
                self._keep_all(configured, event, fanned_out.deliveries)
                return IntakeResult(State.SPLIT, event.delivery_id)

    def _forward(self, configured: ConfiguredSource, delivery: Delivery) -> Delivered | None:
        """Try the inlet once, where that is wanted and the flow has settled."""
        source = configured.source
        flow = source.flows.get(delivery.flow)
        if self.sender is None or flow is None or source.delivery == "queued":
            return None
        if configured.paused or self.clock() < flow.ready_at:
            return None
        try:
            entity = entity_of(source, delivery)
        except MappingError as exc:
            # The sender did nothing wrong. The forwarder comes to the same and buries it.
            logger.warning("a webhook does not fit its route", extra={"reason": str(exc)})
            return None
        for warning in entity.warnings:
            logger.warning("a message may be refused", extra={"reason": warning})
        if not fits(source.connection, flow, entity.content):
            return None
        outcome = self.sender.send_one(source.connection, flow, entity.content)
        if not isinstance(outcome, Delivered):
            logger.info("the inlet did not take the message", extra={"reason": outcome.reason})
            return None
        self._record(
            "a delivered message",
            lambda: self.deliveries.delivered(delivery, flow.flow_id, outcome.xaction_id),
        )
        return outcome

    def _keep(self, configured: ConfiguredSource, delivery: Delivery) -> None:
        """Buffer a delivery; where that fails it has to come again."""
        flow = configured.source.flows.get(delivery.flow)
        wait = PAUSE_DELAY if configured.paused else timedelta(0)
        if flow:
            wait = max(flow.ready_at - self.clock(), wait)
        with self._claimed(delivery):
            self.buffer.put(delivery, wait)
        self._record("a buffered message", lambda: self.deliveries.buffered(delivery))

    def _keep_all(
        self, configured: ConfiguredSource, whole: Delivery, parts: Sequence[Delivery]
    ) -> None:
        """Buffer the parts of a webhook; what is there twice is found out by the forwarder."""
        with self._claimed(whole):
            self.buffer.put_all(parts, PAUSE_DELAY if configured.paused else timedelta(0))
        self._record("a split webhook", lambda: self.deliveries.split(whole, len(parts)))

    @contextmanager
    def _claimed(self, delivery: Delivery) -> Iterator[None]:
        """Give the claim back when what is done in it fails."""
        try:
            yield
        except UnavailableError:
            try:
                self.deliveries.release(delivery)
            except UnavailableError as exc:
                # It ends by itself, a little later than the sender could have come again.
                logger.warning("a claim was not released", extra={"reason": str(exc)})
            raise

    def _record(self, what: str, write: Callable[[], None]) -> None:
        """The promise holds without the record: the messages are where they have to be."""
        try:
            write()
        except UnavailableError as exc:
            logger.warning(f"{what} was not recorded", extra={"reason": str(exc)})


def _one(fanned_out: FanOutResult) -> Delivery:
    """Under whose id the event is taken on: that of its only delivery, else its own."""
    return fanned_out.deliveries[0] if len(fanned_out.deliveries) == 1 else fanned_out.whole
