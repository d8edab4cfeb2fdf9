"""Reading an HTTP/1.1 answer, as Node.js does: httptools binds its parser, llhttp."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

_BYTES_AT_ONCE = 65_536
UNREADABLE = (HttpParserError, HttpParserUpgrade)
"""What `read_answer` raises of bytes that are not one answer."""

# Without either, an answer ends with its connection (RFC 9112, 6.3).
_TOLD_LENGTH = frozenset({"content-length", "transfer-encoding"})


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer, whatever its status; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class _Arriving:
    """What the parser tells, until the answer is whole."""

    def __init__(self) -> None:
        self.parser = HttpResponseParser(self)
        self.headers: dict[str, str] = {}
        self.pieces: list[bytes] = []
        self.status = 0
        self.keeps_alive = False
        self.is_whole = False

    def on_message_begin(self) -> None:
        """Begin anew: what came before was 103 Early Hints or the like."""
        if self.is_whole:
            raise ValueError("more than one answer")
        self.headers.clear()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Of those with one name the last one stays."""
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1").strip()

    def on_headers_complete(self) -> None:
        """Ask while it is known."""
        self.status = self.parser.get_status_code()
        self.keeps_alive = self.parser.should_keep_alive()

    def on_body(self, body: bytes) -> None:
        """Keep a piece."""
        self.pieces.append(body)

    def on_message_complete(self) -> None:
        """The answer is whole, unless it was only the announcement of one."""
        self.is_whole = self.status >= HTTPStatus.OK

    @property
    def ends_with_the_connection(self) -> bool:
        """Whether nothing but the end of the connection tells where the content ends."""
        return self.status >= HTTPStatus.OK and not _TOLD_LENGTH & self.headers.keys()


def read_answer(sock: socket.socket) -> tuple[Response, bool]:
    """An answer, and whether another request may follow on the connection.

    Raises:
        OSError: the connection broke, ended too early or was too slow.
        UNREADABLE: what came is not one answer.
    """
    arriving = _Arriving()
    try:
        while not arriving.is_whole:
            data = sock.recv(_BYTES_AT_ONCE)
            if data:
                arriving.parser.feed_data(data)
            elif arriving.ends_with_the_connection:
                break
            else:
                raise ConnectionResetError("the connection ended before the answer")
    finally:
        del arriving.parser  # Each knows the other: no answer has to wait for the collector.
    content = b"".join(arriving.pieces)
    return Response(arriving.status, arriving.headers, content), arriving.keeps_alive
