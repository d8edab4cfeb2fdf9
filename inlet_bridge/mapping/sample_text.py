"""Write webhooks as `inlet map` reads samples: an object of headers, body and query."""

from collections.abc import Mapping
from typing import Any

from bridge.bodies.body_content import readable_content
from bridge.delivery.delivery import Delivery
from bridge.errors import WebhookRejectedError
from bridge.strict_json import read_json
from inlet_bridge.mapping.errors import PreviewError
from inlet_bridge.plain_text import plain_json


def sample_text(headers: Mapping[str, str], body: str, query: Mapping[str, Any]) -> str:
    """The text of a sample. A body of JSON is shown as JSON, any other one as a text."""
    try:
        document = read_json(body)
    except (ValueError, RecursionError):
        document = None
    is_shown = isinstance(document, dict | list)
    sample = {"headers": dict(headers), "body": document if is_shown else body}
    return plain_json(sample | ({"query": dict(query)} if query else {}))


def kept_sample(delivery: Delivery) -> str:
    """The text of a webhook whose body is kept: with the headers that its routes read.

    Raises:
        PreviewError: the body is not a text.
    """
    headers = {**delivery.headers}
    try:
        content = readable_content(delivery.body, delivery.content_type, delivery.content_encoding)
        body = content.content.decode(content.codec or "utf-8")
    except (WebhookRejectedError, UnicodeDecodeError, LookupError) as exc:
        raise PreviewError(
            "the body of this webhook is not a text, and cannot be shown as a sample",
            hint="Choose another one, or paste a sample.",
        ) from exc
    if media_type := delivery.content_type.partition(";")[0].strip():
        headers["content-type"] = media_type
    return sample_text(headers, body, delivery.query)
