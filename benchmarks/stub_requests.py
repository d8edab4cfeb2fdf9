"""Read the requests of a keep-alive connection to the stub services."""

import time
from collections.abc import Callable
from typing import NamedTuple

_CHUNK_BYTES = 65_536
_BLANK_LINE = b"\r\n\r\n"


class Request(NamedTuple):
    """A complete request.

    Attributes:
        path: with the query.
        target: the `X-Amz-Target` header, empty without one.
        content: of the request.
        began: when its first bytes were received, in seconds of `time.perf_counter`.
    """

    path: str
    target: str
    content: bytes
    began: float


def read_request(receive: Callable[[int], bytes]) -> Request | None:
    """The next request; None at the end of the connection.

    Only what the stub services need is parsed, since the functions that are measured share the
    processors with them. Nothing may follow a request before its response.

    Args:
        receive: returns at most this number of bytes, and none at the end.
    """
    received = bytearray(receive(_CHUNK_BYTES))
    began = time.perf_counter()
    while (end := received.find(_BLANK_LINE)) < 0:
        if not (data := receive(_CHUNK_BYTES)):
            return None
        received += data
    head = received[:end].decode("latin-1")
    start = end + len(_BLANK_LINE)
    complete = start + int(_header(head, "content-length") or 0)
    while len(received) < complete:
        if not (data := receive(_CHUNK_BYTES)):
            return None
        received += data
    content = bytes(received[start:])
    return Request(head.split(" ", 2)[1], _header(head, "x-amz-target"), content, began)


def _header(head: str, name: str) -> str:
    """The value of a header; empty without it."""
    start = head.lower().find(f"\r\n{name}:")
    return "" if start < 0 else head[start + len(name) + 3 :].partition("\r\n")[0].strip()
