"""The stages of samconfig.toml."""

import tomllib
from typing import Any

from tests.support.sam_template import ROOT


def samconfig(stage: str) -> dict[str, Any]:
    """The deploy parameters of a section: a stage, or a stage with `-sources`."""
    document = tomllib.loads((ROOT / "samconfig.toml").read_text())
    found: dict[str, Any] = document["default"].get("global", {}).get("parameters", {})
    return {**found, **document[stage]["deploy"]["parameters"]}
