"""Where in a request a value stands: `header:x-id`, `query:token`, `json:data.0.id`, `basic`.

A JSON path goes from name to name with dots; a number is an index of a list and `*` means each
item of one. Names that contain dots cannot be reached.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from bridge.webhook import Webhook


class Place(NamedTuple):
    """A parsed place: its kind and the name of the header or query field, or the JSON path."""

    kind: str
    name: str = ""
    path: tuple[str, ...] = ()


@lru_cache(maxsize=512)
def parse_place(text: str) -> Place:
    """Parse a place.

    Raises:
        ValueError: the text is none.
    """
    if text == "basic":
        return Place("basic")
    match text.split(":", maxsplit=1):
        case ["header", name] if name:
            return Place("header", name=name.lower())
        case ["query", name] if name:
            return Place("query", name=name)
        case ["json", path] if all(path.split(".")):
            return Place("json", path=tuple(path.split(".")))
    raise ValueError("a place is header:NAME, query:NAME, json:PATH or basic")


def values(webhook: Webhook, place: str) -> tuple[str, ...]:
    """The texts at a place; for a path with `*` one per item, empty where an item has none.

    Never raises on any request: where nothing is readable, nothing stands.
    """
    kind, name, path = parse_place(place)
    if kind == "header":
        found = webhook.headers.get(name, "")
    elif kind == "query":
        found = _query_field(webhook.url, name)
    elif kind == "basic":
        found = _basic_credentials(webhook.headers.get("authorization", ""))
    else:
        return _at(_document(webhook.body), path)
    return (found,) if found else ()


def value(webhook: Webhook, place: str) -> str:
    """The text at a place, or an empty one; several are joined with commas if none is empty."""
    found = values(webhook, place)
    return ",".join(found) if all(found) else ""


def _query_field(url: str, name: str) -> str:
    query = url.partition("?")[2]
    return next((found for field, found in parse_qsl(query) if field == name), "")


def _basic_credentials(header: str) -> str:
    """`user:password` of an Authorization header, RFC 7617."""
    word, _, encoded = header.partition(" ")
    if word.lower() != "basic":
        return ""
    try:
        credentials = base64.b64decode(encoded, validate=True).decode()
    except (ValueError, binascii.Error):
        return ""
    return credentials if ":" in credentials else ""


# A webhook is asked for its time, its id and its type one after the other.
@lru_cache(maxsize=1)
def _document(body: bytes) -> Any:
    """The body as JSON, or None; RecursionError is what deeply nested brackets raise."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _at(node: Any, path: Sequence[str]) -> tuple[str, ...]:
    for depth, step in enumerate(path):
        match node:
            case dict() if step in node:
                node = node[step]
            case list() if step == "*":
                rest = path[depth + 1 :]
                return tuple(text for item in node for text in _at(item, rest) or ("",))
            case list() if step.isdecimal() and int(step) < len(node):
                node = node[int(step)]
            case _:
                return ()
    return (text,) if (text := _text(node)) else ()


def _text(node: Any) -> str:
    match node:
        case str():
            return node
        case bool():
            return "true" if node else "false"
        case int() | float():
            return str(node)
    return ""
