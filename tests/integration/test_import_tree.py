"""Tests of the modules that a cold start imports, in a separate process."""

import json
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from benchmarks.events import body, parameters, webhook
from benchmarks.responses import answer
from tests.support.served import served

# Expensive modules that a webhook to an unauthenticated inlet does not need.
UNUSED = {
    "aws_lambda_powertools.utilities.parameters",
    "boto3",
    "botocore.client",
    "botocore.session",
    "bridge.adapters.adobe.flow_service",
    "bridge.adapters.adobe.ims",
    "bridge.adapters.adobe.rate_limiter",
    "bridge.adapters.aws.sqs_records",
    "bridge.background_settings",
    "bridge.delivery.dead_letter",
    "bridge.delivery.queued_event",
    "bridge.delivery.queued_message",
    "bridge.inlet.rate_limiter",
    "bridge.provisioning.chain",
    "bridge.provisioning",
    "bridge.verification.catalogue",
    "bridge.verification.declaration",
    "charset_normalizer",
    "cryptography",
    "dataclasses",
    "email.parser",
    "email.utils",
    "http.client",
    "jwt",
    "pydantic",
    "requests",
    "urllib3",
}
PROGRAM = """
import json, sys
from types import SimpleNamespace
from functions.receiver.handler import lambda_handler
context = SimpleNamespace(function_name="f", memory_limit_in_mb=512, aws_request_id="r",
    invoked_function_arn="arn:aws:lambda:eu-central-1:123456789012:function:f",
    get_remaining_time_in_millis=lambda: 15_000)
answer = lambda_handler(json.load(sys.stdin), context)
print(json.dumps([answer["statusCode"], sorted(sys.modules)]))
"""


@pytest.fixture
def host() -> Iterator[str]:
    """Emulate AWS, IMS and the inlet on one port of the loopback address."""
    known: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            target = self.headers.get("X-Amz-Target", "")
            status, kind, said = answer(self.path, target, content, known)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        host = f"127.0.0.1:{server.server_port}"
        known |= parameters(f"http://{host}/collection/{'a' * 64}")
        with served(server):
            yield host


def imported(host: str, source: str) -> set[str]:
    """Return the modules that are imported after the delivery of one webhook of this source."""
    return set(run(PROGRAM, host, source))


def run(program: str, host: str, source: str) -> Any:
    """Return what a process prints after the delivery of one webhook of this source."""
    environ = {
        "AWS_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_ENDPOINT_URL": f"http://{host}",
        "STAGE": "bench",
        "ADOBE_IMS_URL": f"http://{host}",
        "ADOBE_CREDENTIALS": "/inlet-bridge/bench/secrets/adobe",
        "INLET_HOSTS": host,
        "BUFFER_QUEUE_URL": "https://sqs/buffer",
        "DELIVERIES_TABLE": "deliveries",
        "RECORD_DAYS": "8",
        "POWERTOOLS_METRICS_NAMESPACE": "InletBridge/bench",
        "POWERTOOLS_SERVICE_NAME": "receiver",
    }
    done = subprocess.run(  # noqa: S603 (this interpreter)
        [sys.executable, "-c", program],
        input=webhook(source, body(1_000)),
        env=environ,
        check=True,
        capture_output=True,
    )
    status, printed = json.loads(done.stdout.splitlines()[-1])
    assert status == 200, done.stdout
    return printed


def test_webhook_to_an_unauthenticated_inlet_imports_no_unused_module(
    host: str,
) -> None:
    assert imported(host, "open") & UNUSED == set()


def test_delivered_webhook_compiles_no_pattern_for_the_buffer(host: str) -> None:
    """It is a millisecond of every cold start."""
    program = PROGRAM.replace("sorted(sys.modules)", "not_for_sqs.cache_info().currsize")
    program = f"from bridge.delivery.body_encoding import not_for_sqs{program}"

    assert run(program, host, "open") == 0


def test_first_token_imports_only_the_token_client(host: str) -> None:
    modules = imported(host, "authenticated")

    assert modules & UNUSED == {"bridge.adapters.adobe.ims"}


COMMAND = """
import json, sys
sys.argv = ["inlet", "--help"]
from inlet_bridge.cli.main import app
try:
    app()
except SystemExit as end:
    print(json.dumps([end.code or 0, sorted(sys.modules)]))
"""


def test_help_imports_no_implementation() -> None:
    done = subprocess.run(  # noqa: S603 (this interpreter)
        [sys.executable, "-c", COMMAND], check=True, capture_output=True, text=True
    )
    status, modules = json.loads(done.stdout.splitlines()[-1])
    heavy = {"boto3", "botocore", "cryptography", "jmespath", "jsonschema", "pydantic", "requests"}
    heavy |= {"yaml", "bridge.adapters", "bridge.messages", "bridge.provisioning"}
    # Typer loads rich when it prints help with it; the commands' screen has tables and progress.
    heavy |= {"inlet_bridge.cli.console", "rich.progress"}

    assert status == 0
    assert "Usage: inlet" in done.stdout
    assert heavy & set(modules) == set()
