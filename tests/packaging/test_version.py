"""The command, the package and the functions have one version."""

import tomllib
from importlib.metadata import version

from typer.testing import CliRunner

from bridge.version import USER_AGENT, VERSION
from inlet_bridge.cli.main import app
from tests.support.sam_template import ROOT


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
