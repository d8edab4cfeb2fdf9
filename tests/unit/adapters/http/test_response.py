"""Tests of the response parser."""

import gc
from collections.abc import Iterable, Iterator
from http.client import HTTPResponse
from io import BytesIO
from itertools import count, repeat
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.http.response import INVALID_RESPONSE, MOST_BYTES, Response, read_response

OK = b"HTTP/1.1 200 OK\r\n"


class Peer:
    """A socket that returns these chunks, and then ends."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self.timeout: float | None = None
        self.timeouts: list[float] = []

    def recv(self, _most: int) -> bytes:
        return next(self._pieces, b"")

    def gettimeout(self) -> float | None:
        return self.timeout

    def settimeout(self, seconds: float) -> None:
        self.timeouts.append(seconds)


def read(*pieces: bytes) -> tuple[Response, bool]:
    return read_response(cast("Any", Peer(pieces)))


def test_response_has_status_headers_and_content() -> None:
    answer, keeps_alive = read(OK + b"Content-Length: 2\r\nX-Test:  M\xfcller \r\n\r\n{}")

    assert answer == Response(200, {"content-length": "2", "x-test": "Müller"}, b"{}")
    assert keeps_alive


@pytest.mark.parametrize(
    ("sent", "content", "keeps_alive"),
    [
        (OK + b"Content-Length: 3\r\nConnection: close\r\n\r\nabc", b"abc", False),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", b"abc", True),
        (OK + b"\r\nabc", b"abc", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc", b"abc", False),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b"", True),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 3\r\n\r\nabc", b"abc", True),
        (
            b"HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n" + OK + b"Content-Length: 0\r\n\r\n",
            b"",
            True,
        ),
    ],
)
def test_every_framing_of_a_response_is_parsed(
    sent: bytes, content: bytes, *, keeps_alive: bool
) -> None:
    """In one chunk, and byte for byte."""
    whole = read(sent)

    assert whole == read(*(sent[at : at + 1] for at in range(len(sent))))
    assert (whole[0].content, whole[1]) == (content, keeps_alive)
    assert "x-early" not in whole[0].headers


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"HTTP/1.1 20",
        OK,
        OK + b"Content-Length: 3\r\n\r\nab",
        OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\n",
    ],
)
def test_truncated_response_is_rejected(sent: bytes) -> None:
    with pytest.raises(ConnectionResetError):
        read(sent)


@pytest.mark.parametrize(
    "sent",
    [
        b"SSH-2.0-OpenSSH\r\n",
        OK + b"Content-Length: x\r\n\r\n",
        OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
        OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        (OK + b"Content-Length: 0\r\n\r\n") * 2,
    ],
)
def test_malformed_response_is_rejected(sent: bytes) -> None:
    with pytest.raises(INVALID_RESPONSE):
        read(sent)


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + 65_536 * b"a" + b"\r\n"),
        (b"\r\n", 65_536 * b"a"),
        (b"", b"X-More: " + 65_536 * b"a" + b"\r\n"),
    ],
)
def test_response_without_end_is_cut(head: bytes, piece: bytes) -> None:
    with pytest.raises(OSError, match=f"over {MOST_BYTES} bytes"):
        read(OK + head, *repeat(piece, MOST_BYTES // 65_536))


def test_time_out_is_that_of_the_whole_response() -> None:
    """A part a second would otherwise be waited for without end."""
    peer = Peer([OK, b"Content-Length: 100\r\n\r\n", *repeat(b"a", 100)])
    peer.timeout = 5.0
    ticks = count()

    with pytest.raises(TimeoutError):
        read_response(cast("Any", peer), lambda: float(next(ticks)))
    assert peer.timeouts == [4.0, 3.0, 2.0, 1.0]


def test_response_leaves_no_garbage() -> None:
    gc.collect()
    gc.disable()
    try:
        read(OK + b"Content-Length: 0\r\n\r\n")
        assert gc.collect() == 0
    finally:
        gc.enable()


names = st.from_regex(r"x-[a-z]{1,8}", fullmatch=True)
texts = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=20)


@given(
    status=st.sampled_from([200, 207, 400, 429, 503]),
    output=st.dictionaries(names, texts, max_size=5),
    pieces=st.lists(st.binary(min_size=1, max_size=40), max_size=4),
    chunked=st.booleans(),
    cuts=st.lists(st.integers(min_value=1, max_value=200), max_size=6),
)
def test_parser_agrees_with_the_standard_library(
    *, status: int, output: dict[str, str], pieces: list[bytes], chunked: bool, cuts: list[int]
) -> None:
    """However the bytes are split."""
    head = [f"HTTP/1.1 {status} Reason", *(f"{name}: {text}" for name, text in output.items())]
    if chunked:
        head.append("Transfer-Encoding: chunked")
        content = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
        content += b"0\r\n\r\n"
    else:
        content = b"".join(pieces)
        head.append(f"Content-Length: {len(content)}")
    sent = "\r\n".join([*head, "", ""]).encode() + content

    answer, keeps_alive = read(*_cut(sent, cuts))

    expected = HTTPResponse(cast("Any", _File(sent)), method="POST")
    expected.begin()
    headers = {name.lower(): text for name, text in expected.getheaders()}
    assert answer == Response(expected.status, headers, expected.read())
    assert keeps_alive is not expected.will_close


class _File:
    """A socket for the standard library."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def makefile(self, _mode: str) -> BytesIO:
        return BytesIO(self._content)


def _cut(content: bytes, lengths: Iterable[int]) -> Iterator[bytes]:
    for length in lengths:
        piece, content = content[:length], content[length:]
        if piece:
            yield piece
    if content:
        yield content
