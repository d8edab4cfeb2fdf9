"""Read the responses of Adobe Experience Platform."""

from collections.abc import Mapping
from typing import Any, Final

import requests

from bridge.errors import AdobeError

MOST_BYTES: Final = 32_000_000
"""Bytes of a response; the largest are schemas, which have some MB."""

_CHUNK_BYTES: Final = 65_536


def read_content(response: requests.Response, doing: str) -> None:
    """Read the content of a response, which `content` and `json` return then.

    Raises:
        AdobeError: it has over `MOST_BYTES`.
        requests.RequestException: it is cut.
    """
    pieces, size = [], 0
    for piece in response.iter_content(_CHUNK_BYTES):
        size += len(piece)
        if size > MOST_BYTES:
            response.close()
            raise AdobeError(
                f"Adobe's response to the request to {doing} has over {MOST_BYTES} bytes",
                status=response.status_code,
                retryable=True,
            )
        pieces.append(piece)
    response._content = b"".join(pieces)  # noqa: SLF001 (requests has no bound of its own)


def read_json(response: requests.Response, doing: str) -> Any:
    """The JSON value of a response. Raises AdobeError if it is not JSON."""
    try:
        return response.json()
    except (ValueError, RecursionError) as exc:
        # ValueError: no JSON, or an integer with too many digits for `int`.
        raise AdobeError(
            f"Adobe answered the request to {doing} with something that is not JSON",
            status=response.status_code,
            retryable=True,
        ) from exc


def read_object(response: requests.Response, doing: str) -> Mapping[str, Any]:
    """The JSON object of a response; empty for any other value."""
    document = read_json(response, doing)
    return document if isinstance(document, dict) else {}
