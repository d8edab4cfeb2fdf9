"""Where in a request a value stands: `header:x-id`, `query:token`, `json:data.0.id`.

`form:name` is a field of a form-encoded body, `xml:Envelope/Body/Id` an element below the root
or `…/@name` an attribute, by their local names, and `basic` is `user:password` of an
Authorization header. A JSON path goes from name to name with dots; a number is an index of a
list and `*` means each item of a list, never a property of that name; names that contain dots
cannot be reached, and of a list or an object nothing is read but that a list is empty: `[]`.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from bridge.strict_json import read_body
from bridge.webhook import Webhook

EACH = "*"
"""A step of a JSON path: each item of a list."""

# More are no form that a provider sends, only work.
_MOST_FIELDS = 5_000
_MOST_MALFORMED = 1_000
_AS_QUOTED_PRINTABLE = bytes.maketrans(b"%+", b"= ")
_NO_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_QUOTED_PRINTABLE_ONLY = ((b"=", b"%3D"), (b"\r", b"%0D"), (b"\n", b"%0A"))


class Extractor(NamedTuple):
    """A parsed place: its kind and the name of the header or field, or the path."""

    kind: str
    name: str = ""
    path: tuple[str, ...] = ()


@lru_cache(maxsize=512)
def parse_extractor(text: str) -> Extractor:
    """Parse a place.

    Raises:
        ValueError: the text is none.
    """
    if text in {"basic", "method"}:
        return Extractor(text)
    match text.split(":", maxsplit=1):
        case ["header", name] if name:
            return Extractor("header", name=name.lower())
        case ["query" | "form" as kind, name] if name:
            return Extractor(kind, name=name)
        case ["json", path] if all(path.split(".")):
            return Extractor("json", path=tuple(path.split(".")))
        case ["xml", path] if all(path.split("/")):
            return Extractor("xml", path=tuple(path.split("/")))
    raise ValueError(
        "a place is header:NAME, query:NAME, form:NAME, json:PATH, xml:PATH, method or basic"
    )


def values(webhook: Webhook, place: str) -> tuple[str, ...]:
    """The texts at a place; for a path with `*` one per item, empty where an item has none.

    Never raises on any request: where nothing is readable, nothing stands.
    """
    kind, name, path = parse_extractor(place)
    match kind:
        case "header":
            found = webhook.headers.get(name, "")
        case "json":
            return _at(_document(webhook.body), path)
        case "query":
            found = _query_field(webhook.url, name)
        case "form":
            found = _form_field(webhook.body, name)
        case "method":
            found = webhook.method
        case "xml":
            from bridge.verification.xml_extractor import text_at  # noqa: PLC0415 (two providers of 70)

            found = text_at(webhook.body, path)
        case _:
            found = _basic_credentials(webhook.headers.get("authorization", ""))
    return (found,) if found else ()


def value(webhook: Webhook, place: str) -> str:
    """The text at a place, or an empty one; several are joined with commas if none is empty."""
    found = values(webhook, place)
    return ",".join(found) if all(found) else ""


# As a document: a form is asked for its fields several times.
@lru_cache(maxsize=1)
def form_fields(body: bytes) -> tuple[tuple[bytes, bytes], ...] | None:
    """Names and values of a form-encoded body, decoded; None when it is not worth reading.

    That is one of over 5,000 fields, or with over 1,000 signs `%` that begin no escape: no
    encoder writes them, and each costs time.
    """
    if body.count(b"&") >= _MOST_FIELDS:
        return None
    fields = _decoded_fields(body)
    if fields is None:
        body, malformed = _NO_ESCAPE.subn(b"%25", body, _MOST_MALFORMED + 1)
        fields = None if malformed > _MOST_MALFORMED else _decoded_fields(body)
    return fields


def _decoded_fields(body: bytes) -> tuple[tuple[bytes, bytes], ...] | None:
    """Names and values of a form; None where a `%` does not begin an escape."""
    decoded = []
    for field in body.split(b"&"):
        if field:
            name, _, text = field.partition(b"=")
            pair = (_unquoted(name), _unquoted(text))
            if pair[0] is None or pair[1] is None:
                return None
            decoded.append((pair[0], pair[1]))
    return tuple(decoded)


def _unquoted(text: bytes) -> bytes | None:
    """A name or value of a form without its percent-encoding; None where a `%` is no escape.

    `unquote_to_bytes` runs Python code for each `%`: 1.7 s for 4 MB of them. Quoted-printable
    differs in the sign only and has a decoder in C. What it would read as an escape or a line
    break of its own is escaped first. An escape is two bytes longer than what it means; anything
    else that begins with the sign loses less.
    """
    if b"%" not in text:
        return text.replace(b"+", b" ")
    for plain, escaped in _QUOTED_PRINTABLE_ONLY:
        text = text.replace(plain, escaped)
    decoded = binascii.a2b_qp(text.translate(_AS_QUOTED_PRINTABLE))
    return decoded if len(text) - len(decoded) == 2 * text.count(b"%") else None


def _form_field(body: bytes, name: str) -> str:
    fields = form_fields(body) or ()
    wanted = name.encode()
    return next((text.decode(errors="replace") for field, text in fields if field == wanted), "")


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


# What is no JSON is not read again either.
@lru_cache(maxsize=1)
def _document(body: bytes) -> Any:
    """The body as JSON, or None; RecursionError is what deeply nested brackets raise."""
    try:
        return read_body(body)
    except (ValueError, RecursionError):
        return None


def _at(node: Any, path: Sequence[str]) -> tuple[str, ...]:
    for depth, step in enumerate(path):
        match node:
            case dict() if step != EACH and step in node:
                node = node[step]
            case list() if step == EACH:
                rest = path[depth + 1 :]
                return tuple(text for item in node for text in _at(item, rest) or ("",))
            case list() if step.isdecimal() and int(step) < len(node):
                node = node[int(step)]
            case _:
                return ()
    return (text,) if (text := text_of(node)) else ()


def text_of(node: Any) -> str:
    """What a value of JSON says as a text; nothing of null, an object or a list with items."""
    match node:
        case str():
            return node
        case bool():
            return "true" if node else "false"
        case int() | float():
            return str(node)
        case []:
            return "[]"
    return ""
