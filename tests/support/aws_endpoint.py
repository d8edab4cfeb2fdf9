"""Moto's AWS on a loopback port, for commands that run as processes of their own."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any, Final

import pytest
from botocore.awsrequest import AWSPreparedRequest, HTTPHeaders
from moto.core.models import botocore_stubber

from tests.support.served import served

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
_SCOPE: Final = re.compile(r"Credential=[^/]+/\d{8}/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request")

type Watch = Callable[[str, bytes], bool]
"""Called with the operation and the body of each request before it is processed and after; True
closes the connection without a response."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a killed process, whose connections are closed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def aws_endpoint(monkeypatch: pytest.MonkeyPatch, before: Watch, after: Watch) -> Iterator[str]:
    """Serve what moto has in this process until the block ends; the URL.

    Moto is not made for threads, so that it processes one request after the other, also those of
    this process.
    """
    process, turn = botocore_stubber.process_request, Lock()

    def in_turn(request: Any) -> Any:
        with turn:
            return process(request)

    monkeypatch.setattr(botocore_stubber, "process_request", in_turn)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
            if before(operation, content):
                self.close_connection = True
                return
            status, headers, body = _answer(self, content)
            if after(operation, content):
                self.close_connection = True
                return
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with _Server(("127.0.0.1", 0), Handler) as server, served(server):
        yield f"http://127.0.0.1:{server.server_port}"


def _answer(asked: BaseHTTPRequestHandler, content: bytes) -> tuple[int, Mapping[str, str], bytes]:
    """What moto responds to a request for the service that its signature names."""
    scope = _SCOPE.search(asked.headers["Authorization"])
    assert scope, asked.headers["Authorization"]
    host = f"{scope[2]}.{scope[1]}.amazonaws.com"
    headers = HTTPHeaders.from_dict({**dict(asked.headers.items()), "Host": host})
    request = AWSPreparedRequest(
        str(asked.command), f"https://{host}{asked.path}", headers, content, False
    )
    answered = botocore_stubber.process_request(request)
    assert answered, host
    status, output, body = answered
    kept = {
        name: str(value)
        for name, value in output.items()
        if name.lower() not in {"content-length", "connection", "status"}
    }
    return int(status), kept, body if isinstance(body, bytes) else body.encode()
