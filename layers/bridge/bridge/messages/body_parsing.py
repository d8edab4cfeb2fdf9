"""Parse bodies as JSON, a form or XML, as the source declares or as the first bytes indicate.

The header Content-Type is ignored: few providers sign it, so an attacker who captured a webhook
could have its signed body parsed differently.
"""

import re
from typing import Any, Final
from urllib.parse import parse_qsl

from bridge.errors import UnsupportedBodyError
from bridge.strict_json import read_exact_body
from bridge.verification.extractors import form_fields
from bridge.verification.schemes import BodyForm

# More than any provider sends; bounds the work of parsing.
_MOST_FIELDS: Final = 5_000
# A form begins with the name of a field, which encoders write in these characters (WHATWG URL
# standard, "application/x-www-form-urlencoded percent-encode set"), some brackets unescaped.
_FORM: Final = re.compile(rb"[A-Za-z0-9*._~%+\[\]()$:@!'-]+=")
# Signs of UTF-16, which XML alone may be in, and a name or declaration in angle brackets.
_XML: Final = (b"<", b"\xff\xfe<", b"\xfe\xff\x00<", b"\xef\xbb\xbf<")
_SPACE: Final = b" \t\r\n"


def form_of(body: bytes, declared: BodyForm) -> BodyForm:
    """Return the declared form of a body, or with `auto` the one that its first bytes indicate."""
    if declared != "auto":
        return declared
    if body.lstrip(_SPACE).startswith(_XML):
        return "xml"
    return "form" if _FORM.match(body) else "json"


def read_content(body: bytes, form: BodyForm, *, as_set: bool = False) -> Any:
    """Parse a body into a document, which callers must not modify.

    Args:
        body: the bytes.
        form: the result of `form_of`.
        as_set: whether the form's fields are signed sorted and deduplicated; parse them likewise,
            so that one signature always means one document.

    Raises:
        UnsupportedBodyError: the body is not of this form, or not in UTF-8.
    """
    try:
        match form:
            case "form":
                return _form(_pairs_of_set(body) if as_set else _pairs(body))
            case "xml":
                from bridge.messages.xml_document import xml_document  # noqa: PLC0415 (few send it)

                return xml_document(body)
            case _:
                return read_exact_body(body)
    except (ValueError, RecursionError) as exc:
        reason = type(exc).__name__
    # Outside of the except clause: the context of the exception could quote the body.
    raise UnsupportedBodyError(f"the body is not {form}: {reason}")


def _pairs(body: bytes) -> list[tuple[str, str]]:
    return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)


def _pairs_of_set(body: bytes) -> list[tuple[str, str]]:
    fields = form_fields(body)
    if fields is None:
        raise ValueError("too many fields")
    return [(name.decode(), text.decode()) for name, text in sorted(set(fields))]


def _form(pairs: list[tuple[str, str]]) -> dict[str, str | list[str]]:
    """Return the values by field name; a list for a repeated name."""
    document: dict[str, str | list[str]] = {}
    for name, value in pairs:
        former = document.get(name)
        match former:
            case None:
                document[name] = value
            case list():
                former.append(value)
            case _:
                document[name] = [former, value]
    return document
