"""Resolve a buffered delivery by the current configuration: its destination and its message."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, NamedTuple

from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import Dead, DeadClass, Retry
from bridge.delivery.queued_event import ONLY_WEBHOOKS
from bridge.errors import (
    MappingError,
    UnavailableError,
    UnknownSourceError,
    WebhookRejectedError,
)
from bridge.messages.envelope import MAX_MESSAGE_BYTES, envelope_bytes
from bridge.messages.fan_out import NO_FLOW, FanOutResult, route_again
from bridge.messages.redriven_event import was_never_accepted, with_event_fields
from bridge.messages.xdm_entity import (
    entity_of,
    forwards_bodies,
    is_own_entity,
    with_note,
)
from bridge.messages.xdm_message import ReadSchema, no_schemas
from bridge.ports.process import Clock
from bridge.sources.cache import PAUSE_DELAY, SourceCache
from bridge.sources.connection import Destination, Flow
from bridge.sources.destinations import DestinationDirectory
from bridge.sources.redirection import event_key, is_redirected, redirected
from bridge.sources.source import Source
from bridge.telemetry import logger


class Resolved(NamedTuple):
    """A delivery that is ready to be sent.

    Attributes:
        delivery: with its flow.
        content: the message without the envelope.
    """

    destination: Destination
    delivery: Delivery
    content: bytes


class _Target(NamedTuple):
    """What all messages of a source to one flow share, once the flow is ready.

    Attributes:
        source: as it is configured.
        destination: always the same object, so that messages are grouped by identity.
        room: how large a message may be without its envelope, in bytes.
        forwards_bodies: see `xdm_entity.forwards_bodies`.
    """

    source: Source
    destination: Destination
    room: int
    forwards_bodies: bool


type Resolution = Resolved | FanOutResult | timedelta | Retry | Dead
"""A FanOutResult has to be split or dropped first; a timedelta is the time to wait."""


# Replays that run at the same time are few.
_MOST_REPLAYS: Final = 64


@dataclass(frozen=True, slots=True)
class Resolver:
    """Resolves deliveries.

    The first message of each replay makes it read the source again: what is sent again is sent
    because the configuration was changed, maybe seconds ago.

    Attributes:
        read_schema: reads a schema that is not in a source document.
        destinations: flows of other connections, for replays; None if there are none.
    """

    sources: SourceCache
    clock: Clock
    read_schema: ReadSchema = no_schemas
    destinations: DestinationDirectory | None = None
    _replays: dict[tuple[str, str], None] = field(default_factory=dict, init=False)
    _targets: dict[tuple[str, str], _Target] = field(default_factory=dict, init=False)

    def waits(self, delivery: Delivery) -> timedelta:
        """Return how long a delivery has to wait whatever its record says; zero if it need not.

        So the many messages of a paused source cost no read of the deliveries table.
        """
        not_before = delivery.not_before
        if not_before and (remaining := not_before - self.clock()) > timedelta(0):
            return remaining
        try:
            if delivery.replay:
                self._renew_once(delivery)
            paused = self.sources.find(delivery.source).paused
        except (UnknownSourceError, UnavailableError):
            return timedelta(0)  # `resolve` returns the outcome.
        return PAUSE_DELAY if paused else timedelta(0)

    def resolve(self, delivery: Delivery) -> Resolution:
        """Return a delivery's destination, how long it has to wait, or why it cannot be sent."""
        try:
            if delivery.replay:
                self._renew_once(delivery)
            configured = self.sources.find(delivery.source)
        except UnknownSourceError:
            reason = "the source no longer exists"
            return Dead(DeadClass.UNKNOWN_FLOW, reason, is_configured=False)
        except UnavailableError as exc:
            return Retry(str(exc))
        if not configured.is_current:
            return Retry("the configuration of the source is not current")
        target = self._targets.get((delivery.source, delivery.flow))
        if (
            target
            and target.source is configured.source
            and target.forwards_bodies
            and is_own_entity(delivery)
        ):
            return Resolved(target.destination, delivery, delivery.body)
        if delivery.flow == NO_FLOW:
            return self._route_again(configured.source, delivery)
        return self._to_flow(configured.source, delivery)

    def _renew_once(self, delivery: Delivery) -> None:
        """Read the source again at the first message of a replay. Raises UnavailableError."""
        replayed = (delivery.source, delivery.replay)
        if replayed not in self._replays:
            self.sources.renew(delivery.source, concurrently=True)
            if len(self._replays) >= _MOST_REPLAYS:
                self._replays.pop(next(iter(self._replays)))
            self._replays[replayed] = None

    def _route_again(self, source: Source, delivery: Delivery) -> Resolution:
        """Route a redriven delivery by the current routes."""
        if was_never_accepted(delivery):
            if source.scheme.family != "iam":
                return Dead(DeadClass.UNKNOWN_FLOW, ONLY_WEBHOOKS)
            delivery = with_event_fields(source, delivery)
        try:
            fanned_out = route_again(source, delivery)
        except WebhookRejectedError as exc:
            return Dead(DeadClass.INVALID, str(exc))
        if len(fanned_out.deliveries) != 1:
            return fanned_out
        (routed,) = fanned_out.deliveries
        if routed.flow == NO_FLOW:
            reason = fanned_out.fault or "no route of the source matches"
            return Dead(DeadClass.NO_ROUTE, reason)
        return self._to_flow(source, routed)

    def _to_flow(self, source: Source, delivery: Delivery) -> Resolution:
        flow = source.flows.get(delivery.flow)
        if flow is None:
            if is_redirected(delivery.flow):
                return self._to_any_flow(source, delivery)
            return Dead(DeadClass.UNKNOWN_FLOW, "the source no longer has a flow of this name")
        now = self.clock()
        if now < flow.ready_at:
            return flow.ready_at - now
        return self._mapped(source, flow, delivery)

    def _to_any_flow(self, source: Source, delivery: Delivery) -> Resolution:
        """Resolve a delivery to a flow that is named with its connection."""
        try:
            found = self.destinations.find(delivery.flow) if self.destinations else None
        except UnavailableError as exc:
            return Retry(str(exc))
        if found is None:
            return Dead(DeadClass.UNKNOWN_FLOW, "there is no connection with a flow of this name")
        if found.paused:
            return PAUSE_DELAY
        destination, now = found.destination, self.clock()
        if now < destination.flow.ready_at:
            return destination.flow.ready_at - now
        resolved = self._mapped(
            redirected(source, delivery.flow, destination),
            destination.flow,
            delivery._replace(key=event_key(delivery.key, delivery.flow)),
        )
        if not isinstance(resolved, Resolved):
            return resolved
        return resolved._replace(delivery=delivery._replace(note=resolved.delivery.note))

    def _mapped(self, source: Source, flow: Flow, delivery: Delivery) -> Resolved | Retry | Dead:
        try:
            entity = entity_of(source, delivery, self.read_schema)
        except UnavailableError as exc:
            return Retry(str(exc))
        except MappingError as exc:
            return Dead(DeadClass.INVALID, str(exc))
        target = self._target(source, flow, delivery)
        if len(entity.content) > target.room:
            return Dead(DeadClass.TOO_LARGE, f"the message is over {MAX_MESSAGE_BYTES} bytes")
        for warning in entity.warnings:
            log_keys = {"source": delivery.source, "delivery_id": delivery.delivery_id}
            logger.warning("message may be rejected", extra={"reason": warning, **log_keys})
        return Resolved(target.destination, with_note(delivery, entity), entity.content)

    def _target(self, source: Source, flow: Flow, delivery: Delivery) -> _Target:
        name = (delivery.source, delivery.flow)
        known = self._targets.get(name)
        if known is None or known.source is not source:
            room = MAX_MESSAGE_BYTES - envelope_bytes(source.connection, flow)
            destination = Destination(source.connection, flow)
            plain = forwards_bodies(source, delivery.flow)
            known = self._targets[name] = _Target(source, destination, room, plain)
        return known
