"""`inlet console` prints one URL, or one sentence."""

import json
import socket
from pathlib import Path
from threading import enumerate as enumerate_threads

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner

from inlet_bridge.cli.inspector import ACCESS_CHECK
from inlet_bridge.cli.inspector import state_folder as state_folder_of_the_user
from inlet_bridge.cli.main import app
from inlet_bridge.inspector.server import InspectorServer
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from tests.support.hostile_text import HOSTILE, unsafe


@pytest.fixture(autouse=True)
def state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "inlet-bridge"


def test_a_port_in_use_is_one_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])

        result = CliRunner().invoke(app, ["console", "--stack", HOSTILE, "--port", port])

    assert result.exit_code == 1
    assert f"port {port} of 127.0.0.1 cannot be used" in result.output
    assert "--port" in result.output
    assert not unsafe(result.output)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The URLs of servers, which end once the access to AWS was checked."""
    served: list[str] = []

    def serve(server: InspectorServer) -> None:
        served.append(server.url)
        server._socket.close()  # noqa: SLF001
        for thread in enumerate_threads():
            if thread.name == ACCESS_CHECK:
                thread.join()

    monkeypatch.setattr(InspectorServer, "serve", serve)
    return served


@mock_aws
def test_url_is_printed_before_requests_are_served(served: list[str], state_folder: Path) -> None:
    result = CliRunner().invoke(app, ["console", "--stack", HOSTILE, "--allow-actions"])

    assert result.stdout.splitlines() == [
        served[0],
        "The URL works once. Actions are permitted. Ctrl-C ends it.",
    ]
    assert not unsafe(result.output)
    assert not state_folder.exists()  # Nothing was done yet.


@mock_aws
def test_a_mistyped_stack_is_reported_with_those_that_exist(served: list[str]) -> None:
    template = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
    boto3.client("cloudformation").create_stack(
        StackName="inlet-bridge-prod", TemplateBody=template
    )

    result = CliRunner().invoke(app, ["console", "--stack", "nosuch"])

    assert len(served) == 1
    assert "It is read-only; --allow-actions permits" in result.stdout
    assert "there is no stack nosuch here" in result.stderr
    assert "The stacks here are: inlet-bridge-prod." in result.stderr


def test_credentials_that_are_missing_are_reported_at_once(
    served: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_: Deployed) -> None:
        raise OperationError("AWS cannot be asked: no credentials", hint="Set AWS_PROFILE.")

    monkeypatch.setattr(Deployed, "require_deployed", failing)

    result = CliRunner().invoke(app, ["console", "--stack", "inlet-bridge-dev"])

    assert len(served) == 1
    assert "AWS cannot be asked: no credentials. Set AWS_PROFILE." in result.stderr


def test_actions_are_recorded_where_the_replays_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative path would depend on the folder in which the command is started."""
    monkeypatch.setenv("HOME", str(tmp_path))

    for path in ("", "state", "./state"):
        monkeypatch.setenv("XDG_STATE_HOME", path)
        assert state_folder_of_the_user() == tmp_path / ".local" / "state" / "inlet-bridge"
