"""Parse bodies as JSON, a form or XML, as the source declares or as the first bytes indicate.

The media type of Content-Type is ignored: few providers sign it, so an attacker who captured a
webhook could have its signed body parsed differently. Its charset counts only for bodies that are
not UTF-8, see `bridge.bodies.charsets`.
"""

import re
from typing import Any, Final

from bridge.bodies.body_content import BodyContent, readable_content
from bridge.bodies.charsets import in_utf8
from bridge.errors import BodyTooLargeError, UnsupportedBodyError
from bridge.strict_json import read_body, read_json
from bridge.verification.schemes import BodyForm

MOST_EVENTS: Final = 5_000
"""Events of one webhook: SQS accepts ten per request, and the receiver times out after 19 s."""

# A form begins with the name of a field, which encoders write in these characters (WHATWG URL
# standard, "application/x-www-form-urlencoded percent-encode set"), some brackets unescaped.
_FORM: Final = re.compile(rb"[A-Za-z0-9*._~%+\[\]()$:@!'-]+=")
_SPACE: Final = b" \t\r\n"
# Of a multipart form with text before it or other line breaks. A form has no line breaks.
_PART: Final = re.compile(rb"(?:^|\n)--[^\r\n]{1,70}\r?\ncontent-disposition:", re.IGNORECASE)
_FIRST_LINES: Final = 4_096
# Between two objects of NDJSON, also with blank lines. JSON has a comma there, and no line breaks
# in texts.
_LINES: Final = re.compile(rb"\}[ \t\r]*\n[ \t\r\n]*\{")

_NAMES: Final = {
    "json": "JSON",
    "form": "a form",
    "multipart": "a multipart form",
    "xml": "XML",
    "ndjson": "NDJSON",
}


def form_of(body: bytes, declared: BodyForm) -> BodyForm:
    """Return the declared form of a body, or with `auto` the one that its first bytes indicate.

    A declared `form` may be multipart, and may be JSON: some senders label JSON as a form.

    Args:
        body: its readable content.
        declared: by the source.
    """
    match declared:
        case "auto":
            return _detected(body)
        case "form":
            seen = _detected(body)
            return seen if seen == "multipart" or _is_json(body) else "form"
    return declared


def _detected(body: bytes) -> BodyForm:
    beginning = body.lstrip(_SPACE)
    if beginning.startswith(b"<"):
        return "xml"
    if beginning.startswith(b"--") and _is_multipart(body):
        return "multipart"
    if beginning.startswith(b"{") and _LINES.search(body):
        return "ndjson"
    return "form" if _FORM.match(body) else "json"


def _is_multipart(body: bytes) -> bool:
    from bridge.bodies.multipart import is_multipart  # noqa: PLC0415 (few send it)

    return is_multipart(body)


def _is_json(body: bytes) -> bool:
    return body.lstrip(_SPACE).startswith((b"{", b"["))


def read_content(body: bytes, form: BodyForm, *, as_set: bool = False) -> Any:
    """Parse a body without headers, as `read_document` does."""
    return read_document(readable_content(body), form, as_set=as_set)


def read_document(content: BodyContent, form: BodyForm, *, as_set: bool = False) -> Any:
    """Parse a body into a document, which callers must not modify.

    Args:
        content: of the body.
        form: the result of `form_of`.
        as_set: whether the form's fields are signed sorted and deduplicated; parse them likewise,
            so that one signature always means one document.

    Raises:
        UnsupportedBodyError: the body is not of this form, or in no known encoding.
        BodyTooLargeError: it has over 5,000 lines of NDJSON.
    """
    if as_set:
        form = "form"
    try:
        return _parsed(content, form, as_set=as_set)
    except (ValueError, RecursionError):
        pass
    # Outside of the except clause: the context of the exception could quote the body.
    raise UnsupportedBodyError(f"the body is not {_NAMES[form]}")


def _parsed(content: BodyContent, form: BodyForm, *, as_set: bool) -> Any:
    match form:
        case "form":
            if as_set and _detected(content.content) == "json" and _is_json(content.content):
                raise ValueError("JSON")
            if not as_set and _PART.search(content.content, 0, _FIRST_LINES):
                raise ValueError("malformed multipart")
            return _form(content, as_set=as_set)
        case "multipart":
            from bridge.messages.multipart_document import multipart_document  # noqa: PLC0415 (few)

            return multipart_document(content)
        case "ndjson":
            return _lines(json_text(content))
        case "xml":
            from bridge.messages.xml_document import xml_document  # noqa: PLC0415 (few send it)

            return xml_document(content)
        case _:
            return read_body(json_text(content))


def json_text(content: BodyContent) -> bytes:
    """Return the text of JSON in UTF-8. Raises UnsupportedBodyError if it is in another charset."""
    return in_utf8(content.content, content.codec) if content.codec else content.content


def _lines(body: bytes) -> list[Any]:
    """Return the values of NDJSON. Raises UnsupportedBodyError with the number of a bad line."""
    numbered = [(n, line) for n, line in enumerate(body.split(b"\n"), start=1) if line.strip()]
    if len(numbered) > MOST_EVENTS:
        raise BodyTooLargeError(f"the body has over {MOST_EVENTS} lines")
    found = []
    for number, line in numbered:
        try:
            found.append(read_json(line.decode()))
            continue
        except (ValueError, RecursionError):
            pass
        raise UnsupportedBodyError(f"line {number} of the body is not JSON")
    return found


def _form(content: BodyContent, *, as_set: bool) -> dict[str, Any]:
    from bridge.bodies.form_parsing import fields_by_name, form_fields, form_texts  # noqa: PLC0415 (few)

    fields = form_fields(content.content)
    if fields is None:
        raise ValueError("too many fields")
    pairs = form_texts(sorted(set(fields)) if as_set else fields, content.codec)
    return fields_by_name((name, value) for name, value in pairs)
