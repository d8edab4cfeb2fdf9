"""Split a verified webhook into deliveries: one per event and target."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from bridge.bodies.body_content import BodyContent, needs_no_headers, readable_content
from bridge.delivery.body_encoding import fits_queue
from bridge.delivery.delivery import Delivery
from bridge.errors import BodyTooLargeError, MappingError, UnsupportedBodyError
from bridge.idempotency_keys import bounded, target_key
from bridge.messages.body_parsing import form_of, json_text, read_content
from bridge.messages.documents import NO_BODY, NOT_AN_OBJECT, content_of, document_of, written
from bridge.messages.envelope import MAX_MESSAGE_BYTES, check_body
from bridge.messages.received_event import ReceivedEvent
from bridge.sources.route import NO_PRIVACY, Route, RouteTarget
from bridge.sources.source import Source

_METHODS_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})

NO_FLOW = ""
"""For `Delivery.flow`: no route matches. It becomes a dead letter; a redrive routes it again."""


class FanOutResult(NamedTuple):
    """The deliveries of a webhook.

    Attributes:
        whole: the webhook itself, without a flow.
        deliveries: in the order of events and of their route's targets.
        filtered: how many of its events match no route.
        fault: why `Split` or the condition of a route could not be evaluated.
        repeated: how many of its events have the ID and the content of another one in it.
    """

    whole: Delivery
    deliveries: tuple[Delivery, ...]
    filtered: int = 0
    fault: str = ""
    repeated: int = 0


def fan_out(source: Source, received: ReceivedEvent) -> FanOutResult:
    """Redact a webhook, split it into events, and route each of them.

    Raises:
        UnsupportedBodyError: the body cannot be parsed, or cannot become a message.
        BodyTooLargeError: the body exceeds the inlet's limit, or has too many events.
    """
    content = readable_content(
        received.body,
        received.headers.get("content-type", ""),
        received.headers.get("content-encoding", ""),
    )
    whole = _as_received(source, received, content)
    if flow := _only_flow(source):
        if not content.content:
            raise UnsupportedBodyError(NO_BODY)
        text = json_text(content)
        check_body(source.connection, source.flows[flow], text)
        stored = whole if fits_queue(whole.body) else _with_document(whole, text)
        return FanOutResult(whole, (stored._replace(flow=flow),))
    if len(content.content) > MAX_MESSAGE_BYTES:
        raise BodyTooLargeError(f"the body is over {MAX_MESSAGE_BYTES} bytes")
    if not (content.content or _is_event_without_body(source, received.method)):
        raise UnsupportedBodyError("the request has no body; for GET, set AllowedMethods")
    headers = {name: received.headers[name] for name in source.headers if name in received.headers}
    whole = whole._replace(headers=headers)
    if source.query:
        from bridge.messages.query import query_values  # noqa: PLC0415 (few sources read it)

        whole = whole._replace(query=query_values(received.url, source.query, source.charset))
    return _routed_whole(source, whole)


def route_again(source: Source, delivery: Delivery) -> FanOutResult:
    """Route a delivery that had no flow, and split it if that failed before.

    Raises:
        UnsupportedBodyError: the body cannot be read with the current settings of the source.
        BodyTooLargeError: it has too many events.
    """
    if delivery.kind == "event":
        return _route_events(source, delivery, [(delivery, document_of(source, delivery))])
    return _routed_whole(source, delivery)


def _as_received(source: Source, received: ReceivedEvent, content: BodyContent) -> Delivery:
    headers = received.headers
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
        kept=received.key if source.keep_bodies else "",
    )
    if content == BodyContent(received.body) and _is_json(source, content):
        return whole
    content_type = headers.get("content-type", "")
    content_encoding = headers.get("content-encoding", "")
    if needs_no_headers(content_type, content_encoding):
        return whole._replace(kind="received")
    return whole._replace(
        kind="received", content_type=content_type, content_encoding=content_encoding
    )


def _is_json(source: Source, content: BodyContent) -> bool:
    return bool(content.content) and form_of(content.content, source.body_form) == "json"


def _is_event_without_body(source: Source, method: str) -> bool:
    """Whether a request without a body is an event; with GET, only if the source says so."""
    if method == "GET":
        return method in source.access_rules.allowed_methods
    return method in _METHODS_WITH_BODY


def _routed_whole(source: Source, whole: Delivery) -> FanOutResult:
    document = document_of(source, whole)
    if not _can_take(source, whole, document):
        raise UnsupportedBodyError(NO_BODY if document is None else NOT_AN_OBJECT)
    return _routed(source, _stored(source, whole, document), document)


def _stored(source: Source, whole: Delivery, document: Any) -> Delivery:
    """Return a delivery with the body that may be stored: as received, or the document.

    The document is stored if data was redacted or omitted. It also replaces bytes that do not fit
    a message of the queue, such as large binary ones.
    """
    is_whole = source.privacy == NO_PRIVACY and source.coverage.forwards_body
    if whole.kind == "json":
        is_whole = is_whole or document is read_content(whole.body, "json")
    if whole.kind == "document" or (is_whole and fits_queue(whole.body)):
        return whole
    return _with_document(whole, written(document))


def _with_document(whole: Delivery, body: bytes) -> Delivery:
    """A delivery with a document in place of its body. Raises BodyTooLargeError."""
    if not fits_queue(body):
        raise BodyTooLargeError(f"the body is over {MAX_MESSAGE_BYTES} bytes")
    return whole._replace(body=body, kind="document", content_type="", content_encoding="")


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
    from bridge.messages.split_events import split_events  # noqa: PLC0415 (few are split)

    try:
        events = list(split_events(source, whole, document))
    except MappingError as exc:
        return FanOutResult(whole, (whole,), fault=str(exc))
    if not events:
        return FanOutResult(whole, (), filtered=1)
    # Of another content with the same ID, the records decide, if they are kept.
    distinct: dict[tuple[str, bytes], tuple[Delivery, Any]] = {}
    for event, item in events:
        distinct.setdefault((event.key, event.body), (event, item))
    routed = _route_events(source, whole, list(distinct.values()))
    return routed._replace(repeated=len(events) - len(distinct))


def _can_take(source: Source, whole: Delivery, document: Any) -> bool:
    """Whether a body can become a message: any body with a Map, else only objects."""
    if all(target.map for route in source.routes for target in route.targets):
        return True
    if isinstance(document, list):
        return bool(source.split)
    is_json = whole.kind != "received" or _is_json(source, content_of(source, whole))
    return is_json and (bool(source.split) or isinstance(document, dict))


def _route_events(
    source: Source, whole: Delivery, events: list[tuple[Delivery, Any]]
) -> FanOutResult:
    """Route events; one whose condition cannot be evaluated has no flow."""
    from bridge.messages.routing import context_of, route_of  # noqa: PLC0415 (plain sources need none)

    deliveries: list[Delivery] = []
    filtered, fault = 0, ""
    for delivery, document in events:
        try:
            route = route_of(source, context_of(source, delivery, document))
        except MappingError as exc:
            route, fault = Route((RouteTarget(NO_FLOW),)), str(exc)
        if route is None:
            filtered += 1
            continue
        deliveries += _deliveries_of(delivery, route)
    return FanOutResult(whole, tuple(deliveries), filtered, fault)


def _deliveries_of(delivery: Delivery, route: Route) -> Iterator[Delivery]:
    if len(route.targets) == 1:
        yield delivery._replace(flow=route.targets[0].flow)
        return
    for target in route.targets:
        yield delivery._replace(
            flow=target.flow,
            delivery_id=bounded(f"{delivery.delivery_id}/{target.flow}"),
            key=target_key(delivery.key, target.flow),
        )
