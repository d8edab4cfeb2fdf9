"""Run `inlet init` in a folder with `samconfig.toml`, an account and an emulated Adobe."""

import json
import tomllib
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from adobe_emulator.emulator import Adobe
from inlet_bridge.cli.main import app

PARAMETER = "/inlet-bridge/dev/secrets/adobe"
CONFIG = """\
# Stages ask no questions.
version = 0.1

[dev.deploy.parameters]
stack_name = "inlet-bridge-dev"   # of the bridge
parameter_overrides = "Stage=dev LogRetentionDays=7"

[dev-sources.deploy.parameters]
template_file = "sources.yaml"
stack_name = "inlet-bridge-dev-sources"
parameter_overrides = "Stage=dev OnDelete=Retain"
# The end.
"""


def run(adobe: Adobe, *arguments: str, typed: str = "") -> tuple[int, str]:
    """Exit status and output of `inlet init`."""
    urls = ("--ims", adobe.url, "--platform", adobe.url)
    environment = {"COLUMNS": "200", "NO_COLOR": "1"}
    result = CliRunner().invoke(app, ["init", *urls, *arguments], input=typed, env=environment)
    return result.exit_code, result.output


def download(adobe: Adobe, **changes: Any) -> str:
    """The credential as the Developer Console offers it: without the sandbox."""
    tenant = adobe.tenant
    document = {
        "CLIENT_ID": tenant.client_id,
        "CLIENT_SECRETS": [tenant.client_secret],
        "ORG_ID": tenant.org_id,
        "SCOPES": list(tenant.scopes),
    }
    return json.dumps({**document, **changes})


def section(folder: Path, name: str) -> dict[str, Any]:
    """The settings of a section of `samconfig.toml`."""
    document = tomllib.loads((folder / "samconfig.toml").read_text())
    found: dict[str, Any] = document[name]["deploy"]["parameters"]
    return found


def untouched(folder: Path, ssm: Any) -> bool:
    """Whether nothing was written."""
    names = {each.name for each in folder.iterdir()}
    return (
        not ssm.describe_parameters()["Parameters"]
        and names == {"samconfig.toml", "adobe.json"}
        and (folder / "samconfig.toml").read_text() == CONFIG
    )
