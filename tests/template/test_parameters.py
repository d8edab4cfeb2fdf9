"""What a deployment asks for, what it gives back, and the stages of samconfig.toml."""

import re
import subprocess
import tomllib
from typing import Any

import pytest

from tests.support.sam_template import ROOT, template
from tests.support.template_references import references

STAGES = ("default", "dev", "staging", "prod")


def used() -> set[str]:
    """Every parameter or resource that something refers to."""
    parts = {name: template()[name] for name in ("Resources", "Globals", "Outputs", "Conditions")}
    return {name for _, name, _ in references(parts)}


def test_every_parameter_is_used_and_described() -> None:
    parameters = template()["Parameters"]

    assert parameters.keys() - used() == set()
    assert [name for name, item in parameters.items() if not item.get("Description")] == []
    assert all(item["Description"].endswith((".", ")")) for item in parameters.values())


def test_every_parameter_is_in_one_group_of_the_console() -> None:
    groups = template()["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    shown = [name for group in groups for name in group["Parameters"]]

    assert sorted(shown) == sorted(template()["Parameters"])


def test_a_guided_deployment_has_to_ask_for_the_dataset_and_its_schema_only() -> None:
    parameters = template()["Parameters"]

    assert {name for name, item in parameters.items() if "Default" not in item} == {
        "DatasetId",
        "SchemaId",
    }


def test_defaults_are_allowed_values() -> None:
    for item in template()["Parameters"].values():
        default = item.get("Default", "")
        assert default in item.get("AllowedValues", [default])
        if "AllowedPattern" in item and "Default" in item:
            assert re.fullmatch(item["AllowedPattern"], default)


def test_every_condition_is_used() -> None:
    text = str({name: template()[name] for name in ("Resources", "Globals", "Outputs")})

    assert all(f"'{name}'" in text for name in template()["Conditions"])


def test_the_outputs_say_where_webhooks_go_and_come_out() -> None:
    outputs = template()["Outputs"]

    assert outputs.keys() >= {"WebhookUrl", "InletUrl", "FlowId"}
    assert all(item["Description"] for item in outputs.values())
    condition, own, of_the_api = outputs["WebhookUrl"]["Value"]["Fn::If"]
    assert condition == "HasDomain"
    assert own == {"Fn::Sub": "https://${DomainName}${WebhookSource.Path}"}
    assert of_the_api["Fn::Sub"].startswith("https://${WebhookApi}.")


def samconfig(stage: str) -> dict[str, Any]:
    """How a stage is deployed."""
    document = tomllib.loads((ROOT / "samconfig.toml").read_text())
    found: dict[str, Any] = document["default"].get("global", {}).get("parameters", {})
    return {**found, **document[stage]["deploy"]["parameters"]}


def test_samconfig_knows_the_stages() -> None:
    assert set(tomllib.loads((ROOT / "samconfig.toml").read_text())) == {"version", *STAGES}


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_gives_parameters_that_exist_values_that_are_allowed(stage: str) -> None:
    given = dict(pair.split("=", 1) for pair in samconfig(stage)["parameter_overrides"].split())
    parameters = template()["Parameters"]

    assert given["Stage"] == ("dev" if stage == "default" else stage)
    assert given.keys() <= parameters.keys()
    for name, value in given.items():
        allowed = [str(each) for each in parameters[name].get("AllowedValues", [value])]
        assert value in allowed
        assert re.fullmatch(parameters[name].get("AllowedPattern", ".*"), value)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_has_a_stack_of_its_own_and_no_more_rights_than_it_needs(stage: str) -> None:
    written = samconfig(stage)

    assert written["stack_name"] == f"inlet-bridge-{'dev' if stage == 'default' else stage}"
    assert written["capabilities"] == "CAPABILITY_IAM"


@pytest.mark.parametrize("stage", STAGES[1:])
def test_a_pipeline_is_asked_nothing_and_may_find_nothing_to_change(stage: str) -> None:
    written = samconfig(stage)

    assert written["confirm_changeset"] is False
    assert written["fail_on_empty_changeset"] is False
    assert written["resolve_s3"] is True


@pytest.mark.parametrize("stage", STAGES)
def test_what_a_stage_costs_can_be_told_by_its_tags(stage: str) -> None:
    tags = dict(pair.split("=", 1) for pair in samconfig(stage)["tags"].split())

    assert tags == {
        "Project": "inlet-bridge",
        "Stage": "dev" if stage == "default" else stage,
    }


def test_production_keeps_its_chain() -> None:
    assert "OnDelete=Retain" in samconfig("prod")["parameter_overrides"]


@pytest.mark.parametrize(
    ("arguments", "questions"),
    [(["STAGE=prod"], 1), (["STAGE=prod", "CI=true"], 0), (["STAGE=staging"], 0)],
)
def test_production_is_asked_for_by_hand_and_not_in_a_pipeline(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], questions: int
) -> None:
    monkeypatch.delenv("CI", raising=False)

    told = subprocess.run(  # noqa: S603
        ["make", "--dry-run", "deploy", "BUILT=1", *arguments],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    assert told.count("--confirm-changeset") == questions
    assert "sam build" not in told
