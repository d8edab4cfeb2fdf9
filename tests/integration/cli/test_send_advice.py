"""What `inlet send --to URL` says of a response that accepts nothing."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socket import socket

import pytest
from botocore.exceptions import ClientError

from inlet_bridge.cli import local_reasons, send, sent_outcome
from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.single_sender import Target
from tests.support.receiver_fakes import source_of
from tests.support.sent_webhooks import declared, run


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
        (415, {}, "`inlet map SOURCE FILE` shows where it is not. Any other"),
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


def test_local_cloud_is_found_without_the_name_of_its_stack(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("wrong")
    with answering(401, {"apigw-requestid": "Ab1="}) as url:
        to = url.replace("127.0.0.1", "a1.execute-api.localhost")
        _, output = run("send", "github", "--to", to, "--secret-file", str(tmp_path / "secret"))

    assert "The reason: inlet why Ab1=" in output
    assert "--stack" not in output


@pytest.mark.parametrize("status", [401, 404, 413, 415, 429, 503])
def test_local_refusal_names_no_stack(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    with answering(status, {"apigw-requestid": "Ab1="}) as url:
        endpoint = url.removesuffix("/webhooks/it")
        host = endpoint.replace("http://127.0.0.1", "a1.execute-api.localhost")
        target = Target(f"https://{host}/webhooks/it", host, endpoint, "secret", "it")
        monkeypatch.setattr(send, "_local_target", lambda *_: target)
        code, output = run("send", "github")

    assert code == 1
    assert f"{status} " in output
    assert "--stack" not in output


def free_port() -> int:
    """A port on which nothing listens."""
    with socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_local_cloud_that_does_not_answer_is_not_called_aws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    endpoint = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setattr(send, "running_cloud", lambda: Cloud(endpoint, "key", "secret"))

    code, output = run("send", "github")

    assert code == 1
    assert f"the local cloud on {endpoint} does not answer" in output
    assert "start it again with `make run`" in output
    assert "AWS" not in output


def test_local_cloud_that_rejects_a_request_is_not_called_aws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    error = ClientError({"Error": {"Code": "Throttled", "Message": "Slow down."}}, "GetParameter")

    def refuse(*_: object) -> Target:
        raise error

    monkeypatch.setattr(send, "_local_target", refuse)

    assert "the local cloud rejected GetParameter: Throttled: Slow down" in run("send", "github")[1]


def test_reason_that_cannot_be_read_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = f"http://127.0.0.1:{free_port()}"
    variables = {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_MAX_ATTEMPTS": "1",
        "BRIDGE_STACK": "inlet-bridge-local",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(local_reasons, "running_variables", lambda: variables)
    monkeypatch.setattr(local_reasons, "use", lambda _: "inlet-bridge-local")

    assert local_reasons.local_reasons("it", datetime.now(UTC)) == ()


def test_response_of_another_server_is_recognized(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("wrong")
    with answering(401, {}) as url:
        _, output = run("send", "github", "--to", url, "--secret-file", str(tmp_path / "secret"))

    assert "The response has no apigw-requestid" in output


@pytest.mark.parametrize("path", ["/linear", "/webhook/it", "", "/webhooks/", "/webhooks/a/b/c"])
def test_path_that_the_api_does_not_have_is_named(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").write_text("wrong")
    with answering(404, {"apigw-requestid": "Ab1="}) as url:
        to = url.removesuffix("/webhooks/it") + path
        _, output = run("send", "github", "--to", to, "--secret-file", str(tmp_path / "secret"))

    assert f"The path is {path or '/'}, and must be /webhooks/NAME" in output
    assert "inlet why" not in output


def test_redirect_is_not_accepted(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("wrong")
    with answering(308, {"Location": "https://hooks.example/it"}) as url:
        code, output = run("send", "github", "--to", url, "--secret-file", str(tmp_path / "secret"))

    assert code == 1
    assert "It redirects to https://hooks.example/it, which senders do not follow" in output


def test_secret_in_the_query_of_a_redirect_is_not_printed(tmp_path: Path) -> None:
    """Mailchimp sends it in the query, which a redirect to HTTPS repeats."""
    (tmp_path / "secret").write_text("hidden-one")
    target = "https://hooks.example/webhooks/it?secret=hidden-one"
    with answering(301, {"Location": target}) as url:
        file = str(tmp_path / "secret")
        output = run("send", "mailchimp", "--to", url, "--secret-file", file)[1]

    assert "It redirects to https://hooks.example/webhooks/it, which senders" in output
    assert "hidden-one" not in output


def test_source_of_another_provider_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    source = source_of(declared("github"))._replace(name="it", provider="github")

    class OneSource:
        """A local cloud with one source."""

        def __init__(self, _: object) -> None:
            """Nothing is asked yet."""

        def target(self, *_: object) -> Target:
            return Target(url, "", "", "secret", "it", configured=source)

    monkeypatch.setattr(send, "SingleSender", OneSource)
    monkeypatch.setattr(send, "running_cloud", lambda: None)
    monkeypatch.setattr(sent_outcome, "local_reasons", lambda *_: [])
    said = "The Provider of it is github, and not linear: inlet send github --source it"
    with answering(401, {}) as url:
        assert said in run("send", "linear", "--source", "it")[1]
        assert "The Provider" not in run("send", "github", "--source", "it")[1]
