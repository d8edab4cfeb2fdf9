"""The events of a webhook that `Split` divides."""

from collections.abc import Iterator
from typing import Any

from bridge.delivery.body_encoding import MAX_ENCODED_BODY, encoded_body, fits_queue
from bridge.delivery.delivery import Delivery
from bridge.errors import BodyTooLargeError, MappingError
from bridge.idempotency_keys import bounded, item_key, part_key
from bridge.json_numbers import JsonNumber
from bridge.messages.body_parsing import MOST_EVENTS
from bridge.messages.documents import written
from bridge.messages.expressions import compile_expression
from bridge.messages.item_fields import item_fields
from bridge.messages.json_types import with_article
from bridge.messages.routing import context_of
from bridge.sources.source import Source


def split_events(source: Source, whole: Delivery, document: Any) -> Iterator[tuple[Delivery, Any]]:
    """Yield the events of a webhook, each with its document.

    Raises:
        MappingError: `Split` is not a list.
        BodyTooLargeError: there are too many, or one is too large as JSON.
    """
    found = compile_expression(source.split).value(context_of(source, whole, document))
    if not isinstance(found, list):
        raise MappingError(f"Split: {source.split} is {with_article(found)}, not a list")
    if len(found) > MOST_EVENTS:
        raise BodyTooLargeError(f"the body has over {MOST_EVENTS} events")
    fields = item_fields(source, whole, document)
    for position, item in enumerate(found):
        yield _event(source, fields.of(whole, document, item), position, item), item


def _event(source: Source, whole: Delivery, position: int, item: Any) -> Delivery:
    """One event: it carries only its own part of the body.

    Raises BodyTooLargeError: a part of a form can be larger as JSON than the form.
    """
    name, key = f"{whole.delivery_id}/{position}", part_key(whole.key, position)
    if source.item_id:
        context = context_of(source, whole._replace(delivery_id=name), item)
        if own := _identifier(compile_expression(source.item_id).value(context)):
            name, key = own, item_key(own)
    body = written(item)
    if not (fits_queue(body) or len(encoded_body(body)[1]) <= MAX_ENCODED_BODY):
        raise BodyTooLargeError(f"an event of the body is over {MAX_ENCODED_BODY} bytes as JSON")
    event = whole._replace(delivery_id=bounded(name), key=key, body=body, kind="event")
    return event._replace(content_type="", content_encoding="")


def _identifier(value: Any) -> str:
    """The text of an ID; empty for what identifies nothing, such as a blank text or a boolean."""
    if isinstance(value, bool) or not isinstance(value, str | int | JsonNumber):
        return ""
    text = str(value)
    return "" if text.isspace() else text
