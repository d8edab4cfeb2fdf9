"""Extract values from a request: `header:x-id`, `query:token`, `json:data.0.id`.

`header:a|b` is the first of two headers that is not empty, `header:a-*` each header whose name
begins so (see `header_names`). `form:name` is a text field of a form, `xml:Envelope/Body/Id` an
element below the root or `…/@name` an attribute, by local names, and `basic` is `user:password` of
an Authorization header. `claim:plaid-verification/iat` is a claim of the JSON Web Token in a
header, and `body_sha256` the SHA-256 of the body in hex.

Dots separate the steps of a JSON path; a number is the index of a list and `*` means each item of
a list, never a property of that name. Names that contain dots are not supported. In an XML path,
`Item/*/Id` means the `Id` of each `Item`. Objects and lists have no value, except that an empty
list is `[]`.
"""

import base64
import binascii
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from bridge.bodies.body_content import BodyContent
from bridge.bodies.charsets import in_utf8, is_utf8
from bridge.errors import UnsupportedBodyError
from bridge.json_numbers import JsonNumber
from bridge.strict_json import read_body
from bridge.verification.header_names import spelled_values
from bridge.webhook import Webhook

EACH = "*"
"""A step of a JSON path: each item of a list."""


class Extractor(NamedTuple):
    """A parsed extractor: its kind, and the name of the header or field, or the path."""

    kind: str
    name: str = ""
    path: tuple[str, ...] = ()


@lru_cache(maxsize=512)
def parse_extractor(text: str) -> Extractor:
    """Parse an extractor.

    Raises:
        ValueError: the text is not an extractor.
    """
    if text in {"basic", "method", "body_sha256"}:
        return Extractor(text)
    match text.split(":", maxsplit=1):
        case ["header", name] if name:
            return Extractor("header", name=name.lower())
        case ["query" | "form" as kind, name] if name:
            return Extractor(kind, name=name)
        case ["json", path] if all(path.split(".")):
            return Extractor("json", path=tuple(path.split(".")))
        case ["xml", path] if all(path.split("/")) and path.split("/")[0] != EACH:
            return Extractor("xml", path=tuple(path.split("/")))
        case ["claim", place] if all(parts := place.rpartition("/")):
            return Extractor("claim", name=parts[0].lower(), path=(parts[2],))
    from bridge.verification.extractor_advice import likely_extractor  # noqa: PLC0415 (only then)

    raise ValueError(
        "must be header:NAME, query:NAME, form:NAME, json:PATH, xml:PATH, claim:HEADER/NAME, "
        f"method, basic or body_sha256{likely_extractor(text)}"
    )


def values(webhook: Webhook, extractor: str) -> tuple[str, ...]:
    """The extracted values; for a path with `*` one per item, empty where an item has none.

    Never raises, whatever the request: an unreadable body has no values.
    """
    kind, name, path = parse_extractor(extractor)
    match kind:
        case "header":
            if text := webhook.headers.get(name):
                return (text,)
            return spelled_values(webhook.headers, name)
        case "json":
            return texts_in(_document(webhook.content), path)
        case "query":
            found = _query_field(webhook.url, name)
        case "form":
            found = _form_field(webhook.content, name)
        case "method":
            found = webhook.method
        case "xml":
            from bridge.verification.xml_extractor import texts_at  # noqa: PLC0415 (two providers of 70)

            texts = texts_at(webhook.content, path)
            return texts if EACH in path or any(texts) else ()
        case "body_sha256":
            found = sha256(webhook.body).hexdigest()
        case "claim":
            from bridge.verification.token_claims import claim  # noqa: PLC0415 (few senders)

            found = text_of(claim(webhook.headers.get(name, ""), path[0]))
        case _:
            found = _basic_credentials(webhook.headers.get("authorization", ""))
    return (found,) if found else ()


def value(webhook: Webhook, extractor: str) -> str:
    """The extracted value, or an empty one; several are joined with commas if none is empty."""
    found = values(webhook, extractor)
    return ",".join(found) if all(found) else ""


def _form_field(content: BodyContent, name: str) -> str:
    from bridge.bodies.form_parsing import form_texts, text_fields  # noqa: PLC0415 (few providers send forms)

    fields = text_fields(content.content) or ()
    wanted = name.encode()
    found = next((text for field, text in fields if field == wanted), b"")
    if is_utf8(found):
        return found.decode()
    try:
        texts = form_texts(fields, content.codec)
    except UnsupportedBodyError:
        return found.decode(errors="replace")
    return next((text for field, text in texts if field == name), "")


def _query_field(url: str, name: str) -> str:
    query = url.partition("?")[2]
    return next((found for field, found in parse_qsl(query) if field == name), "")


def _basic_credentials(header: str) -> str:
    """`user:password` of an Authorization header, RFC 7617.

    RFC 9110, 11.4, allows several spaces after the authorization scheme. RFC 7617 does not define
    the encoding: UTF-8, else Latin-1 as older clients write it.
    """
    word, _, encoded = header.partition(" ")
    encoded = encoded.strip(" \t")
    if word.lower() != "basic":
        return ""
    try:
        decoded = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        return ""
    credentials = decoded.decode() if is_utf8(decoded) else decoded.decode("latin-1")
    return credentials if ":" in credentials else ""


# Caches the failure to parse, too.
@lru_cache(maxsize=1)
def _document(content: BodyContent) -> Any:
    """The body as JSON, or None; deeply nested brackets raise RecursionError."""
    try:
        return read_body(in_utf8(content.content, content.codec))
    except (UnsupportedBodyError, ValueError, RecursionError):
        return None


def texts_in(node: Any, path: Sequence[str]) -> tuple[str, ...]:
    """The texts at a JSON path; with `*` one per item, empty where an item has none."""
    for depth, step in enumerate(path):
        match node:
            case dict() if step != EACH and step in node:
                node = node[step]
            case list() if step == EACH:
                rest = path[depth + 1 :]
                return tuple(text for item in node for text in texts_in(item, rest) or ("",))
            case list() if step.isdecimal() and int(step) < len(node):
                node = node[int(step)]
            case _:
                return ()
    return (text,) if (text := text_of(node)) else ()


def text_of(node: Any) -> str:
    """The text of a JSON value; empty for null, an object or a non-empty list."""
    match node:
        case str():
            return node
        case bool():
            return "true" if node else "false"
        case int() | float() | JsonNumber():
            return str(node)
        case []:
            return "[]"
    return ""
