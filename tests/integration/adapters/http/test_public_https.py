"""Tests of requests to providers' sites, over TLS on the loopback address."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from bridge.adapters.http.public_https import PublicHttps, addresses_of
from bridge.errors import UnavailableError
from bridge.version import USER_AGENT
from tests.support.site_identity import identity_of

HOST = "keys.example.com"
LOOPBACK = "127.0.0.1"


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for the host, by itself."""
    path = tmp_path_factory.mktemp("identity") / "identity.pem"
    path.write_bytes(identity_of(HOST))
    return path


type Responder = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """A provider's site; `asked` keeps what it was asked."""

    https: PublicHttps
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)
    user_agents: list[str | None] = field(default_factory=list)


@contextmanager
def site(identity: Path | None, answer: Responder, resolved: str = LOOPBACK) -> Iterator[Site]:
    """A site that answers in this way, over http where it has no identity."""
    asked: list[tuple[str, str, bytes]] = []
    user_agents: list[str | None] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("content-length", "0"))
            user_agents.append(self.headers.get("user-agent"))
            asked.append((self.command, self.path, self.rfile.read(length)))
            answer(self)

        do_POST = do_GET  # noqa: N815 (http.server looks for this name)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    class Server(HTTPServer):
        def handle_error(self, *_: object) -> None:
            """Ignore callers that disconnect."""

    server = Server((LOOPBACK, 0), Handler)
    if identity:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(identity)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    https = PublicHttps(
        resolve=lambda _: [resolved],
        is_allowed=lambda address: address == LOOPBACK,
        port=server.server_address[1],
        plain_port=server.server_address[1],
        authorities=str(identity),
    )
    try:
        yield Site(https, asked, user_agents)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answering(status: int, content: bytes, **headers: str) -> Responder:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def test_page_is_fetched(identity: Path) -> None:
    with site(identity, answering(200, b"-----BEGIN")) as there:
        page = there.https.request(f"https://{HOST}/a/b.pem?v=1", b"", 5)

    assert (page.status, page.content) == (200, b"-----BEGIN")
    assert there.asked == [("GET", "/a/b.pem?v=1", b"")]


def test_posted_body_is_json(identity: Path) -> None:
    with site(identity, answering(200, b"{}")) as there:
        there.https.request(f"https://{HOST}/get", b'{"key_id":"1"}', 5)

    assert there.asked == [("POST", "/get", b'{"key_id":"1"}')]


@pytest.mark.parametrize("posted", [b"", b"{}"])
def test_request_names_the_bridge_and_its_version(identity: Path, posted: bytes) -> None:
    with site(identity, answering(200, b"{}")) as there:
        there.https.request(f"https://{HOST}/keys", posted, 5)

    assert there.user_agents == [USER_AGENT]


def test_certificate_is_fetched_over_http() -> None:
    with site(None, answering(200, b"\x30\x82")) as there:
        page = there.https.request(f"http://{HOST}/r2m01.cer", b"", 5)

    assert (page.status, page.content) == (200, b"\x30\x82")
    assert there.asked == [("GET", "/r2m01.cer", b"")]


def test_http_does_not_connect_to_private_addresses() -> None:
    with site(None, answering(200, b""), resolved="127.0.0.2") as there:
        with pytest.raises(UnavailableError, match="an address that is not public"):
            there.https.request(f"http://{HOST}/", b"", 5)

        assert there.asked == []


def test_http_connection_is_not_reused_for_https() -> None:
    with site(None, answering(200, b"key")) as there, pytest.raises(UnavailableError):
        PublicHttps(there.https.resolve, there.https.is_allowed, there.https.port).request(
            f"https://{HOST}/", b"", 5
        )


@pytest.mark.parametrize("resolved", ["fe80::1%eth0", "2600:1f18::1%2", "no address", ""])
def test_response_of_the_resolver_that_is_not_a_public_address_is_rejected(resolved: str) -> None:
    with pytest.raises(UnavailableError, match="an address that is not public"):
        PublicHttps(resolve=lambda _: [resolved]).request(f"https://{HOST}/", b"", 1)


def test_redirect_is_not_followed(identity: Path) -> None:
    with site(identity, answering(302, b"", Location="https://169.254.169.254/")) as there:
        page = there.https.request(f"https://{HOST}/", b"", 5)

    assert page.status == 302
    assert len(there.asked) == 1


def test_private_address_is_not_connected_to(identity: Path) -> None:
    with site(identity, answering(200, b"secret"), resolved="127.0.0.2") as there:
        with pytest.raises(UnavailableError, match="an address that is not public"):
            there.https.request(f"https://{HOST}/", b"", 5)

        assert there.asked == []


def test_one_private_address_among_others_is_rejected(identity: Path) -> None:
    with site(identity, answering(200, b"")) as there:
        there.https.resolve = lambda _: [LOOPBACK, "10.0.0.1"]
        with pytest.raises(UnavailableError):
            there.https.request(f"https://{HOST}/", b"", 5)


def test_certificate_of_another_host_is_rejected(identity: Path) -> None:
    with (
        site(identity, answering(200, b"")) as there,
        pytest.raises(UnavailableError, match="SSLCertVerificationError"),
    ):
        there.https.request("https://other.example.com/", b"", 5)


def test_unknown_authority_is_rejected(identity: Path) -> None:
    with site(identity, answering(200, b"")) as there:
        real = PublicHttps(there.https.resolve, there.https.is_allowed, there.https.port)
        with pytest.raises(UnavailableError, match="SSLCertVerificationError"):
            real.request(f"https://{HOST}/", b"", 5)


def test_oversized_page_is_rejected(identity: Path) -> None:
    with (
        site(identity, answering(200, b"x" * 70_000)) as there,
        pytest.raises(UnavailableError, match="too much"),
    ):
        there.https.request(f"https://{HOST}/", b"", 5)


def test_unresponsive_site_times_out(identity: Path) -> None:
    given_up = threading.Event()

    def late(_: BaseHTTPRequestHandler) -> None:
        given_up.wait()

    with site(identity, late) as there:
        try:
            with pytest.raises(UnavailableError, match="TimeoutError"):
                there.https.request(f"https://{HOST}/", b"", 0.2)
        finally:
            given_up.set()


@pytest.mark.parametrize("part", ["headers", "content"])
def test_site_that_sends_a_byte_at_a_time_times_out(identity: Path, part: str) -> None:
    """It ends its response later than the time limit, and never pauses for as long."""

    def slow(handler: BaseHTTPRequestHandler) -> None:
        status, end = b"HTTP/1.0 200 OK\r\nX-Slow: ", b"\r\n\r\n"
        handler.wfile.write(status + end if part == "content" else status)
        for _ in range(100):
            handler.wfile.write(b"x")
            time.sleep(0.02)
        handler.wfile.write(end)

    with site(identity, slow) as there, pytest.raises(UnavailableError, match="TimeoutError"):
        there.https.request(f"https://{HOST}/", b"", 0.5)


def test_host_without_an_address_is_unavailable() -> None:
    def unknown(_: str) -> list[str]:
        raise socket.gaierror

    with pytest.raises(UnavailableError, match=f"the name {HOST} cannot be resolved"):
        PublicHttps(resolve=unknown).request(f"https://{HOST}/", b"", 1)


def test_numeric_host_is_its_own_address() -> None:
    assert addresses_of("127.0.0.1") == ["127.0.0.1"]
