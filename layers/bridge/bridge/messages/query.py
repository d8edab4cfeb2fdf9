"""Read the query parameters that expressions use."""

from collections.abc import Collection, Sequence
from typing import Final
from urllib.parse import parse_qsl

from bridge.bodies.charsets import codec_named, texts_of
from bridge.errors import BodyTooLargeError, UnsupportedBodyError

MAX_QUERY: Final = 16_384
"""Characters. API Gateway accepts request lines and headers of 10,240 bytes together:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"""


def query_values(url: str, names: Collection[str], charset: str = "") -> dict[str, str | list[str]]:
    """Return the values of query parameters, decoded as a form.

    Args:
        url: with its query.
        names: of the parameters; others are omitted.
        charset: of values that are not UTF-8.

    Returns:
        A text, or a list of texts if the name is repeated.

    Raises:
        BodyTooLargeError: the query has over 16,384 characters.
        UnsupportedBodyError: a value is in neither charset.
    """
    query = url.partition("?")[2]
    if len(query) > MAX_QUERY:
        raise BodyTooLargeError(f"the query is over {MAX_QUERY} characters")
    fields = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    wanted = [(name, value) for name, value in fields if name in names]
    texts = _texts([value for _, value in wanted], charset)
    found: dict[str, list[str]] = {}
    for (name, _), value in zip(wanted, texts, strict=True):
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _texts(values: Sequence[str], charset: str) -> list[str]:
    """Decode values whose bytes other than UTF-8 are escaped. Raises UnsupportedBodyError."""
    try:
        encoded = [value.encode(errors="surrogateescape") for value in values]
        codec = codec_named(charset) if charset else ""
        return [text for [text] in texts_of([(each,) for each in encoded], codec)]
    except (UnicodeEncodeError, UnsupportedBodyError):
        pass
    raise UnsupportedBodyError("the query is not in UTF-8; set Charset")
