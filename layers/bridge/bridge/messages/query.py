"""Read the query parameters that expressions use."""

from collections.abc import Collection
from typing import Final
from urllib.parse import parse_qsl

from bridge.errors import BodyTooLargeError

MAX_QUERY: Final = 16_384
"""Characters. API Gateway accepts request lines and headers of 10,240 bytes together:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"""


def query_values(url: str, names: Collection[str]) -> dict[str, str | list[str]]:
    """Return the values of query parameters, decoded as a form.

    Args:
        url: with its query.
        names: of the parameters; others are omitted.

    Returns:
        A text, or a list of texts if the name is repeated. Bytes that are not UTF-8 become U+FFFD.

    Raises:
        BodyTooLargeError: the query has over 16,384 characters.
    """
    query = url.partition("?")[2]
    if len(query) > MAX_QUERY:
        raise BodyTooLargeError(f"the query is over {MAX_QUERY} characters")
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name in names:
            found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}
