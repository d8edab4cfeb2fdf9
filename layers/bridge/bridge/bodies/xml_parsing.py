"""Parse XML documents from unauthenticated clients with Expat."""

import re
from collections.abc import Mapping
from typing import Final, Never, Protocol
from xml.parsers import expat

from bridge.bodies.body_content import BodyContent
from bridge.bodies.charsets import UTF8, codec_named, converted, is_utf8
from bridge.errors import UnsupportedBodyError

MAX_DEPTH: Final = 100
"""Nesting of elements; messages of providers are less deep."""

_DECLARATION: Final = re.compile(
    rb"""\s*<\?xml[^>]{0,100}?\sencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})"""
)


class ElementHandler(Protocol):
    """Receives the elements of a document in order; may raise ValueError."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""

    def text(self, text: str) -> None:
        """Add text to the current element."""

    def end(self, name: str) -> None:
        """End an element."""


def parse_xml(content: BodyContent, handler: ElementHandler) -> None:
    """Pass the elements of a document to a handler.

    Raises:
        ValueError: it is not well-formed, or declares a type, which enables attacks on parsers.
        UnsupportedBodyError: it is not in the encoding that it declares.
    """
    body, encoding = _decoded(content)
    parser = expat.ParserCreate(encoding, namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _reject_doctype
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    try:
        # Some senders write a line break before the declaration, which XML does not permit.
        parser.Parse(body.lstrip(b" \t\r\n"), True)
    except (expat.ExpatError, LookupError) as exc:
        raise ValueError(type(exc).__name__) from None


def local_name(name: str) -> str:
    """An element or attribute name without its namespace."""
    return name.rpartition("}")[2]


def _decoded(content: BodyContent) -> tuple[bytes, str | None]:
    """A document with its encoding if that overrides the declaration.

    Byte order marks precede the declaration, and the declaration precedes Content-Type, unlike in
    RFC 7303: it is signed with the document.
    """
    body = content.content
    if content.is_utf8:
        return body, UTF8
    declared = _DECLARATION.match(body)
    codec = content.codec
    if declared:
        try:
            codec = codec_named(declared[1].decode())
        except UnsupportedBodyError:
            return body, None
        if codec.startswith("utf-16"):  # .NET writes that into documents in UTF-8.
            return body, UTF8
    elif is_utf8(body):
        codec = UTF8
    return (converted(body, codec), UTF8) if codec not in {"", UTF8} else (body, None)


def _reject_doctype(*_: object) -> Never:
    raise ValueError("declares a type")
