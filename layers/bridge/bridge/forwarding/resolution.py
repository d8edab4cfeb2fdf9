"""Where a buffered delivery goes by now, and what it becomes there."""

from dataclasses import dataclass
from datetime import timedelta

from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import Dead, DeadClass, Retry
from bridge.errors import (
    MappingError,
    UnavailableError,
    UnknownSourceError,
    UnsupportedBodyError,
)
from bridge.messages.envelope import MAX_MESSAGE_BYTES, fits
from bridge.messages.fan_out import NO_FLOW, FanOutResult, route_again
from bridge.messages.xdm_entity import entity_of
from bridge.ports.process import Clock
from bridge.sources.directory import SourceDirectory
from bridge.sources.source import Destination, Flow, Source
from bridge.telemetry import logger

# How long a message of a paused source stays away.
PAUSED_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Resolved:
    """What is ready to be sent.

    Attributes:
        delivery: with the flow that it takes.
        content: of its message, without the envelope.
    """

    destination: Destination
    delivery: Delivery
    content: bytes


type Address = Resolved | FanOutResult | timedelta | Retry | Dead
"""Dispatched is what has to be split or dropped first; a time is how long it has to wait."""


@dataclass(frozen=True, slots=True)
class Resolver:
    """Finds the way of deliveries."""

    directory: SourceDirectory
    clock: Clock

    def address(self, delivery: Delivery) -> Address:
        """Where a delivery goes, how long it has to wait, or why it goes nowhere."""
        try:
            configured = self.directory.find(delivery.source)
        except UnknownSourceError:
            reason = "the source does not exist any more"
            return Dead(DeadClass.UNKNOWN_FLOW, reason, is_configured=False)
        except UnavailableError as exc:
            return Retry(str(exc))
        if configured.paused:
            return PAUSED_FOR
        if delivery.flow == NO_FLOW:
            return self._address_anew(configured.source, delivery)
        return self._to_flow(configured.source, delivery)

    def _address_anew(self, source: Source, delivery: Delivery) -> Address:
        """Ask the routes again, as they are by now."""
        try:
            fanned_out = route_again(source, delivery)
        except UnsupportedBodyError as exc:
            return Dead(DeadClass.INVALID, str(exc))
        if len(fanned_out.deliveries) != 1:
            return fanned_out
        (routed,) = fanned_out.deliveries
        if routed.flow == NO_FLOW:
            return Dead(DeadClass.NO_ROUTE, "no route of the source takes it")
        return self._to_flow(source, routed)

    def _to_flow(self, source: Source, delivery: Delivery) -> Address:
        flow = source.flows.get(delivery.flow)
        if flow is None:
            return Dead(DeadClass.UNKNOWN_FLOW, "the source has no flow of this name any more")
        now = self.clock()
        return flow.ready_at - now if now < flow.ready_at else _mapped(source, flow, delivery)


def _mapped(source: Source, flow: Flow, delivery: Delivery) -> Resolved | Dead:
    try:
        entity = entity_of(source, delivery)
    except MappingError as exc:
        return Dead(DeadClass.INVALID, str(exc))
    if not fits(source.connection, flow, entity.content):
        return Dead(DeadClass.TOO_LARGE, f"the message is over {MAX_MESSAGE_BYTES} bytes")
    for warning in entity.warnings:
        names = {"source": delivery.source, "delivery_id": delivery.delivery_id}
        logger.warning("a message may be refused", extra={"reason": warning, **names})
    return Resolved(Destination(source.connection, flow), delivery, entity.content)
