"""Map a delivery to the entity of an XDM message, or to a raw message."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bridge.delivery.delivery import Delivery
from bridge.errors import MappingError, WebhookRejectedError
from bridge.messages.documents import document_of, unmapped_body
from bridge.messages.event_fields import missing_event_fields, with_event_fields
from bridge.sources.route import Route, RouteTarget
from bridge.sources.source import Flow, Source
from bridge.strict_json import write_json

if TYPE_CHECKING:
    from bridge.messages.expressions import Context

# Adobe recommends at most 10 kB and accepts larger messages ("Streaming ingestion limits").
_WARN_ABOVE_BYTES: Final = 10_000


class Entity(NamedTuple):
    """The content of an envelope.

    Attributes:
        content: a JSON object.
        warnings: sentences without values of the webhook.
    """

    content: bytes
    warnings: tuple[str, ...] = ()


def entity_of(source: Source, delivery: Delivery) -> Entity:
    """Map a delivery by the current route of its flow, which must be one of the source's.

    The mapping is deterministic.

    Raises:
        MappingError: the delivery cannot be mapped, or violates a schema; names the path.
    """
    flow = source.flows[delivery.flow]
    warnings: tuple[str, ...] = ()
    try:
        if is_plain(source, delivery.flow):
            content = with_event_fields(flow, delivery, unmapped_body(source, delivery))
        else:
            content, warnings = _mapped(source, flow, delivery)
    except WebhookRejectedError as exc:
        reason = str(exc)
    except (RecursionError, ValueError, TypeError) as exc:
        reason = f"the message cannot be written as JSON: {type(exc).__name__}"
    else:
        if len(content) > _WARN_ABOVE_BYTES:
            warnings = (*warnings, f"the message has {len(content)} bytes; Adobe advises 10 kB")
        return Entity(content, warnings)
    # Outside of the except clause: the context of the exception could quote the body.
    raise MappingError(reason)


def is_plain(source: Source, flow: str) -> bool:
    """Whether deliveries to this flow are forwarded unchanged, without parsing."""
    return bool(source.routes) and source.routes[0] == _plain_route(flow)


@lru_cache(maxsize=256)
def _plain_route(flow: str) -> Route:
    return Route((RouteTarget(flow),))


def _mapped(source: Source, flow: Flow, delivery: Delivery) -> tuple[bytes, tuple[str, ...]]:
    from bridge.messages.routing import context_of, target_to  # noqa: PLC0415 (plain ones need none)

    document = document_of(source, delivery)
    context = context_of(source, delivery, document)
    route, target = target_to(source, delivery.flow, context)
    faults = _faults("the body", route.schema, document)
    if target.map or target.identity:
        entity = (
            missing_event_fields(flow, delivery, built := _built(target, context, document)) | built
        )
        faults += _faults("the message", target.xdm_schema, entity)
        content = write_json(entity)
    else:
        content = with_event_fields(flow, delivery, unmapped_body(source, delivery))
    if faults and route.invalid == "dead-letter":
        raise MappingError(faults[0])
    return content, faults


def _built(target: RouteTarget, context: "Context", document: Any) -> dict[str, Any]:
    """Build a target's entity from a webhook. Raises MappingError."""
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
    identities = identity_map(target.identity, context)
    return {**entity, "identityMap": identities} if identities else entity


def _faults(what: str, schema: str, value: Any) -> tuple[str, ...]:
    if not schema:
        return ()
    from bridge.messages.schema_validation import faults  # noqa: PLC0415 (few sources ask for it)

    return tuple(f"{what} does not fit its schema: {fault}" for fault in faults(schema, value))
