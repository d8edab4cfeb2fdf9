"""Tests of connections over sockets."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Barrier, Event, Thread
from urllib.parse import urlsplit

import pytest

from bridge.adapters.http.connections import Connections, NoAnswerError
from tests.support.scripted_listener import (
    TIMEOUT,
    listening,
    ok,
    ok_and_close,
    tls_contexts,
)
from tests.support.waiting import MAX_SECONDS


@pytest.fixture
def connections() -> Iterator[Connections]:
    with closing(Connections(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))) as connections:
        yield connections


def test_request_and_response_are_complete(connections: Connections) -> None:
    with listening(ok) as listener:
        answer = connections.post(f"{listener.url}/a?b=c", {"x-id": "1"}, b"\xc3\xa9", TIMEOUT)

    [(path, headers, content)] = listener.requests
    assert (path, headers["x-id"], content) == ("/a?b=c", "1", b"\xc3\xa9")
    assert (answer.status, answer.content) == (200, b"{}")
    assert answer.headers["x-test"] == "Yes"


@pytest.mark.parametrize(
    ("content", "pieces"), [(b"", 1), (b"{}", 1), (b"x" * 16_000, 1), (b"x" * 16_385, 2)]
)
def test_request_within_one_tls_record_is_sent_at_once(
    connections: Connections, monkeypatch: pytest.MonkeyPatch, content: bytes, pieces: int
) -> None:
    sent: list[bytes] = []

    def sendall(sock: socket.socket, data: bytes) -> None:
        if sock.getpeername()[1] == port:
            sent.append(data)
        send_all(sock, data)

    send_all = socket.socket.sendall
    with listening(ok) as listener:
        port = urlsplit(listener.url).port
        monkeypatch.setattr(socket.socket, "sendall", sendall)
        for _ in range(2):
            connections.post(listener.url, {}, content, TIMEOUT)

    assert len(sent) == 2 * pieces
    assert b"".join(sent[:pieces]).startswith(b"POST")
    assert b"".join(sent[:pieces]).endswith(content)


def test_connection_is_reused_for_its_host_only(connections: Connections) -> None:
    with listening(ok) as one, listening(ok) as other:
        for listener in (one, other, one, other):
            connections.post(listener.url, {}, b"", TIMEOUT)

    assert len(set(one.ports)) == len(set(other.ports)) == 1
    assert len(one.ports) == len(other.ports) == 2


def test_closed_connection_is_replaced(connections: Connections) -> None:
    with listening(ok_and_close) as listener:
        connections.post(listener.url, {}, b"", TIMEOUT)
        assert listener.closed.wait(MAX_SECONDS)
        connections.post(listener.url, {}, b"", TIMEOUT)

    assert len(set(listener.ports)) == 2


UNSOLICITED = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother",
    b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    b"HTTP/1.1 102 Processing\r\n\r\n",
    b"H",
    b"\r\n",
)


@pytest.mark.parametrize("over_tls", [False, True])
@pytest.mark.parametrize("unsolicited", UNSOLICITED)
def test_idle_connection_with_unexpected_data_is_not_reused(
    tmp_path: Path, unsolicited: bytes, *, over_tls: bool
) -> None:
    """RFC 9112, 9.2: the data cannot be the response to a request that is not yet sent."""
    answered, sent = Event(), Event()

    def ok_and_more(request: BaseHTTPRequestHandler) -> None:
        ok(request)
        if len(listener.ports) == 1:
            answered.wait()
            request.wfile.write(unsolicited)
            sent.set()

    server, client = tls_contexts(tmp_path)
    with (
        listening(ok_and_more, server if over_tls else None) as listener,
        closing(Connections(client)) as connections,
    ):
        first = connections.post(listener.url, {}, b"", TIMEOUT)
        answered.set()
        sent.wait()
        second = connections.post(listener.url, {}, b"", TIMEOUT)

    assert first.content == second.content == b"{}"
    assert len(set(listener.ports)) == 2


@pytest.mark.parametrize("over_tls", [False, True])
@pytest.mark.parametrize("unsolicited", UNSOLICITED[:4])
def test_two_responses_at_once_are_rejected_and_the_connection_is_not_reused(
    tmp_path: Path, unsolicited: bytes, *, over_tls: bool
) -> None:
    """It is unknown which response belongs to the request."""

    def ok_with_more(request: BaseHTTPRequestHandler) -> None:
        if len(listener.ports) > 1:
            ok(request)
        else:
            answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
            request.wfile.write(answer + unsolicited)

    server, client = tls_contexts(tmp_path)
    with (
        listening(ok_with_more, server if over_tls else None) as listener,
        closing(Connections(client)) as connections,
    ):
        with pytest.raises(NoAnswerError):
            connections.post(listener.url, {}, b"", TIMEOUT)
        assert connections.post(listener.url, {}, b"", TIMEOUT).content == b"{}"

    assert len(set(listener.ports)) == 2


def test_concurrent_threads_share_no_connection(connections: Connections) -> None:
    together = Barrier(3)

    def ok_for_three(request: BaseHTTPRequestHandler) -> None:
        if len(listener.ports) <= 3:
            together.wait()
        ok(request)

    with listening(ok_for_three) as listener:
        threads = [
            Thread(target=connections.post, args=(listener.url, {}, b"", TIMEOUT)) for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        connections.post(listener.url, {}, b"", TIMEOUT)

    assert len(set(listener.ports)) == 3
    assert len(listener.ports) == 4


def test_connection_is_not_reused_after_a_timeout(
    connections: Connections,
) -> None:
    given_up = Event()

    def late_once(request: BaseHTTPRequestHandler) -> None:
        given_up.wait()
        ok(request)

    with listening(late_once) as listener:
        with pytest.raises(NoAnswerError, match="TimeoutError") as caught:
            connections.post(listener.url, {}, b"", (60.0, 0.2))
        given_up.set()
        assert caught.value.connected
        assert caught.value.timed_out
        connections.post(listener.url, {}, b"", TIMEOUT)

    assert len(set(listener.ports)) == 2


def test_refused_connection_differs_from_a_broken_connection(
    connections: Connections, refusing_port: int
) -> None:
    def hang_up(request: BaseHTTPRequestHandler) -> None:
        request.close_connection = True

    with pytest.raises(NoAnswerError, match="ConnectionRefusedError") as nobody:
        connections.post(f"http://127.0.0.1:{refusing_port}", {}, b"", TIMEOUT)
    with listening(hang_up) as listener, pytest.raises(NoAnswerError) as broken:
        connections.post(listener.url, {}, b"", TIMEOUT)

    assert not nobody.value.connected
    assert broken.value.connected
    assert len(listener.requests) == 1


def test_invalid_header_sends_no_partial_request(
    connections: Connections,
) -> None:
    with listening(ok) as listener:
        connections.post(listener.url, {}, b"", TIMEOUT)
        with pytest.raises(ValueError, match="header"):
            connections.post(listener.url, {"authorization": "Bearer a\nb"}, b"", TIMEOUT)
        connections.post(listener.url, {}, b"", TIMEOUT)

    assert len(listener.requests) == 2


def test_certificate_of_an_unknown_authority_is_rejected(
    connections: Connections, tmp_path: Path
) -> None:
    server, trust = tls_contexts(tmp_path)
    with listening(ok, server) as listener, closing(Connections(trust)) as trusting:
        with pytest.raises(NoAnswerError, match="SSLCertVerificationError") as caught:
            connections.post(listener.url, {}, b"secret", TIMEOUT)
        assert not caught.value.connected
        assert listener.requests == []
        assert trusting.post(listener.url, {}, b"", TIMEOUT).status == 200
