"""Which flows does a webhook take? The first route whose condition holds says it."""

from typing import Any

from bridge.delivery.delivery import Delivery
from bridge.errors import MappingError
from bridge.messages.dates import rfc3339
from bridge.messages.expressions import Context, compile_expression
from bridge.sources import route as words
from bridge.sources.route import Route, RouteTarget
from bridge.sources.source import Source


def context_of(source: Source, delivery: Delivery, document: Any) -> Context:
    """What the expressions of a source's routes see of a delivery, whose body is the document."""
    return {
        "source": source.name,
        "delivery_id": delivery.delivery_id,
        "event_type": delivery.event_type,
        "received_at": rfc3339(delivery.received_at),
        "headers": delivery.headers,
        "body": document,
    }


def route_of(source: Source, context: Context) -> Route | None:
    """The route that a webhook takes; None when it is dropped, one to no flow for a dead letter.

    Raises:
        MappingError: a condition cannot be told; names the route.
    """
    for position, route in enumerate(source.routes):
        if _holds(position, route.when, context):
            return route
    match source.otherwise:
        case words.DROP:
            return None
        case words.DEAD_LETTER:
            return Route((RouteTarget(""),))
        case flow:
            return Route((RouteTarget(flow),))


def target_to(source: Source, flow: str, context: Context) -> tuple[Route, RouteTarget]:
    """What a webhook becomes in a flow that was chosen for it before.

    The routes may have changed since. Where none that holds leads to the flow, the first that does
    counts; a source without any map needs none.

    Raises:
        MappingError: no route leads to the flow any more, or a condition cannot be told.
    """
    leading = [
        (route, target, position)
        for position, route in enumerate(source.routes)
        for target in route.targets
        if target.flow == flow
    ]
    for route, target, position in leading:
        if _holds(position, route.when, context):
            return route, target
    if leading and flow != source.otherwise:
        return leading[0][:2]
    if flow == source.otherwise or not any(
        target.map for route in source.routes for target in route.targets
    ):
        target = RouteTarget(flow)
        return Route((target,)), target
    raise MappingError(f"no route leads to flow {flow} any more")


def _holds(position: int, when: str, context: Context) -> bool:
    """Whether a condition holds, by JMESPath's idea of truth: 0 is true, nothing is false."""
    if not when:
        return True
    try:
        value = compile_expression(when).value(context)
    except MappingError as exc:
        raise MappingError(f"Routes.{position}.When: {exc}") from None
    return value is not None and value is not False and value not in ("", [], {})
