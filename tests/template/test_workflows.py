"""The workflows run make targets and pinned actions, with minimal permissions."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from typer.main import get_command

from inlet_bridge.cli.main import app
from tests.support.sam_configuration import samconfig
from tests.support.sam_template import ROOT

WORKFLOWS = {path.name: path for path in (ROOT / ".github" / "workflows").glob("*.yml")}


def jobs_of(name: str) -> dict[str, Any]:
    """The jobs of a workflow; BaseLoader, since YAML 1.1 reads the key `on` as true."""
    document = yaml.load(WORKFLOWS[name].read_text(), yaml.BaseLoader)  # noqa: S506
    found: dict[str, Any] = document["jobs"]
    return found


def steps() -> Iterator[dict[str, Any]]:
    for name in WORKFLOWS:
        for job in jobs_of(name).values():
            yield from job.get("steps", [])


def step(job: str, action: str, workflow: str) -> dict[str, Any]:
    """The inputs of the step that uses an action."""
    (found,) = (
        each for each in jobs_of(workflow)[job]["steps"] if each.get("uses", "").startswith(action)
    )
    inputs: dict[str, Any] = found["with"]
    return inputs


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_action_is_pinned_to_a_commit_with_its_version(name: str) -> None:
    used = re.findall(r"uses: (.+)", WORKFLOWS[name].read_text())
    foreign = [line for line in used if not line.startswith("$/")]

    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line) for line in foreign)


def test_every_action_has_the_same_commit_everywhere() -> None:
    text = "".join(path.read_text() for path in WORKFLOWS.values())
    used = set(re.findall(r"uses: ([\w/-]+)@(\S+)", text))

    assert len(used) == len({action for action, _ in used})


def test_every_step_runs_a_make_target_or_a_command() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z./]+):", makefile, re.MULTILINE)) | {'"$TARGET"'}
    commands = set(getattr(get_command(app), "commands", ()))

    for line in (each["run"] for each in steps() if "run" in each):
        target = re.match(r"make (\S+)", line)
        command = re.search(r"\.venv/bin/inlet (\S+)", line)
        assert (target and target[1] in targets) or (command and command[1] in commands), line


def test_commands_get_inputs_only_from_the_environment() -> None:
    assert [each["run"] for each in steps() if "${{" in each.get("run", "")] == []


@pytest.mark.parametrize("name", WORKFLOWS)
def test_permissions_are_per_job_and_minimal(name: str) -> None:
    assert "\npermissions: {}\n" in WORKFLOWS[name].read_text()
    for job in jobs_of(name).values():
        assert job["permissions"].keys() <= {"contents", "id-token"}
        assert job["permissions"].get("contents", "read") == "read"


def test_change_is_checked_tested_and_built_for_both_architectures() -> None:
    ci = jobs_of("ci.yml")
    built = {each["architecture"] for each in ci["build"]["strategy"]["matrix"]["include"]}

    verified = ci["verify"]["strategy"]["matrix"]["include"]
    assert {"target": "check"} in verified
    assert {"target": "test"} in verified
    assert built == {"arm64", "x86_64"}
    assert ".aws-sam/sbom.cdx.json" in step("build", "actions/upload-artifact", "ci.yml")["path"]


def test_production_follows_a_webhook_through_staging() -> None:
    ci = jobs_of("ci.yml")

    assert ci["staging"]["needs"] == ["verify", "build"]
    assert ci["staging"]["if"] == "github.event_name == 'push'"
    assert (ci["probe"]["needs"], ci["production"]["needs"]) == ("staging", "probe")
    assert ci["production"]["with"] == {"stage": "prod", "environment": "production"}


@pytest.mark.parametrize("stage", ["staging", "prod"])
def test_stage_has_the_architecture_of_its_build(stage: str) -> None:
    artifact = step("deploy", "actions/download-artifact", "deploy.yml")["name"]

    architecture = artifact.removeprefix("build-")
    assert f"Architecture={architecture}" in samconfig(stage)["parameter_overrides"].split()
