"""Tests of the conversion of XML."""

import pytest

from bridge.bodies.body_content import BodyContent
from bridge.bodies.xml_parsing import ElementHandler
from bridge.messages import xml_document as converting


class Part(str):
    """A text that counts the characters that are copied to add it to others."""

    __slots__ = ()
    copied = 0

    def __radd__(self, other: str) -> str:
        Part.copied += len(other)
        return Part(f"{other}{self}")


def test_text_between_many_elements_is_not_copied_for_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else a megabyte of `x<b/>` takes seconds."""

    def parse(_: BodyContent, handler: ElementHandler) -> None:
        handler.start("r", {})
        for _number in range(1_000):
            handler.text(Part("x"))
            handler.start("b", {})
            handler.end("b")
        handler.end("r")

    monkeypatch.setattr(converting, "parse_xml", parse)

    document = converting.xml_document(BodyContent(b""))

    assert document == {"r": {"b": [""] * 1_000, "#text": "x" * 1_000}}
    assert Part.copied == 0
