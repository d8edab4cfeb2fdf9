"""What `inlet send --to URL` says of a response that accepts nothing."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.support.sent_webhooks import run


@contextmanager
def answering(status: int, headers: dict[str, str]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/webhooks/it"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(
    ("status", "headers", "said"),
    [
        (401, {}, "The secret must be the one that the source reads"),
        (403, {}, "The secret must be the one that the source reads"),
        (404, {}, "No source has this name: the URL ends in /webhooks/NAME"),
        (400, {}, "The request is malformed"),
        (405, {}, "The URL takes no POST"),
        (413, {}, "The body is over 1 MB"),
        (415, {}, "needs a Map; see docs/mapping.md"),
        (429, {"Retry-After": "30"}, "send it again after 30 s."),
        (503, {"Retry-After": "30"}, "in progress; send it again after 30 s."),
        (500, {}, "The server failed; send it again."),
        (502, {}, "The server failed; send it again."),
        (418, {}, "inlet why"),
    ],
)
def test_refusal_has_the_request_id_and_a_way_out(
    tmp_path: Path, status: int, headers: dict[str, str], said: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("wrong")
    with answering(status, {**headers, "apigw-requestid": "Ab1="}) as url:
        code, output = run("send", "github", "--to", url, "--secret-file", str(secret))

    assert code == 1
    assert str(status) in output
    assert said in output
    assert "The reason: inlet why Ab1=" in output
    assert "--stack" in output


def test_response_of_another_server_is_recognized(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("wrong")
    with answering(401, {}) as url:
        _, output = run("send", "github", "--to", url, "--secret-file", str(tmp_path / "secret"))

    assert "The response has no apigw-requestid" in output


def test_redirect_is_not_accepted(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("wrong")
    with answering(308, {"Location": "https://hooks.example/it"}) as url:
        code, output = run("send", "github", "--to", url, "--secret-file", str(tmp_path / "secret"))

    assert code == 1
    assert "It redirects to https://hooks.example/it, which senders do not follow" in output
