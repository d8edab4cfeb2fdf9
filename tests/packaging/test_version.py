"""The command, the package, the template and every request have one version."""

import ast
import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bridge.version import USER_AGENT, VERSION
from inlet_bridge.cli.main import app
from tests.support.sam_template import ROOT, template

# What makes a client of HTTP or of AWS.
_CLIENTS = {
    "socket.create_connection",
    "boto3.client",
    "boto3.Session",
    "get_session",
    "requests.Session",
}
_PACKAGES = ("layers/bridge/bridge", "functions", "inlet_bridge")


def _called(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


CLIENTS = [
    path.relative_to(ROOT)
    for package in _PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if _CLIENTS.intersection(_called(path))
]


def test_package_reads_its_version_from_the_bridge() -> None:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text())

    assert document["project"]["dynamic"] == ["version"]
    assert (ROOT / document["tool"]["hatch"]["version"]["path"]).samefile(
        ROOT / "layers" / "bridge" / "bridge" / "version.py"
    )
    assert version("inlet-bridge") == VERSION


def test_command_prints_the_version() -> None:
    assert CliRunner().invoke(app, ["--version"]).output == f"inlet {VERSION}\n"


def test_user_agent_has_the_version() -> None:
    assert f"inlet-bridge/{VERSION}" == USER_AGENT


def test_template_shows_the_version() -> None:
    assert template()["Outputs"]["Version"]["Value"] == VERSION


def test_clients_are_found() -> None:
    found = set(map(str, CLIENTS))
    assert found >= {
        "functions/provisioner/wiring.py",
        "inlet_bridge/operations/aws_session.py",
        "layers/bridge/bridge/wiring.py",
        "layers/bridge/bridge/adapters/http/connections.py",
    }


@pytest.mark.parametrize("path", CLIENTS, ids=str)
def test_every_client_names_the_version(path: Path) -> None:
    """`tests/functions/test_user_agent.py` sees the headers of requests; this sees new clients."""
    assert "USER_AGENT" in (ROOT / path).read_text("utf-8")
