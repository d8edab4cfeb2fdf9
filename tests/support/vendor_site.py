"""A vendor's API over TLS on the loopback address, with prepared responses."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from bridge.adapters.http.public_https import PublicHttps
from bridge.adapters.http.retry_budget import Persistence, RetryBudget
from bridge.adapters.http.vendor_api import HttpsVendorApi
from bridge.ports.vendors import VendorRequest
from tests.support.vendor_account import StandInResponse

HOST = "api.github.com"
LOOPBACK = "127.0.0.1"
NOW = 1_796_000_000


@dataclass
class Site:
    """A vendor that gives prepared answers; the last one repeats."""

    answers: list[StandInResponse]
    port: int = 0
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paused: list[float] = field(default_factory=list)

    def next(self) -> StandInResponse:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def api(
        self, identity: Path, *, seconds: float = 600.0, deploys: bool = False
    ) -> HttpsVendorApi:
        https = PublicHttps(
            resolve=lambda _: [LOOPBACK],
            is_allowed=lambda address: address == LOOPBACK,
            port=self.port,
            authorities=str(identity),
        )
        budget = RetryBudget(
            self.paused.append,
            jitter=lambda: 1.0,
            remaining=lambda: seconds - sum(self.paused),
            persistence=Persistence(until_deadline=deploys),
        )
        return HttpsVendorApi({HOST}, budget, https, now=lambda: NOW)


@contextmanager
def site(identity: Path, *answers: StandInResponse) -> Iterator[Site]:
    there = Site(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("content-length", "0"))
            there.asked.append((self.command, self.path, self.rfile.read(length)))
            there.headers.append({name.lower(): text for name, text in self.headers.items()})
            given = there.next()
            content = given.document
            if not isinstance(content, bytes):
                content = b"" if content is None else json.dumps(content).encode()
            self.send_response(given.status)
            for name, text in given.headers.items():
                self.send_header(name, text)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815 (http.server looks for these names)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    class Server(HTTPServer):
        def handle_error(self, *_: object) -> None:
            """Ignore callers that disconnect."""

    server = Server((LOOPBACK, 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    there.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()


def request(method: str = "GET", host: str = HOST, scheme: str = "https") -> VendorRequest:
    return VendorRequest(
        "GitHub",
        method,
        f"{scheme}://{host}/repos/acme/shop/hooks?per_page=100",
        {"Authorization": "Bearer github_pat_NEVERSEEN"},
        b'{"name":"web"}' if method == "POST" else b"",
        method == "POST",
        "create a webhook" if method == "POST" else "list webhooks",
    )
