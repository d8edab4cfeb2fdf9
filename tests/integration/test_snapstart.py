"""Tests of the receiver in AWS's runtime with SnapStart, restored from a snapshot."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue

import pytest
from awslambdaric.lambda_runtime_hooks_runner import run_after_restore, run_before_snapshot

from benchmarks.events import body, parameters, webhook
from benchmarks.responses import answer
from bridge.adapters.aws.snapstart import prepare_snapshot
from tests.support.sam_template import ROOT
from tests.support.served import served
from tests.support.waiting import MAX_SECONDS

_RUNTIME = "/2018-06-01/runtime"


class Cloud:
    """Lambda's runtime API, AWS and the inlet on one port; records the requests in order."""

    def __init__(self, port: int) -> None:
        self.host = f"127.0.0.1:{port}"
        self.asked: list[str] = []
        self.keys: set[str] = set()
        self.answers: Queue[bytes] = Queue()
        self.known: dict[str, str] = {}

    def get(self, path: str) -> tuple[dict[str, str], bytes]:
        """Respond to a request of the function to Lambda."""
        self.asked.append(path.removeprefix(_RUNTIME))
        if path == f"{_RUNTIME}/invocation/next":
            while self.asked.count("/invocation/next") > 1:
                time.sleep(1)  # There is no further webhook.
            ends = int((time.time() + 15) * 1_000)
            arn = "arn:aws:lambda:eu-central-1:123456789012:function:receiver"
            return {
                "Lambda-Runtime-Aws-Request-Id": "r-1",
                "Lambda-Runtime-Deadline-Ms": str(ends),
                "Lambda-Runtime-Invoked-Function-Arn": arn,
            }, webhook("authenticated", body(1_000))
        if path == "/credentials":
            expires = datetime.now(UTC) + timedelta(hours=1)
            role = {"AccessKeyId": "AKIDRESTORED", "SecretAccessKey": "key", "Token": "session"}
            return {}, json.dumps({**role, "Expiration": expires.isoformat()}).encode()
        # Only values from after the restore are valid.
        self.known |= parameters(f"http://{self.host}/collection/{'a' * 64}")
        return {}, b""

    def post(self, path: str, target: str, signed: str, content: bytes) -> tuple[int, str, bytes]:
        """Respond to a request of the function to Lambda, AWS or the inlet."""
        if path.startswith(_RUNTIME):
            self.answers.put(content)
            return 202, "application/json", b""
        self.asked.append(target.rpartition(".")[2] or path.split("/")[1])
        if target:
            self.keys.add(signed.partition("Credential=")[2].partition("/")[0])
        return answer(path, target, content, self.known)


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers, content = made.get(self.path)
            self._say(200, {"Content-Type": "application/json", **headers}, content)

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            target, signed = (self.headers.get(n, "") for n in ("X-Amz-Target", "Authorization"))
            status, kind, said = made.post(self.path, target, signed, content)
            self._say(status, {"Content-Type": kind}, said)

        def _say(self, status: int, headers: dict[str, str], content: bytes) -> None:
            self.send_response(status)
            for name, text in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        made = Cloud(server.server_port)
        with served(server):
            yield made


@contextmanager
def runtime(cloud: Cloud) -> Iterator[None]:
    """Run AWS's runtime with the receiver, configured for a snapshot."""
    environ = {
        "PATH": os.defpath,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "layers" / "bridge")]),
        "AWS_LAMBDA_RUNTIME_API": cloud.host,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start",
        "AWS_LAMBDA_FUNCTION_NAME": "receiver",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://{cloud.host}/credentials",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "token",
        # Values from the time of the snapshot.
        "AWS_ACCESS_KEY_ID": "AKIDSTALE",
        "AWS_SECRET_ACCESS_KEY": "key",
        "AWS_REGION": "eu-central-1",
        "AWS_ENDPOINT_URL": f"http://{cloud.host}",
        "STAGE": "bench",
        "ADOBE_IMS_URL": f"http://{cloud.host}",
        "ADOBE_CREDENTIALS": "/inlet-bridge/bench/secrets/adobe",
        "INLET_HOSTS": cloud.host,
        "BUFFER_QUEUE_URL": "https://sqs/buffer",
        "DELIVERIES_TABLE": "deliveries",
        "RECORD_DAYS": "8",
        "POWERTOOLS_METRICS_NAMESPACE": "InletBridge/bench",
        "POWERTOOLS_SERVICE_NAME": "receiver",
    }
    argv = [sys.executable, "-m", "awslambdaric", "functions.receiver.handler.lambda_handler"]
    with subprocess.Popen(argv, env=environ, cwd=ROOT) as process:  # noqa: S603
        try:
            yield
        finally:
            process.kill()


def test_no_connection_is_opened_before_the_snapshot_and_the_restored_function_delivers(
    cloud: Cloud,
) -> None:
    with runtime(cloud):
        said = json.loads(cloud.answers.get(timeout=MAX_SECONDS))

    assert said["statusCode"] == 200
    assert cloud.asked[:3] == ["/restore/next", "/invocation/next", "/credentials"]
    assert cloud.asked.count("/credentials") == 1
    assert {"GetParameters", "collection"} <= set(cloud.asked)
    assert cloud.keys == {"AKIDRESTORED"}


def test_restored_functions_use_different_random_delays() -> None:
    prepared: list[str] = []
    prepare_snapshot(
        lambda: prepared.append("ready"), {"AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}
    )

    def output() -> float:
        random.seed(1)
        run_after_restore()
        return random.random()  # noqa: S311

    assert output() != output()
    run_before_snapshot()
    assert prepared == ["ready"]


def test_nothing_is_prepared_without_snapstart() -> None:
    def prepare() -> None:
        raise AssertionError("nobody asked for it")

    prepare_snapshot(prepare, {"AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand"})
