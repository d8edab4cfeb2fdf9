"""Runs of `inlet send`, and a receiver that records what they send."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

from typer.testing import CliRunner

from bridge.errors import InvalidSignatureError
from bridge.verification.declaration import Declared, declare_scheme
from bridge.verification.verify import verify
from bridge.webhook import Webhook
from inlet_bridge.cli.main import app
from inlet_bridge.senders.providers import SENDERS
from inlet_bridge.senders.sender import Sender

UNVERIFIED = "salesforce_outbound"


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200", "NO_COLOR": "1"})
    return result.exit_code, result.output


def declared(name: str, sender: Sender | None = None) -> Declared:
    sender = sender or SENDERS[name]
    return declare_scheme(name, sender.scheme, sender.constants, unverified=name == UNVERIFIED)


@contextmanager
def receiver(
    name: str, stored: str, sender: Sender | None = None
) -> Iterator[tuple[str, list[Webhook]]]:
    """Accept requests that are signed with the secret, and reject all others."""
    taken: list[Webhook] = []
    scheme = declared(name, sender).scheme

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {header.lower(): value for header, value in self.headers.items()}
            webhook = Webhook("POST", f"{base}{self.path}", headers, body)
            try:
                verify(scheme, webhook, [stored], datetime.now(UTC))
            except InvalidSignatureError:
                self.send_response(401)
            else:
                taken.append(webhook)
                self.send_response(202)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"{base}/webhooks/it?a=1", taken
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
