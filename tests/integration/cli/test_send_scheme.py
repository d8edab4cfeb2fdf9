"""`inlet send --to` names the right URL for a port that speaks http in place of https."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from inlet_bridge.senders.providers import SENDERS
from tests.support.sent_webhooks import receiver, run
from tests.support.site_identity import identity_of

PATH = "/webhooks/it"


@pytest.fixture
def secret(tmp_path: Path) -> tuple[str, str]:
    """The options of a secret."""
    (tmp_path / "secret").write_text(SENDERS["github"].new_secret(), encoding="utf-8")
    return "--secret-file", str(tmp_path / "secret")


@contextmanager
def https_server(tmp_path: Path) -> Iterator[int]:
    """The port of a server that speaks TLS only."""
    identity = tmp_path / "identity.pem"
    identity.write_bytes(identity_of("localhost"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity)

    class Server(HTTPServer):
        def handle_error(self, *_: object) -> None:
            """Log nothing."""

    server = Server(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("host", ["127.0.0.1", "abc.execute-api.localhost"])
def test_https_to_a_port_that_speaks_http(secret: tuple[str, str], host: str) -> None:
    with receiver("github", "x") as (url, taken):
        right = url.replace("127.0.0.1", host)
        wrong = right.replace("http://", "https://")
        status, said = run("send", "github", "--to", wrong, *secret)

    assert status == 1
    assert f"POST {wrong}\n" in said
    port = right.rpartition(":")[2].partition("/")[0]
    assert f"Port {port} speaks http, and not https: --to {right}" in said
    assert taken == []


def test_http_to_a_port_that_speaks_https(tmp_path: Path, secret: tuple[str, str]) -> None:
    with https_server(tmp_path) as port:
        right = f"https://127.0.0.1:{port}{PATH}"
        status, said = run("send", "github", "--to", right.replace("https", "http"), *secret)

    assert status == 1
    assert f"Port {port} speaks https, and not http: --to {right}" in said


def test_refused_certificate_is_named_with_the_reason(
    tmp_path: Path, secret: tuple[str, str]
) -> None:
    with https_server(tmp_path) as port:
        status, said = run("send", "github", "--to", f"https://127.0.0.1:{port}/a", *secret)

    assert status == 1
    assert "failed: SSLError: its certificate is refused: " in said
    assert "It must be for the host of --to, valid now," in said
    assert "speaks" not in said


def test_400_of_a_port_that_speaks_https(
    tmp_path: Path, secret: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As nginx answers: https://nginx.org/en/docs/http/ngx_http_ssl_module.html, status 497."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(400, "The plain HTTP request was sent to HTTPS port")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}{PATH}"
    try:
        malformed = run("send", "github", "--to", url, *secret)[1]
        monkeypatch.setattr("inlet_bridge.cli.failed_request._speaks_https", lambda *_: True)
        status, said = run("send", "github", "--to", url, *secret)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

    assert "The request is malformed" in malformed
    assert status == 1
    assert f"speaks https, and not http: --to https{url.removeprefix('http')}" in said
    assert "malformed" not in said


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_port_that_nothing_serves_has_no_other_scheme(secret: tuple[str, str], scheme: str) -> None:
    status, said = run("send", "github", "--to", f"{scheme}://127.0.0.1:9/a", *secret)

    assert status == 1
    assert "the request to 127.0.0.1:9 failed: ConnectionError" in said
    assert "Check the host and the port of --to, and that it runs." in said
    assert "speaks" not in said
