"""Convert a multipart form to a document that expressions can read."""

from typing import Any

from bridge.bodies.body_content import BodyContent
from bridge.bodies.form_parsing import fields_by_name, form_texts
from bridge.bodies.multipart import Part, parts_of


def multipart_document(content: BodyContent) -> dict[str, Any]:
    """Return the fields by name, as those of any form.

    A file is an object of `filename`, `contentType` and `size` in bytes; its content is omitted.

    Raises:
        ValueError: the body is not a multipart form.
        UnsupportedBodyError: it is in no known encoding.
    """
    parts = parts_of(content.content)
    fields = [(part.name, _text(part)) for part in parts]
    texts = form_texts(fields, content.codec)
    return fields_by_name(
        (name, text if part.filename is None else _file(part, text))
        for part, (name, text) in zip(parts, texts, strict=True)
    )


def _text(part: Part) -> bytes:
    return part.value if part.filename is None else part.filename


def _file(part: Part, filename: str) -> dict[str, Any]:
    return {"filename": filename, "contentType": part.content_type, "size": len(part.value)}
