"""Parse XML documents from unauthenticated clients with Expat."""

from collections.abc import Mapping
from typing import Final, Never, Protocol
from xml.parsers import expat

MAX_DEPTH: Final = 100
"""Nesting of elements; messages of providers are less deep."""


class ElementHandler(Protocol):
    """Receives the elements of a document in order; may raise ValueError."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""

    def text(self, text: str) -> None:
        """Add text to the current element."""

    def end(self, name: str) -> None:
        """End an element."""


def parse_xml(body: bytes, handler: ElementHandler) -> None:
    """Pass the elements of a document to a handler.

    Raises:
        ValueError: it is not well-formed, or declares a type, which enables attacks on parsers.
    """
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _reject_doctype
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError) as exc:
        raise ValueError(type(exc).__name__) from None


def local_name(name: str) -> str:
    """An element or attribute name without its namespace."""
    return name.rpartition("}")[2]


def _reject_doctype(*_: object) -> Never:
    raise ValueError("declares a type")
