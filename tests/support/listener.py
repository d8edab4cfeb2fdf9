"""A place that takes PUTs, as the presigned URL of CloudFormation does."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from tests.support.served import served


@dataclass
class Listener:
    """What was PUT; `statuses` are answered first, then 200.

    Attributes:
        endpoint: of an emulator of AWS that answers are PUT to.
        location: where a redirect leads.
    """

    endpoint: str = ""
    url: str = ""
    location: str = ""
    statuses: list[int] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen on the loopback address until the block ends."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            listener.headers.append({name.lower(): text for name, text in self.headers.items()})
            listener.answers.append(json.loads(content))
            self.send_response(listener.statuses.pop(0) if listener.statuses else 200)
            if listener.location:
                self.send_header("Location", listener.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        listener.endpoint = f"http://127.0.0.1:{server.server_port}"
        listener.url = f"{listener.endpoint}/answer?X-Amz-Signature=TOPSECRET"
        with served(server):
            yield listener
