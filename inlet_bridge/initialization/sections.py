"""The sections of a stage in `samconfig.toml`: of the bridge, and of its sources."""

from collections.abc import Mapping
from dataclasses import dataclass

from inlet_bridge.initialization.sam_config import SamConfig


@dataclass(frozen=True, slots=True)
class StageAnswers:
    """What a deployment of a stage needs.

    Attributes:
        bridge: parameters of the bridge that are not its defaults.
        sources: parameters of its sources.
    """

    stage: str
    region: str
    bridge: Mapping[str, str]
    sources: Mapping[str, str]


def bridge_section(stage: str) -> str:
    """The section of the bridge."""
    return stage


def sources_section(stage: str) -> str:
    """The section of the sources."""
    return f"{stage}-sources"


def with_answers(config: SamConfig, answers: StageAnswers) -> SamConfig:
    """The file with the answers. Raises InitializationError."""
    stage = answers.stage
    stack = f"inlet-bridge-{stage}"
    settings = {"region": answers.region}
    new = {
        "stack_name": stack,
        "capabilities": "CAPABILITY_IAM",
        "resolve_s3": True,
        "confirm_changeset": False,
        "fail_on_empty_changeset": False,
        "tags": f"Project=inlet-bridge Stage={stage}",
    }
    bridge = config.with_section(
        bridge_section(stage), settings, new, {"Stage": stage, **answers.bridge}
    )
    return bridge.with_section(
        sources_section(stage),
        settings,
        {"template_file": "sources.yaml", **new, "stack_name": f"{stack}-sources"},
        {"Stage": stage, **answers.sources},
    )
