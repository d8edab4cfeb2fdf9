"""The expressions of a source that apply to each event of a webhook."""

from collections.abc import Iterator

from bridge.delivery.delivery import Delivery
from bridge.errors import MappingError
from bridge.messages.expressions import Context, compile_expression
from bridge.messages.item_fields import item_fields
from bridge.messages.routing import context_of, route_of
from bridge.sources.route_expressions import target_expressions
from bridge.sources.source import Source


def events_of(source: Source, whole: Delivery, context: Context) -> Iterator[Context]:
    """The values that the expressions of routes read, for each event.

    Args:
        source: its routes.
        whole: a webhook, without a flow.
        context: of the webhook.

    Raises:
        MappingError: `Split` fails.
    """
    if not source.split:
        yield context
        return
    found, document = compile_expression(source.split).value(context), context["body"]
    fields = item_fields(source, whole, document)
    for event in found if isinstance(found, list) else ():
        yield context_of(source, fields.of(whole, document, event), event)


def applied_expressions(source: Source, context: Context) -> Iterator[tuple[str, str]]:
    """The expressions that apply to an event, with their paths in the properties."""
    for index, route in enumerate(source.routes):
        if route.when:
            yield f"Routes.{index}.When", route.when
    try:
        chosen = route_of(source, context)
    except MappingError:
        return
    for index, route in enumerate(source.routes):
        if route is not chosen:
            continue
        yield from target_expressions(index, route)
