"""Read HTTP/1.1 responses with llhttp, the parser of Node.js, which httptools binds."""

import socket
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import NamedTuple

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

_CHUNK_BYTES = 65_536
MOST_BYTES = 33_554_432
"""Bytes of a response with its headers; DynamoDB's largest have 16 MB."""
INVALID_RESPONSE = (HttpParserError, HttpParserUpgrade)
"""The exceptions of `read_response` for bytes that are not one response."""

# Without either, the end of the connection ends the response (RFC 9112, 6.3).
_LENGTH_HEADERS = frozenset({"content-length", "transfer-encoding"})


class Response(NamedTuple):
    """A complete response of any status; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class _ResponseParser:
    """Collects the callbacks of the parser until the response is complete."""

    def __init__(self) -> None:
        self.parser = HttpResponseParser(self)
        self.headers: dict[str, str] = {}
        self.chunks: list[bytes] = []
        self.status = 0
        self.keep_alive = False
        self.is_complete = False

    def on_message_begin(self) -> None:
        """Start over after an informational response such as 103 Early Hints."""
        if self.is_complete:
            raise ValueError("more than one response")
        self.headers.clear()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Store a header; the last one of a name counts."""
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1").strip()

    def on_headers_complete(self) -> None:
        """Store the status while the parser has it."""
        self.status = self.parser.get_status_code()
        self.keep_alive = self.parser.should_keep_alive()

    def on_body(self, body: bytes) -> None:
        """Store a chunk."""
        self.chunks.append(body)

    def on_message_complete(self) -> None:
        """The response is complete, unless it is informational."""
        self.is_complete = self.status >= HTTPStatus.OK

    @property
    def ends_with_connection(self) -> bool:
        """Whether only the end of the connection ends the content."""
        return self.status >= HTTPStatus.OK and not _LENGTH_HEADERS & self.headers.keys()


def read_response(
    sock: socket.socket, clock: Callable[[], float] = time.monotonic
) -> tuple[Response, bool]:
    """Read a response; return it, and whether the connection can be reused.

    The time-out of the socket is that of the whole response, however slowly its parts arrive.

    Raises:
        OSError: the connection broke, closed early or timed out, or the response has over
            `MOST_BYTES`.
        INVALID_RESPONSE: the bytes are not one response.
    """
    partial = _ResponseParser()
    seconds, read = sock.gettimeout(), 0
    end = None if seconds is None else clock() + seconds
    try:
        while not partial.is_complete:
            if end is not None and read:
                sock.settimeout(_left(end - clock()))
            data = sock.recv(_CHUNK_BYTES)
            read += len(data)
            if read > MOST_BYTES:
                raise ConnectionAbortedError(f"the response has over {MOST_BYTES} bytes")
            if data:
                partial.parser.feed_data(data)
            elif partial.ends_with_connection:
                break
            else:
                raise ConnectionResetError("the connection closed before the response")
    finally:
        del partial.parser  # Breaks the reference cycle.
    content = b"".join(partial.chunks)
    return Response(partial.status, partial.headers, content), partial.keep_alive


def _left(seconds: float) -> float:
    """The seconds that are left. Raises TimeoutError if there are none."""
    if seconds <= 0:
        raise TimeoutError("the response is not complete in time")
    return seconds
