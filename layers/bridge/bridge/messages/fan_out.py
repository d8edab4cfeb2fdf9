"""Split a verified webhook into deliveries: one per event and target."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bridge.deduplication import item_key, part_key, target_key
from bridge.delivery.delivery import Delivery
from bridge.errors import BodyTooLargeError, MappingError, UnsupportedBodyError
from bridge.json_numbers import JsonNumber
from bridge.messages.body_parsing import form_of, read_content
from bridge.messages.envelope import MAX_MESSAGE_BYTES, check_body
from bridge.messages.received_event import ReceivedEvent
from bridge.sources.route import NO_PRIVACY, Route, RouteTarget
from bridge.sources.source import Source
from bridge.verification.identification import bounded
from bridge.verification.schemes import BodyForm

NO_FLOW = ""
"""For `Delivery.flow`: no route matches. It becomes a dead letter; a redrive routes it again."""

MOST_EVENTS = 5_000
"""Events of one webhook: SQS accepts ten per request, and the receiver times out after 19 s."""


@dataclass(frozen=True, slots=True)
class FanOutResult:
    """The deliveries of a webhook.

    Attributes:
        whole: the webhook itself, without a flow.
        deliveries: in the order of events and of their route's targets.
        filtered: how many of its events match no route.
    """

    whole: Delivery
    deliveries: tuple[Delivery, ...]
    filtered: int = 0


def fan_out(source: Source, received: ReceivedEvent) -> FanOutResult:
    """Redact a webhook, split it into events, and route each of them.

    Raises:
        UnsupportedBodyError: the body cannot be parsed, or cannot become a message.
        BodyTooLargeError: the body exceeds the inlet's limit, or has too many events.
    """
    whole = Delivery(
        source=source.name,
        delivery_id=received.delivery_id,
        key=received.key,
        event_type=received.event_type,
        flow=NO_FLOW,
        received_at=received.received_at,
        buffered_at=received.received_at,
        body=received.body,
        sent_at=received.sent_at,
    )
    if flow := _only_flow(source):
        check_body(source.connection, source.flows[flow], received.body)
        return FanOutResult(whole, (replace(whole, flow=flow),))
    if len(received.body) > MAX_MESSAGE_BYTES:
        raise BodyTooLargeError(f"the body is over {MAX_MESSAGE_BYTES} bytes")
    form = form_of(received.body, source.body_form)
    document = read_content(received.body, form, as_set=source.coverage.as_set)
    if not _can_take(source, form, document):
        raise UnsupportedBodyError("without a Map the body has to be a JSON object")
    redacted = _redact(source, document)
    if redacted is not document or form != "json":
        document = redacted
        whole = replace(whole, body=_written(document))
    headers = {name: received.headers[name] for name in source.headers if name in received.headers}
    return _routed(source, replace(whole, headers=headers), document)


def _redact(source: Source, document: Any) -> Any:
    """Remove what the signature does not cover, and redact private data."""
    coverage = source.coverage
    if not coverage.forwards_body:
        from bridge.messages.covered_parts import covered_only  # noqa: PLC0415 (few providers sign parts)

        document = covered_only(document, coverage.signed, coverage.unsigned)
    if source.privacy != NO_PRIVACY:
        from bridge.messages.privacy import redacted  # noqa: PLC0415 (few sources ask for it)

        document = redacted(document, source.privacy)
    return document


def route_again(source: Source, delivery: Delivery) -> FanOutResult:
    """Route a delivery that had no flow; it is a single, redacted event."""
    return _route_events(source, delivery, [(delivery, read_content(delivery.body, "json"))])


def _only_flow(source: Source) -> str:
    """Return the flow if all webhooks are forwarded unchanged to one, so no body is parsed."""
    if source.split or source.privacy != NO_PRIVACY or not source.coverage.forwards_body:
        return ""
    if source.body_form not in {"auto", "json"}:
        return ""
    route = source.routes[0]
    return route.targets[0].flow if route == Route((RouteTarget(route.targets[0].flow),)) else ""


def _routed(source: Source, whole: Delivery, document: Any) -> FanOutResult:
    if not source.split:
        return _route_events(source, whole, [(whole, document)])
    try:
        events = list(_events(source, whole, document))
    except MappingError:
        return FanOutResult(whole, (whole,))
    return _route_events(source, whole, events) if events else FanOutResult(whole, (), filtered=1)


def _events(source: Source, whole: Delivery, document: Any) -> Iterator[tuple[Delivery, Any]]:
    """Yield the events of a webhook. Raises MappingError if `Split` is not a list."""
    from bridge.messages.expressions import compile_expression  # noqa: PLC0415 (few are split)

    found = compile_expression(source.split).value(_context(source, whole, document))
    if not isinstance(found, list):
        raise MappingError("Split: does not return a list")
    if len(found) > MOST_EVENTS:
        raise BodyTooLargeError(f"the body has over {MOST_EVENTS} events")
    for position, event in enumerate(found):
        name, key = f"{whole.delivery_id}/{position}", part_key(whole.key, position)
        if source.item_id:
            context = _context(source, replace(whole, delivery_id=name), event)
            own = compile_expression(source.item_id).value(context)
            if isinstance(own, str | int | JsonNumber) and own != "":
                name, key = str(own), item_key(str(own))
        yield replace(whole, delivery_id=bounded(name), key=key, body=_written(event)), event


def _can_take(source: Source, form: BodyForm, document: Any) -> bool:
    """Whether a body can become a message: any body with a Map, else only objects."""
    if all(target.map for route in source.routes for target in route.targets):
        return True
    return form == "json" and (bool(source.split) or isinstance(document, dict))


def _route_events(
    source: Source, whole: Delivery, events: list[tuple[Delivery, Any]]
) -> FanOutResult:
    """Route events; one whose condition cannot be evaluated has no flow."""
    from bridge.messages.routing import route_of  # noqa: PLC0415 (plain sources need none)

    deliveries: list[Delivery] = []
    filtered = 0
    for delivery, document in events:
        try:
            route = route_of(source, _context(source, delivery, document))
        except MappingError:
            route = Route((RouteTarget(NO_FLOW),))
        if route is None:
            filtered += 1
            continue
        deliveries += _deliveries_of(delivery, route)
    return FanOutResult(whole, tuple(deliveries), filtered)


def _deliveries_of(delivery: Delivery, route: Route) -> Iterator[Delivery]:
    if len(route.targets) == 1:
        yield replace(delivery, flow=route.targets[0].flow)
        return
    for target in route.targets:
        yield replace(
            delivery,
            flow=target.flow,
            delivery_id=bounded(f"{delivery.delivery_id}/{target.flow}"),
            key=target_key(delivery.key, target.flow),
        )


def _context(source: Source, delivery: Delivery, document: Any) -> Mapping[str, Any]:
    from bridge.messages.routing import context_of  # noqa: PLC0415 (as above)

    return context_of(source, delivery, document)


def _written(document: Any) -> bytes:
    from bridge.strict_json import write_json  # noqa: PLC0415 (as above)

    try:
        return write_json(document)
    except (ValueError, RecursionError) as exc:
        raise UnsupportedBodyError(f"the body is not JSON: {type(exc).__name__}") from None
