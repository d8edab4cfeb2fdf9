"""The URLs of pages about one webhook. Delivery IDs are chosen by senders."""

from typing import Final
from urllib.parse import quote, urlencode

# Browsers remove these segments from a path, also if they are escaped:
# https://url.spec.whatwg.org/#double-dot-path-segment
_DOTS: Final = frozenset({".", ".."})


def webhook_path(stack: str, source: str, delivery_id: str, **query: str) -> str:
    """The path of a delivery; an ID of dots is named by its key."""
    shown = f"id:{delivery_id}" if delivery_id in _DOTS else delivery_id
    path = f"/stacks/{_part(stack)}/webhooks/{_part(source)}/{_part(shown)}"
    return f"{path}?{urlencode(query)}" if query else path


def refusal_path(stack: str, request_id: str) -> str:
    """The path of a refused request."""
    return f"/stacks/{_part(stack)}/refusals/{_part(request_id)}"


def in_form(delivery_id: str) -> str:
    """An ID as a value of a form: a page replaces characters that are invisible."""
    return _part(delivery_id)


def _part(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")
