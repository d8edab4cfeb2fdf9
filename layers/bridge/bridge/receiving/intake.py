"""Deduplicate a verified event, then deliver it to the inlet or buffer it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

from bridge.delivery.claim import CLAIM_LIFETIME, Claim
from bridge.delivery.counts import Count
from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import Delivered, Retry
from bridge.delivery.record import State
from bridge.errors import MappingError, UnavailableError
from bridge.inlet.client import InletSender
from bridge.messages.envelope import fits
from bridge.messages.fan_out import NO_FLOW, fan_out
from bridge.messages.received_event import ReceivedEvent
from bridge.messages.xdm_entity import entity_of, with_note
from bridge.messages.xdm_message import ReadSchema, no_schemas
from bridge.ports.aws import Buffer, Counts, Deliveries, KeptBodies
from bridge.ports.process import Clock
from bridge.sources.cache import PAUSE_DELAY
from bridge.sources.configured import ConfiguredSource
from bridge.sources.connection import Connection, Flow
from bridge.sources.source import Source
from bridge.telemetry import log_unforeseen, logger

_AT_ONCE = timedelta(0)


class NotSent(NamedTuple):
    """Why a delivery has to be buffered.

    Attributes:
        reason: empty if nothing failed: the source is queued, paused or settling.
        retry_after: how long the inlet wants no further attempt.
    """

    reason: str = ""
    retry_after: timedelta = _AT_ONCE


_NOTHING_FAILED = NotSent()


class IntakeResult(NamedTuple):
    """The state of an accepted event.

    Attributes:
        state: DELIVERED, BUFFERED, SPLIT or FILTERED.
        flow: empty if the event has no target or several.
        xaction_id: the inlet's id of the message, if it is delivered.
    """

    state: State
    delivery_id: str
    flow: str = NO_FLOW
    xaction_id: str = ""


def no_store() -> KeptBodies:
    """For an intake without sources that keep bodies."""
    raise UnavailableError("no store of bodies is configured")


class Intake(NamedTuple):
    """Accepts events.

    Attributes:
        sender: None to buffer every event, where no sender waits for a response.
        kept_bodies: makes the store of kept bodies on first use: few sources keep them.
        read_schema: reads a schema that is not in a source document.
    """

    sender: InletSender | None
    buffer: Buffer
    deliveries: Deliveries
    counts: Counts
    clock: Clock
    kept_bodies: Callable[[], KeptBodies] = no_store
    read_schema: ReadSchema = no_schemas

    def accept(self, configured: ConfiguredSource, received: ReceivedEvent) -> IntakeResult:
        """Accept an event.

        Returns:
            Its state, after it is delivered, buffered or filtered.

        Raises:
            WebhookRejectedError: the event is invalid.
            UnavailableError: the event cannot be accepted now; it must be sent again.
        """
        source = configured.source
        fanned_out = fan_out(source, received)
        parts = fanned_out.deliveries
        # The only delivery is claimed under its own id, several under that of the whole event.
        event = parts[0] if len(parts) == 1 else fanned_out.whole
        claim = self._claim(event, received, is_filtered=not parts)
        if claim.state is State.CLAIMED:
            raise UnavailableError("the same delivery is being processed")
        if claim.state is not State.NEW:
            self.counts.count(source.name, Count.DUPLICATE)
            # What Adobe rejected later was accepted: its repetition gets the first response.
            state = State.DELIVERED if claim.state is State.FAILED else claim.state
            return IntakeResult(state, event.delivery_id, event.flow, claim.xaction_id)
        if fanned_out.whole.kept:
            self._keep(source, fanned_out.whole)
        accepted = self._deliver_or_buffer(configured, event, parts)
        delivered = len(parts) if accepted.state is State.DELIVERED else 0
        self.counts.count(
            source.name,
            *[Count.ACCEPTED] * (len(parts) + fanned_out.filtered),
            *[Count.DELIVERED] * delivered,
            *[Count.FILTERED] * fanned_out.filtered,
            *[Count.DUPLICATE] * fanned_out.repeated,
        )
        return accepted

    def _claim(self, event: Delivery, received: ReceivedEvent, *, is_filtered: bool) -> Claim:
        """Claim an event, or record a filtered one; the state of the earlier one otherwise."""
        now = self.clock()
        if received.earlier_key:
            from bridge.receiving.repeated_content import earlier_state  # noqa: PLC0415 (few sources)

            state = earlier_state(self.deliveries, event, received, now)
            if state and (is_filtered or state is not State.FILTERED):
                return Claim(state)
        if is_filtered:
            return self.deliveries.filtered(event)
        claim = self.deliveries.claim(event, now + CLAIM_LIFETIME)
        if claim.state is State.FILTERED:  # Nothing was sent, and a route takes it now.
            return self.deliveries.claim_filtered(event, now + CLAIM_LIFETIME)
        return claim

    def _keep(self, source: Source, whole: Delivery) -> None:
        """Keep the body of a claimed event. A failure must not refuse the event itself."""
        try:
            self.kept_bodies().keep(whole, source.keep_bodies)
        except Exception as exc:  # noqa: BLE001 (see above)
            reason = str(exc) if isinstance(exc, UnavailableError) else log_unforeseen(exc)
            ids = {"source": source.name, "delivery_id": whole.delivery_id}
            logger.warning("body was not kept", extra={"reason": reason, **ids})
            self.counts.count(source.name, Count.BODY_NOT_KEPT)

    def _deliver_or_buffer(
        self, configured: ConfiguredSource, event: Delivery, parts: Sequence[Delivery]
    ) -> IntakeResult:
        match len(parts):
            case 0:
                return IntakeResult(State.FILTERED, event.delivery_id)
            case 1:
                match self._deliver(configured, event):
                    case Delivered(xaction_id):
                        return IntakeResult(
                            State.DELIVERED, event.delivery_id, event.flow, xaction_id
                        )
                    case failed:
                        self._buffer_one(configured, event, failed)
                return IntakeResult(State.BUFFERED, event.delivery_id, event.flow)
            case _:
                self._buffer_parts(configured, event, parts)
                return IntakeResult(State.SPLIT, event.delivery_id)

    def _deliver(self, configured: ConfiguredSource, delivery: Delivery) -> Delivered | NotSent:
        """Send to the inlet once; if it has to be buffered instead, return why."""
        source = configured.source
        flow = source.flows.get(delivery.flow)
        if self.sender is None or flow is None or source.delivery == "queued":
            return _NOTHING_FAILED
        if configured.paused or self.clock() < flow.ready_at:
            return _NOTHING_FAILED
        if not configured.is_current:
            return _logged(NotSent("the configuration of the source is not current"))
        try:
            entity = entity_of(source, delivery, self.read_schema)
        except UnavailableError as exc:
            return _logged(NotSent(str(exc)))
        except MappingError as exc:
            # Not the sender's fault: the forwarder moves the delivery to the dead-letter queue.
            logger.warning("webhook cannot be mapped", extra={"reason": str(exc)})
            return NotSent(str(exc))
        for warning in entity.warnings:
            logger.warning("message may be rejected", extra={"reason": warning})
        delivery = with_note(delivery, entity)
        return self._send(source.connection, flow, delivery, entity.content)

    def _send(
        self, connection: Connection, flow: Flow, delivery: Delivery, content: bytes
    ) -> Delivered | NotSent:
        if self.sender is None or not fits(connection, flow, content):
            return _NOTHING_FAILED
        outcome = self.sender.send_one(connection, flow, content)
        if not isinstance(outcome, Delivered):
            after = outcome.after if isinstance(outcome, Retry) else None
            return _logged(NotSent(outcome.reason, after or _AT_ONCE))
        with _log_unrecorded("delivered"):
            self.deliveries.delivered(delivery, flow.flow_id, outcome.xaction_id)
        return outcome

    def _buffer_one(
        self, configured: ConfiguredSource, delivery: Delivery, failed: NotSent
    ) -> None:
        """Buffer a delivery. Raises UnavailableError."""
        flow = configured.source.flows.get(delivery.flow)
        delay = PAUSE_DELAY if configured.paused else failed.retry_after
        if flow:
            delay = max(flow.ready_at - self.clock(), delay)
        # The queue delays by less than the inlet may ask for; the forwarder waits for the rest.
        not_before = self.clock() + failed.retry_after if failed.retry_after else None
        with self._release_on_failure(delivery):
            self.buffer.put(delivery._replace(not_before=not_before), delay)
        with _log_unrecorded("buffered"):
            self.deliveries.buffered(delivery, failed.reason)

    def _buffer_parts(
        self, configured: ConfiguredSource, whole: Delivery, parts: Sequence[Delivery]
    ) -> None:
        """Buffer parts, which the forwarder deduplicates. Raises UnavailableError."""
        with self._release_on_failure(whole):
            self.buffer.put_all(parts, PAUSE_DELAY if configured.paused else timedelta(0))
        with _log_unrecorded("split"):
            self.deliveries.split(whole, len(parts))

    @contextmanager
    def _release_on_failure(self, delivery: Delivery) -> Iterator[None]:
        """Release the claim when the buffer fails, so that the sender's retry is accepted."""
        try:
            yield
        except UnavailableError:
            try:
                self.deliveries.release(delivery)
            except UnavailableError as exc:
                # The claim expires after CLAIM_LIFETIME.
                logger.warning("claim was not released", extra={"reason": str(exc)})
            raise


def _logged(failed: NotSent) -> NotSent:
    logger.info("inlet did not accept the message", extra={"reason": failed.reason})
    return failed


@contextmanager
def _log_unrecorded(state: str) -> Iterator[None]:
    """Log a record that cannot be written: the message is already delivered or buffered."""
    try:
        yield
    except UnavailableError as exc:
        logger.warning("delivery was not recorded", extra={"state": state, "reason": str(exc)})
