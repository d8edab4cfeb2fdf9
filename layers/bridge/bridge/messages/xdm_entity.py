"""Map a delivery to the entity of an XDM message, or to a raw message."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from bridge.delivery.delivery import Delivery
from bridge.errors import MappingError, WebhookRejectedError
from bridge.messages.documents import document_of, unmapped_body
from bridge.messages.event_fields import missing_event_fields, with_event_fields
from bridge.messages.xdm_message import ReadSchema, no_schemas, unchanged_document, xdm_message
from bridge.sources.route import Route, RouteTarget
from bridge.sources.source import Flow, Source
from bridge.strict_json import write_json

if TYPE_CHECKING:
    from bridge.messages.expressions import Context

# Adobe recommends at most 10 kB and accepts larger messages ("Streaming ingestion limits").
_WARN_ABOVE_BYTES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Entity:
    """The content of an envelope.

    Attributes:
        content: a JSON object.
        warnings: sentences without values of the webhook.
    """

    content: bytes
    warnings: tuple[str, ...] = ()


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
        return Entity(entity.content, (*entity.warnings, large))
    # Outside of the except clause: the context of the exception could quote the body.
    raise MappingError(reason)


def is_plain(source: Source, flow: str) -> bool:
    """Whether deliveries to this flow are forwarded as they are, apart from empty values."""
    return bool(source.routes) and source.routes[0] == _plain_route(flow)


@lru_cache(maxsize=256)
def _plain_route(flow: str) -> Route:
    return Route((RouteTarget(flow),))


def _unmapped(source: Source, flow: Flow, delivery: Delivery, read_schema: ReadSchema) -> Entity:
    body = unmapped_body(source, delivery)
    if source.connection.data_type == "raw":
        return Entity(with_event_fields(flow, delivery, body))
    message = xdm_message(source, delivery, unchanged_document(body), body, read_schema)
    if message.faults:
        raise MappingError(message.faults[0])
    return Entity(message.content, message.warnings)


def _mapped(source: Source, flow: Flow, delivery: Delivery, read_schema: ReadSchema) -> Entity:
    from bridge.messages.routing import context_of, target_to  # noqa: PLC0415 (plain ones need none)

    document = document_of(source, delivery)
    context = context_of(source, delivery, document)
    route, target = target_to(source, delivery.flow, context)
    faults = _faults(route.schema, document)
    warnings: tuple[str, ...] = ()
    is_built = bool(target.map or target.identity)
    if is_built:
        built, warnings = _built(target, context, document)
    if source.connection.data_type == "raw":
        content = (
            write_json(missing_event_fields(flow, delivery, built) | built)
            if is_built
            else with_event_fields(flow, delivery, unmapped_body(source, delivery))
        )
    else:
        body = None if is_built else unmapped_body(source, delivery)
        entity = built if body is None else unchanged_document(body)
        message = xdm_message(source, delivery, entity, body, read_schema)
        content, faults = message.content, faults + message.faults
        warnings += message.warnings
    if faults and route.invalid == "dead-letter":
        raise MappingError(faults[0])
    return Entity(content, faults + warnings)


def _built(
    target: RouteTarget, context: "Context", document: Any
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Build a target's entity from a webhook, with warnings. Raises MappingError."""
    from bridge.messages.empty_values import without_empty_values  # noqa: PLC0415
    from bridge.messages.identities import identity_map  # noqa: PLC0415 (as above)
    from bridge.messages.templates import compile_template  # noqa: PLC0415

    entity = without_empty_values(
        compile_template(target.map).build(context) if target.map else document
    )
    if not isinstance(entity, dict):
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
