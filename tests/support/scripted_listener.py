"""A server whose test says what each of its connections does."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event
from typing import Any

from benchmarks.certificate import write_certificate
from tests.support.served import served

# Long enough for a slow machine.
TIMEOUT = (60.0, 60.0)


type Behavior = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Listener:
    """Takes POSTs.

    Attributes:
        ports: over which connection each request came.
        closed: set when the listener has closed a connection.
    """

    url: str = ""
    closed: Event = field(default_factory=Event)
    ports: list[int] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def host(self) -> str:
        """With the port."""
        return self.url.rpartition("/")[2]


@contextmanager
def listening(answer: Behavior, tls: ssl.SSLContext | None = None) -> Iterator[Listener]:
    """Listen on the loopback address until the block ends."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): text for name, text in self.headers.items()}
            listener.ports.append(self.client_address[1])
            listener.requests.append((self.path, headers, content))
            answer(self)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def shutdown_request(self, request: Any) -> None:
            super().shutdown_request(request)
            listener.closed.set()

        def handle_error(self, *_: object) -> None:
            """Ignore clients that disconnect, as some tests do."""

    with Server(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        listener.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
        with served(server):
            yield listener


def ok(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "2")
    request.send_header("X-Test", "Yes")
    request.end_headers()
    request.wfile.write(b"{}")


def ok_and_close(request: BaseHTTPRequestHandler) -> None:
    ok(request)
    request.close_connection = True


def tls_contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return a server's context, and the context of a client that trusts it."""
    certificate, key = write_certificate(folder)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate, key)
    return server, ssl.create_default_context(cafile=str(certificate))
