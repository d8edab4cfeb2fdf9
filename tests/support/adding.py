"""Run `inlet add` in a folder with a file of sources."""

from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from tests.support.sources_files import SOURCES, parsed

SECRET = "whsec_TOPSECRET0123456789"
PARAMETER = "/inlet-bridge/dev/secrets/stripe"
CREDENTIAL = "/inlet-bridge/dev/credentials/github"


def run(*arguments: str, typed: str = "") -> tuple[int, str]:
    """Exit status and output of `inlet add`."""
    environment = {"COLUMNS": "200", "NO_COLOR": "1"}
    result = CliRunner().invoke(app, ["add", *arguments], input=typed, env=environment)
    return result.exit_code, result.output


def properties(folder: Path, logical_id: str) -> dict[str, Any]:
    """The properties of a resource of the file."""
    document = parsed((folder / "sources.yaml").read_text())
    found: dict[str, Any] = document["Resources"][logical_id]["Properties"]
    return found


def unchanged(folder: Path) -> bool:
    """Whether the file is as it was, and nothing else is beside it."""
    names = {each.name for each in folder.iterdir()}
    content = (folder / "sources.yaml").read_bytes()
    return names == {"sources.yaml", "secret.txt"} and content == SOURCES.encode()


def stored(ssm: Any, name: str = PARAMETER) -> str:
    """The value of a secret."""
    found = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]
    assert found["Type"] == "SecureString"
    return str(found["Value"])
