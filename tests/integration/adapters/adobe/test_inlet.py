"""Tests of requests to the inlet over sockets."""

import json
import ssl
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from threading import Event

import pytest

from bridge.adapters.adobe.inlet import HttpInlet
from bridge.adapters.http.connections import Connections
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.errors import AdobeError
from bridge.ports.adobe import InletResponse
from tests.support.scripted_listener import Listener, listening
from tests.support.waiting import MAX_SECONDS

HEADERS = {"Content-Type": "application/json", "Authorization": "Bearer CANARY"}


def with_status(status: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, text in headers.items():
            request.send_header(name.replace("_", "-"), text)
        request.send_header("Content-Length", "2")
        request.end_headers()
        request.wfile.write(b"{}")

    return answer


def collection(listener: Listener) -> str:
    return f"{listener.url}/collection/{'a' * 64}?synchronous=false"


@pytest.fixture
def inlet_for() -> Iterator[Callable[..., HttpInlet]]:
    """Return a factory of inlets with these allowed hosts and this many seconds."""
    pool = Connections(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))

    def make(*hosts: str, seconds: float = 60) -> HttpInlet:
        return HttpInlet(pool, hosts, RetryBudget(remaining=lambda: seconds))

    yield make
    pool.close()


type InletFor = Callable[..., HttpInlet]


def test_message_is_sent_unchanged_and_the_response_returned(inlet_for: InletFor) -> None:
    with listening(with_status(429, Retry_After="7")) as listener:
        answer = inlet_for(listener.host).send(collection(listener), HEADERS, b'{"a":"\xc3\xa9"}')

    [(path, headers, content)] = listener.requests
    assert path == f"/collection/{'a' * 64}?synchronous=false"
    assert content == b'{"a":"\xc3\xa9"}'
    assert headers.items() >= {(name.lower(), text) for name, text in HEADERS.items()}
    assert (answer.status, answer.body) == (429, b"{}")
    assert answer.headers["retry-after"] == "7"
    assert 0 < answer.seconds < 10


def test_one_connection_is_used_for_many_messages(inlet_for: InletFor) -> None:
    with listening(with_status(200)) as listener:
        inlet = inlet_for(listener.host)
        for _ in range(5):
            assert inlet.send(collection(listener), HEADERS, b"{}").status == 200

    assert len(listener.requests) == 5
    assert len(set(listener.ports)) == 1


@pytest.mark.parametrize("allowed", [(), ("dcs.adobedc.net",), ("127.0.0.1",)])
def test_nothing_is_sent_to_a_host_that_is_not_allowed(
    inlet_for: InletFor, allowed: tuple[str, ...]
) -> None:
    with listening(with_status(200)) as listener:
        answer = inlet_for(*allowed).send(collection(listener), HEADERS, b"{}")

    assert answer._replace(seconds=0.0) == InletResponse(status=None)
    assert listener.requests == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(inlet_for: InletFor, status: int) -> None:
    with listening(with_status(200)) as elsewhere:
        redirect = with_status(status, Location=f"http://{elsewhere.host}/collection/b")
        with listening(redirect) as listener:
            inlet = inlet_for(listener.host, elsewhere.host)
            answer = inlet.send(collection(listener), HEADERS, b"{}")

    assert answer.status == status
    assert elsewhere.requests == []


def test_proxies_of_the_environment_are_ignored(
    inlet_for: InletFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening(with_status(200)) as listener, listening(with_status(200)) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{proxy.host}")
        assert inlet_for(listener.host).send(collection(listener), HEADERS, b"{}").status == 200

    assert proxy.requests == []


def test_remaining_time_bounds_the_timeout(inlet_for: InletFor) -> None:
    given_up = Event()

    def late(request: BaseHTTPRequestHandler) -> None:
        given_up.wait()

    with listening(late) as listener:
        answer = inlet_for(listener.host, seconds=0.4).send(collection(listener), HEADERS, b"{}")
        given_up.set()

    assert answer._replace(seconds=0.0) == InletResponse(status=None)
    assert answer.seconds < 8  # The default would be 10 seconds.


def test_nothing_is_sent_without_remaining_time(inlet_for: InletFor) -> None:
    with (
        listening(with_status(200)) as listener,
        pytest.raises(AdobeError, match="no time is left"),
    ):
        inlet_for(listener.host, seconds=0).send(collection(listener), HEADERS, b"{}")

    assert listener.requests == []


def test_unreachable_inlet_is_a_response_without_a_status(
    inlet_for: InletFor, refusing_port: int
) -> None:
    host = f"127.0.0.1:{refusing_port}"

    answer = inlet_for(host).send(f"http://{host}/collection/a", HEADERS, b"{}")

    assert answer._replace(seconds=0.0) == InletResponse(status=None)


def test_broken_connection_is_a_response_without_a_status_and_is_not_retried(
    inlet_for: InletFor,
) -> None:
    def reset(request: BaseHTTPRequestHandler) -> None:
        request.close_connection = True

    with listening(reset) as listener:
        answer = inlet_for(listener.host).send(collection(listener), HEADERS, b"{}")

    assert answer._replace(seconds=0.0) == InletResponse(status=None)
    assert len(listener.requests) == 1


def test_truncated_response_is_a_response_without_a_status(inlet_for: InletFor) -> None:
    def half(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "100")
        request.end_headers()
        request.wfile.write(b'{"xactionId":"1:2')
        request.close_connection = True

    with listening(half) as listener:
        answer = inlet_for(listener.host).send(collection(listener), HEADERS, b"{}")

    assert answer._replace(seconds=0.0) == InletResponse(status=None)


def test_connection_closed_by_the_inlet_is_replaced(inlet_for: InletFor) -> None:
    def once(request: BaseHTTPRequestHandler) -> None:
        with_status(200)(request)
        request.close_connection = True

    with listening(once) as listener:
        inlet = inlet_for(listener.host)
        assert inlet.send(collection(listener), HEADERS, b"{}").status == 200
        assert listener.closed.wait(MAX_SECONDS)
        assert inlet.send(collection(listener), HEADERS, b"{}").status == 200

    assert len(set(listener.ports)) == 2


def test_error_for_an_invalid_header_does_not_contain_the_token(
    inlet_for: InletFor, caplog: pytest.LogCaptureFixture, refusing_port: int
) -> None:
    host = f"127.0.0.1:{refusing_port}"

    inlet_for(host).send(f"http://{host}/collection/a", HEADERS, b'{"a":"CANARY"}')
    inlet_for().send(f"http://{host}/collection/CANARY", HEADERS, b"{}")

    output = json.dumps([str(vars(record)) for record in caplog.records])
    assert "the inlet cannot be reached" in output
    assert "the inlet's host is not in INLET_HOSTS" in output
    assert "CANARY" not in output
