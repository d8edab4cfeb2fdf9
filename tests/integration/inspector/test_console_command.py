"""`inlet console` prints one URL, or one sentence."""

import socket
from pathlib import Path

import pytest
from moto import mock_aws
from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from inlet_bridge.inspector.server import InspectorServer
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


@mock_aws
def test_url_is_printed_before_requests_are_served(
    monkeypatch: pytest.MonkeyPatch, state_folder: Path
) -> None:
    served: list[str] = []

    def serve(server: InspectorServer) -> None:
        served.append(server.url)
        server._socket.close()  # noqa: SLF001

    monkeypatch.setattr(InspectorServer, "serve", serve)

    result = CliRunner().invoke(app, ["console", "--stack", HOSTILE, "--allow-actions"])

    assert result.output == f"{served[0]}\n"
    assert not unsafe(result.output)
    assert not state_folder.exists()  # Nothing was done yet.
