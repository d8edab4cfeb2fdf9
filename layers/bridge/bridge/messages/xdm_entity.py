"""Map a delivery to the entity of an XDM message, or to a raw message."""

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bridge.delivery.delivery import Delivery
from bridge.errors import MappingError, WebhookRejectedError
from bridge.messages.documents import document_of, unmapped_body
from bridge.messages.event_fields import missing_event_fields, with_event_fields
from bridge.messages.xdm_message import (
    EMPTY,
    ReadSchema,
    is_entity,
    is_unchecked,
    no_schemas,
    unchanged_document,
    with_identities,
    xdm_message,
)
from bridge.sources.connection import Flow
from bridge.sources.route import NO_PRIVACY, RouteTarget
from bridge.sources.source import Source
from bridge.strict_json import write_json

if TYPE_CHECKING:
    from bridge.messages.expressions import Context

# Adobe recommends at most 10 kB and accepts larger messages ("Streaming ingestion limits").
_WARN_ABOVE_BYTES: Final = 10_000
# Of a record, which costs one write unit up to 1 kB.
_LONGEST_NOTE: Final = 300


class Entity(NamedTuple):
    """The content of an envelope.

    Attributes:
        content: a JSON object.
        warnings: why Adobe may not take all of it, as sentences without values of the webhook.
        notes: what Adobe takes and its author may not expect, as such sentences.
    """

    content: bytes
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def entity_of(source: Source, delivery: Delivery, read_schema: ReadSchema = no_schemas) -> Entity:
    """Map a delivery by the current route of its flow, which must be one of the source's.

    The mapping is deterministic.

    Args:
        source: of the delivery.
        delivery: with its flow.
        read_schema: reads a schema that is not in the source document.

    Raises:
        MappingError: the delivery cannot be mapped, or violates a schema; names the path.
        UnavailableError: the schema cannot be read now.
    """
    flow = source.flows[delivery.flow]
    try:
        if is_plain(source, delivery.flow):
            entity = _unmapped(source, flow, delivery, read_schema)
        else:
            entity = _mapped(source, flow, delivery, read_schema)
    except WebhookRejectedError as exc:
        reason = str(exc)
    except (RecursionError, ValueError, TypeError) as exc:
        reason = f"the message cannot be written as JSON: {type(exc).__name__}"
    else:
        if len(entity.content) <= _WARN_ABOVE_BYTES:
            return entity
        large = f"the message has {len(entity.content)} bytes; Adobe advises 10 kB"
        return entity._replace(warnings=(*entity.warnings, large))
    # Outside of the except clause: the context of the exception could quote the body.
    raise MappingError(reason)


def with_note(delivery: Delivery, entity: Entity) -> Delivery:
    """A delivery with what its record says of its message: the warnings and the notes."""
    if not (entity.warnings or entity.notes):
        return delivery
    note = "; ".join((*entity.warnings, *entity.notes))
    return delivery._replace(note=note[:_LONGEST_NOTE])


def forwards_bodies(source: Source, flow: str) -> bool:
    """Whether `entity_of` returns those bodies to this flow unchanged that `is_own_entity`."""
    return (
        is_plain(source, flow)
        and source.connection.data_type == "xdm"
        and source.privacy == NO_PRIVACY
        and source.coverage.forwards_body
        and is_unchecked(source.flows[flow])
    )


def is_own_entity(delivery: Delivery) -> bool:
    """Whether the body of a delivery surely is the entity, without warnings; see above."""
    body = delivery.body
    return delivery.kind != "received" and len(body) <= _WARN_ABOVE_BYTES and is_entity(body)


def is_plain(source: Source, flow: str) -> bool:
    """Whether deliveries to this flow are forwarded as they are, apart from empty values."""
    if not source.routes:
        return False
    # Field by field: comparing dataclasses takes several times as long.
    route = source.routes[0]
    target = route.targets[0]
    return (
        len(route.targets) == 1
        and target.flow == flow
        and not (target.map or target.identity or route.when or route.schema)
        and route.invalid == "dead-letter"
    )


def _unmapped(source: Source, flow: Flow, delivery: Delivery, read_schema: ReadSchema) -> Entity:
    body = unmapped_body(source, delivery)
    if source.connection.data_type == "raw":
        return Entity(with_event_fields(flow, delivery, body))
    if is_unchecked(flow) and is_entity(body):
        return Entity(body)
    message = xdm_message(source, delivery, unchanged_document(body), body, read_schema)
    if message.faults:
        raise MappingError(message.faults[0])
    return Entity(message.content, message.warnings)


def _mapped(source: Source, flow: Flow, delivery: Delivery, read_schema: ReadSchema) -> Entity:
    from bridge.messages.identities import notes_on  # noqa: PLC0415 (plain ones need none)
    from bridge.messages.routing import context_of, target_to  # noqa: PLC0415 (as above)

    document = document_of(source, delivery)
    context = context_of(source, delivery, document)
    route, target = target_to(source, delivery.flow, context)
    faults = _faults(route.schema, document)
    warnings: tuple[str, ...] = ()
    built: dict[str, Any] | None = None
    is_raw = source.connection.data_type == "raw"
    if target.map or target.identity:
        built, warnings = _built(target, context, document, is_raw=is_raw)
    if is_raw:
        content = (
            with_event_fields(flow, delivery, unmapped_body(source, delivery))
            if built is None
            else write_json(missing_event_fields(flow, delivery, built) | built)
        )
    else:
        body = unmapped_body(source, delivery) if built is None else b""
        entity = unchanged_document(body) if built is None else built
        message = xdm_message(source, delivery, entity, body, read_schema)
        content, faults = message.content, faults + message.faults
        warnings += message.warnings
    if faults and route.invalid == "dead-letter":
        raise MappingError(faults[0])
    return Entity(content, faults + warnings, notes_on(target.identity, built))


def _built(
    target: RouteTarget, context: "Context", document: Any, *, is_raw: bool
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Build a target's entity from a webhook, with warnings. Raises MappingError."""
    from bridge.messages.empty_values import without_empty_values  # noqa: PLC0415 (plain ones need none)
    from bridge.messages.identities import identity_map  # noqa: PLC0415 (as above)
    from bridge.messages.templates import compile_template  # noqa: PLC0415 (plain ones need none)

    made = compile_template(target.map).build(context) if target.map else document
    if isinstance(made, dict) and not is_raw:
        made = with_identities(made)
    entity = without_empty_values(made)
    if not isinstance(entity, dict):
        if isinstance(made, dict):
            raise MappingError(EMPTY)
        raise MappingError(
            "Map: does not return an object" if target.map else "the body is not an object"
        )
    identities, warnings = identity_map(target.identity, context)
    return ({**entity, "identityMap": identities} if identities else entity), warnings


def _faults(schema: str, value: Any) -> tuple[str, ...]:
    if not schema:
        return ()
    from bridge.messages.schema_validation import faults  # noqa: PLC0415 (few sources ask for it)

    return tuple(f"the body does not fit its schema: {fault}" for fault in faults(schema, value))
