"""The stub services read requests as they arrive, count them and respond."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import pytest

from benchmarks.stub_requests import Request, read_request
from benchmarks.stub_services import StubServices, ports_and_delays

if TYPE_CHECKING:
    import socket

_REQUEST = (
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Amz-Target: DynamoDB_20120810.PutItem\r\n"
    b"Content-Length: 4\r\n\r\nbody"
)


def received(*chunks: bytes) -> Callable[[int], bytes]:
    """A connection that receives these, and ends."""
    left = iter(chunks)
    return lambda _most: next(left, b"")


@pytest.mark.parametrize("size", [1, 7, 1_000])
def test_request_is_read_however_it_is_split(size: int) -> None:
    chunks = [_REQUEST[at : at + size] for at in range(0, len(_REQUEST), size)]
    request = read_request(received(*chunks))

    assert request is not None
    assert request[:3] == ("/", "DynamoDB_20120810.PutItem", b"body")


def test_request_without_content_or_target_is_complete_with_its_head() -> None:
    request = read_request(received(b"GET /calls HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))

    assert request is not None
    assert request[:3] == ("/calls", "", b"")


@pytest.mark.parametrize("length", [0, 10, len(_REQUEST) - 1])
def test_connection_that_ends_has_no_request(length: int) -> None:
    assert read_request(received(_REQUEST[:length])) is None


def test_calls_are_counted_until_they_are_asked_for() -> None:
    services = StubServices({})
    for target in ("DynamoDB_20120810.PutItem", "DynamoDB_20120810.PutItem", ""):
        services.respond(Request("/collection/aa", target, b"{}", 0))

    assert _content_of(services, "/calls") == {"PutItem": 2, "collection": 1}
    assert _content_of(services, "/calls") == {}


def test_port_can_respond_after_a_delay() -> None:
    assert ports_and_delays("8000,8001:7,8002:20") == [(8000, 0), (8001, 0.007), (8002, 0.02)]


class AskingConnection:
    """Sends a request, and asks for the times as soon as it receives the response."""

    def __init__(self, services: StubServices, request: bytes) -> None:
        self._services, self._receive = services, received(request)
        self.times: object = None

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...

    def recv(self, most: int) -> bytes:
        return self._receive(most)

    def sendall(self, _content: bytes) -> None:
        self.times = _content_of(self._services, "/times")


def test_time_of_the_inlet_is_known_when_its_response_arrives() -> None:
    """It is otherwise taken for that of the next call."""
    services = StubServices({})
    connection = AskingConnection(services, _REQUEST.replace(b"/", b"/collection/aa", 1))
    services.serve(cast("socket.socket", connection))

    assert isinstance(connection.times, list)
    assert len(connection.times) == 1


def _content_of(services: StubServices, path: str) -> object:
    response = services.respond(Request(path, "", b"", 0))
    return json.loads(response.partition(b"\r\n\r\n")[2])
