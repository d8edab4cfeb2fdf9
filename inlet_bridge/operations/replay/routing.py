"""What a kept webhook becomes by today's routes and maps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bridge.delivery.delivery import Delivery
from bridge.delivery.record import check_key
from bridge.errors import MappingError, UnavailableError, WebhookRejectedError
from bridge.idempotency_keys import target_key
from bridge.messages.documents import document_of
from bridge.messages.envelope import MAX_MESSAGE_BYTES, fits
from bridge.messages.expressions import Expression, compile_expression, is_true
from bridge.messages.fan_out import NO_FLOW, route_again
from bridge.messages.routing import context_of
from bridge.messages.xdm_entity import Entity, entity_of
from bridge.messages.xdm_message import ReadSchema, no_schemas
from bridge.provisioning.sources.constant_conditions import constant_condition, uncompared_texts
from bridge.sources.connection import Destination
from bridge.sources.redirection import event_key, redirected
from bridge.sources.source import Source
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.records.keys import event_of
from inlet_bridge.operations.replay.outcomes import Outcome, Tally


@dataclass(frozen=True, slots=True)
class Routing:
    """Routes kept webhooks of a source.

    Attributes:
        source: as it is configured now.
        to: `{connection}/{flow}`; empty for the source's own routes.
        destination: what `to` stands for.
        where: a condition; None is any webhook.
        read_schema: reads a schema that is not in the source document.
    """

    source: Source
    to: str = ""
    destination: Destination | None = None
    where: Expression | None = None
    read_schema: ReadSchema = no_schemas

    def of(self, webhook: Delivery, tally: Tally) -> list[Delivery]:
        """The deliveries of a webhook that can be sent; the others are counted."""
        tally.webhooks += 1
        whole = webhook._replace(kept=webhook.key, flow=NO_FLOW)
        try:
            if not self._is_wanted(whole, tally):
                return []
            found = route_again(self.source, whole)
        except WebhookRejectedError as exc:
            tally.count(Outcome.UNREADABLE, str(exc))
            return []
        tally.count(Outcome.FILTERED, times=found.filtered)
        deliveries = self._redirected(found.deliveries) if self.to else found.deliveries
        return [each for each in deliveries if self._can_be_sent(each, tally)]

    def keys_of(self, webhook: Delivery, delivery_id: str) -> frozenset[str]:
        """The keys of the deliveries of a webhook that have this ID."""
        try:
            found = route_again(self.source, webhook._replace(flow=NO_FLOW))
        except WebhookRejectedError:
            return frozenset()
        return frozenset(each.key for each in found.deliveries if each.delivery_id == delivery_id)

    def selection_key(self, key: str) -> str:
        """By which a delivery is selected: with `to`, one delivery of each event is sent."""
        return event_of(key) if self.to else key

    def _is_wanted(self, whole: Delivery, tally: Tally) -> bool:
        """Whether the condition is true, as in JMESPath. Raises WebhookRejectedError."""
        if self.where is None:
            return True
        context = context_of(self.source, whole, document_of(self.source, whole))
        try:
            wanted = is_true(self.where.value(context))
        except MappingError as exc:
            tally.count(Outcome.UNMAPPED, f"--where: {exc}")
            return False
        tally.excluded += not wanted
        return wanted

    def _redirected(self, deliveries: Sequence[Delivery]) -> Iterator[Delivery]:
        """One delivery per event, to the other flow; its record is its own."""
        own = self.to.rpartition("/")[2]
        events: dict[str, Delivery] = {}
        for each in deliveries:
            key = event_key(each.key, each.flow) if each.flow else each.key
            if key not in events or each.flow == own:
                events[key] = each
        for each in events.values():
            if each.flow == NO_FLOW:
                yield each
            else:
                yield each._replace(flow=self.to, key=target_key(each.key, self.to))

    def _can_be_sent(self, delivery: Delivery, tally: Tally) -> bool:
        if delivery.flow == NO_FLOW:
            tally.count(Outcome.NO_ROUTE)
            return False
        try:
            check_key(delivery)
            self.message(delivery)
        except (MappingError, ValueError) as exc:
            tally.count(Outcome.UNMAPPED, str(exc))
            return False
        return True

    def message(self, delivery: Delivery) -> Entity:
        """The message of a delivery, without its envelope.

        Raises:
            MappingError: it cannot be mapped.
            OperationError: its schema cannot be read.
        """
        source = self.source
        if self.destination:
            source = redirected(source, self.to, self.destination)
            delivery = delivery._replace(key=event_key(delivery.key, self.to))
        try:
            entity = entity_of(source, delivery, self.read_schema)
        except UnavailableError as exc:
            raise OperationError(str(exc), hint="Deploy the source again.") from exc
        if not fits(source.connection, source.flows[delivery.flow], entity.content):
            raise MappingError(f"the message is over {MAX_MESSAGE_BYTES} bytes")
        return entity


def condition(source: Source, text: str) -> Expression:
    """Compile the expression of `--where`.

    Raises OperationError, also if it has a text that is compared with nothing, or reads what is not
    kept: only the headers and parameters that the source's own expressions read are.
    """
    try:
        expression = compile_expression(text)
    except ValueError as exc:
        raise OperationError(f"--where {exc}") from None
    for constant in uncompared_texts(text):
        raise OperationError(f"--where {constant_condition(constant)}.")
    for kind, read, kept in (
        ("headers", expression.reads.headers, source.headers),
        ("query", expression.reads.query, source.query),
    ):
        if unknown := sorted(read - set(kept)):
            raise OperationError(
                f"--where reads {kind}.{unknown[0]}, which is not kept with the webhooks",
                hint=f"Kept are the {kind} that the source's own expressions read:"
                f" {', '.join(kept) or 'none'}.",
            )
    return expression
