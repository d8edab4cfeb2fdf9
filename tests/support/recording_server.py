"""A server on the loopback that records the requests it gets, byte for byte."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

from tests.support.served import served


@dataclass
class RecordingServer:
    """What was sent to it; names of headers are in lower case, values are bytes as Latin-1."""

    url: str
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def recording_server() -> Iterator[RecordingServer]:
    """Accept requests until the block ends."""
    recorded: list[tuple[str, str, dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            recorded.append((self.command, self.path, headers, body))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server, served(server):
        yield RecordingServer(f"http://127.0.0.1:{server.server_port}", recorded)
