"""Write bodies and messages for a page: readable, and bounded in size."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from bridge.bodies.body_content import body_content
from bridge.bodies.charsets import in_utf8
from bridge.delivery.delivery import Delivery
from bridge.errors import UnsupportedBodyError, WebhookRejectedError
from bridge.json_numbers import JsonNumber
from bridge.strict_json import read_json

MOST_CHARACTERS: Final = 60_000
# No document can contain it.
_MARK: Final = secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text as a page shows it.

    Attributes:
        size: of the whole, in bytes.
        is_truncated: whether the text is only its beginning.
    """

    text: str
    size: int
    is_truncated: bool = False


def shown_json(document: Any, size: int) -> ShownText:
    """Indented JSON. It is written as far as it is shown: indentation grows with the depth."""
    parts: list[str] = []
    length = 0
    try:
        for part in _written(document):
            parts.append(part)
            length += len(part)
            if length > MOST_CHARACTERS:
                break
    except RecursionError:
        parts.append(" … it is nested too deeply to be shown")
    return shown_plain("".join(parts), size)


def shown_plain(text: str, size: int) -> ShownText:
    """A text as it is, up to the limit."""
    return ShownText(text[:MOST_CHARACTERS], size, len(text) > MOST_CHARACTERS)


def shown_bytes(content: bytes) -> ShownText:
    """Bytes of JSON or of any other text."""
    try:
        return shown_json(read_json(content.decode()), len(content))
    except (ValueError, RecursionError):
        return shown_plain(content[: 4 * MOST_CHARACTERS].decode(errors="replace"), len(content))


def shown_body(delivery: Delivery) -> ShownText:
    """The body of a webhook as received: uncompressed, in its charset."""
    body = delivery.body
    if delivery.kind == "received":
        try:
            content = body_content(body, delivery.content_type, delivery.content_encoding)
            body = in_utf8(content.content or body, content.codec)
        except (UnsupportedBodyError, WebhookRejectedError):
            body = delivery.body
    shown = shown_bytes(body)
    return ShownText(shown.text, len(delivery.body), shown.is_truncated)


def _written(document: Any) -> Iterator[str]:
    """The parts of an indented JSON text, with numbers as they came. Raises RecursionError."""
    encoder = json.JSONEncoder(default=_marked, ensure_ascii=False, indent=2)
    quoted = f'"{_MARK}'
    for part in encoder.iterencode(document):
        yield part[len(quoted) : -1] if part.startswith(quoted) else part


def _marked(number: object) -> str:
    if not isinstance(number, JsonNumber):
        raise TypeError(f"{type(number).__name__} is not JSON")
    return f"{_MARK}{number.text}"
