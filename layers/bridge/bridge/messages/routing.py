"""Route webhooks: the first route whose condition is true applies."""

from typing import Any

from bridge.delivery.delivery import Delivery
from bridge.errors import MappingError
from bridge.messages.dates import rfc3339
from bridge.messages.expressions import PROVIDER, Context, compile_expression, is_true
from bridge.sources import route as words
from bridge.sources.route import Route, RouteTarget
from bridge.sources.source import Source


def context_of(source: Source, delivery: Delivery, document: Any) -> Context:
    """Return the values of the names that a route's expressions read."""
    return {
        "source": source.name,
        "delivery_id": delivery.delivery_id,
        "event_type": delivery.event_type,
        "received_at": rfc3339(delivery.received_at),
        "headers": delivery.headers,
        "query": delivery.query,
        "body": document,
        PROVIDER: source.provider,
    }


def route_of(source: Source, context: Context) -> Route | None:
    """Return the matching route; None to drop the webhook, one without a flow to dead-letter it.

    Raises:
        MappingError: a condition cannot be evaluated; names the route.
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
    """Return the current route and target of a delivery that was routed before.

    The routes may have changed since. If no matching route has the flow as a target, the first
    route with that target applies; a source without maps needs none.

    Raises:
        MappingError: no route has the flow as a target, or a condition cannot be evaluated.
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
    raise MappingError(f"no route leads to flow {flow}")


def _holds(position: int, when: str, context: Context) -> bool:
    if not when:
        return True
    try:
        value = compile_expression(when).value(context)
    except MappingError as exc:
        raise MappingError(f"Routes.{position}.When: {exc}") from None
    return is_true(value)
