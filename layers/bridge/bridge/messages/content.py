"""What a body says, whichever way it was written: JSON, a form or XML."""

from typing import Any, Final
from urllib.parse import parse_qsl

from bridge.errors import UnsupportedBodyError
from bridge.strict_json import read_body

FORM: Final = "application/x-www-form-urlencoded"
# More are no form that a provider sends, only work.
_MOST_FIELDS: Final = 5_000


def read_content(body: bytes, content_type: str) -> Any:
    """The document that a body holds, which nobody may change.

    Args:
        body: the bytes.
        content_type: the header's value, parameters and all; what is neither a form nor XML is
            read as JSON, whatever it calls itself.

    Raises:
        UnsupportedBodyError: the body is not what it says, or not in UTF-8.
    """
    kind = media_type(content_type)
    try:
        if kind == FORM:
            return _form(body.decode())
        if kind.endswith(("/xml", "+xml")):
            from bridge.messages.xml_document import xml_document  # noqa: PLC0415 (few send it)

            return xml_document(body)
        return read_body(body)
    except (ValueError, RecursionError) as exc:
        reason = type(exc).__name__
    # Outside of the except clause: the error's context could quote the body.
    raise UnsupportedBodyError(f"the body is not {kind or 'JSON'}: {reason}")


def is_json(content_type: str) -> bool:
    """Whether a body of this type is its own document."""
    kind = media_type(content_type)
    return kind != FORM and not kind.endswith(("/xml", "+xml"))


def media_type(content_type: str) -> str:
    """The type without its parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def _form(text: str) -> dict[str, str | list[str]]:
    """Texts by the names of their fields; a list for a name that comes more than once."""
    document: dict[str, str | list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS):
        former = document.get(name)
        match former:
            case None:
                document[name] = value
            case list():
                former.append(value)
            case _:
                document[name] = [former, value]
    return document
