"""Tests of the account in which the provisioner is invoked."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import boto3
import pytest

from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.provisioner import Provisioner
from tests.support.served import served

RESOURCES = {"ProvisionerFunction": "inlet-bridge-ProvisionerFunction-1A2B"}


class Endpoint(HTTPServer):
    """An endpoint of Lambda whose function returns `{"ok": true}`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.authorizations: list[str] = []


class Handler(BaseHTTPRequestHandler):
    """Answer as Lambda does, and keep who asked."""

    server: Endpoint

    def do_POST(self) -> None:
        self.server.authorizations.append(self.headers["Authorization"])
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps({"ok": True}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    with Endpoint() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        with served(server):
            yield server


def test_provisioner_is_invoked_with_the_credentials_of_its_stack(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", boto3.Session("another-account", "secret"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "account-of-the-stack")
    deployed = Deployed("inlet-bridge-dev")
    vars(deployed)["resources"] = RESOURCES

    assert Provisioner(deployed).ask({}) == {"ok": True}
    assert ["Credential=account-of-the-stack/" in one for one in endpoint.authorizations] == [True]
