"""Read the body of a delivery by the source's current settings.

A body that was stored as received is read again each time, so a changed `Body` or `Privacy` takes
effect on what waits, and on dead letters that are redriven.
"""

from typing import Any, Final

from bridge.bodies.body_content import BodyContent, readable_content
from bridge.delivery.delivery import Delivery
from bridge.errors import UnsupportedBodyError
from bridge.messages.body_parsing import form_of, json_text, read_content, read_document
from bridge.sources.route import NO_PRIVACY
from bridge.sources.source import Source
from bridge.strict_json import write_json

NOT_AN_OBJECT: Final = "without a Map the body has to be a JSON object"
NO_BODY: Final = "the request has no body; each route needs a Map, and Body must be auto"


def document_of(source: Source, delivery: Delivery) -> Any:
    """Return what expressions read as `body`, which callers must not modify.

    Raises:
        UnsupportedBodyError: the body cannot be read.
        BodyTooLargeError: it has too many lines.
    """
    if delivery.kind in {"document", "event"}:
        return read_content(delivery.body, "json")
    if delivery.kind == "json":
        return redacted(source, read_content(delivery.body, "json"))
    return redacted(source, received_document(source, content_of(source, delivery)))


def received_document(source: Source, content: BodyContent) -> Any:
    """Return the document of a body as received; null without a body. Raises as `document_of`."""
    if not content.content:
        if source.body_form != "auto":
            raise UnsupportedBodyError(NO_BODY)
        return None
    form = form_of(content.content, source.body_form)
    return read_document(content, form, as_set=source.coverage.as_set)


def content_of(source: Source, delivery: Delivery) -> BodyContent:
    """Return the readable content of a body that is stored as received. Raises as `document_of`."""
    content_type = f"; charset={source.charset}" if source.charset else delivery.content_type
    return readable_content(delivery.body, content_type, delivery.content_encoding)


def redacted(source: Source, document: Any) -> Any:
    """Remove what the signature does not cover, and redact private data."""
    coverage = source.coverage
    if not coverage.forwards_body:
        from bridge.messages.covered_parts import covered_only  # noqa: PLC0415 (few providers sign parts)

        document = covered_only(document, coverage.signed, coverage.unsigned)
    if source.privacy != NO_PRIVACY:
        from bridge.messages import privacy  # noqa: PLC0415 (few sources ask for it)

        document = privacy.redacted(document, source.privacy)
    return document


def unmapped_body(source: Source, delivery: Delivery) -> bytes:
    """Return the body as JSON in UTF-8, for a message without a `Map`.

    Bodies of the kind `json` keep their bytes, and are not parsed unless the source redacts them.

    Raises:
        UnsupportedBodyError: the body is not a JSON object.
    """
    is_received = delivery.kind in {"json", "received"}
    # Most sources have this object itself, which is found without a comparison of its fields.
    redacts = source.privacy is not NO_PRIVACY and source.privacy != NO_PRIVACY
    if is_received and (redacts or not source.coverage.forwards_body):
        return write_json(_object(document_of(source, delivery)))
    if delivery.kind != "received":
        return delivery.body
    content = content_of(source, delivery)
    if not content.content or form_of(content.content, source.body_form) != "json":
        raise UnsupportedBodyError(NOT_AN_OBJECT)
    _object(read_document(content, "json"))
    return json_text(content)


def _object(document: Any) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise UnsupportedBodyError(NOT_AN_OBJECT)
    return document


def written(document: Any) -> bytes:
    """Write a document as JSON. Raises UnsupportedBodyError."""
    try:
        return write_json(document)
    except (ValueError, RecursionError):
        raise UnsupportedBodyError("the body is not JSON") from None
