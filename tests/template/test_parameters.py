"""Parameters and outputs of the templates, and the stages of samconfig.toml."""

import re
import subprocess
import tomllib
from collections.abc import Mapping
from typing import Any

import pytest

from bridge.sources.reader import DEFAULT_CONNECTION
from inlet_bridge.operations.account.checks import EVENTS_CONCURRENCY
from tests.support.sam_configuration import samconfig
from tests.support.sam_template import ROOT, resources, source_resources, sources_template, template
from tests.support.template_references import references

STAGES = ("default", "dev", "staging", "prod")


SOURCES = tuple(f"{stage}-sources" for stage in STAGES[1:])


TEMPLATES = pytest.mark.parametrize(
    "document", [template(), sources_template()], ids=["template", "sources"]
)


def used(document: Mapping[str, Any]) -> set[str]:
    """Names of the parameters and resources that are referred to."""
    parts = ("Resources", "Globals", "Outputs", "Conditions")
    return {name for _, name, _ in references({part: document.get(part) for part in parts})}


@TEMPLATES
def test_every_parameter_is_used_and_described(document: Mapping[str, Any]) -> None:
    parameters = document["Parameters"]

    assert parameters.keys() - used(document) == set()
    assert [name for name, item in parameters.items() if not item.get("Description")] == []
    assert all(item["Description"].endswith((".", ")")) for item in parameters.values())


@TEMPLATES
def test_every_parameter_is_in_one_group_in_the_order_of_the_template(
    document: Mapping[str, Any],
) -> None:
    groups = document["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    grouped = [name for group in groups for name in group["Parameters"]]

    assert grouped == list(document["Parameters"])


def test_bridge_needs_no_parameter_and_sources_need_the_dataset_and_its_schema() -> None:
    def required(document: Mapping[str, Any]) -> set[str]:
        items = document["Parameters"].items()
        return {name for name, item in items if "Default" not in item}

    assert required(template()) == set()
    assert required(sources_template()) == {"DatasetId", "SchemaId"}


def test_parameter_of_both_templates_has_the_same_values() -> None:
    one, other = template()["Parameters"], sources_template()["Parameters"]

    assert one.keys() & other.keys() == {
        *("Stage", "KmsKeyArn", "FormerKmsKeyArn", "AlarmTopicArn")
    }
    for name in one.keys() & other.keys():
        assert one[name].get("AllowedPattern") == other[name].get("AllowedPattern")
        assert one[name]["Default"] == other[name]["Default"]


@TEMPLATES
@pytest.mark.parametrize("name", ["KmsKeyArn", "FormerKmsKeyArn"])
def test_key_is_given_by_its_own_arn(document: Mapping[str, Any], name: str) -> None:
    """A role's policy cannot name a key by an alias, so the function could not use the key.

    https://docs.aws.amazon.com/kms/latest/developerguide/cmks-in-iam-policies.html
    """
    pattern = document["Parameters"][name]["AllowedPattern"]
    place = ":kms:eu-central-1:123456789012:"

    assert re.fullmatch(pattern, f"arn:aws{place}key/1234abcd-12ab-34cd-56ef-1234567890ab")
    assert re.fullmatch(pattern, f"arn:aws-us-gov{place}key/mrk-1234abcd12ab34cd56ef1234567890ab")
    assert not re.fullmatch(pattern, f"arn:aws{place}alias/webhooks")
    assert not re.fullmatch(pattern, f"arn:aws{place}alias/webhooks:key/1")


@TEMPLATES
def test_defaults_are_allowed_values(document: Mapping[str, Any]) -> None:
    for item in document["Parameters"].values():
        default = item.get("Default", "")
        assert default in item.get("AllowedValues", [default])
        if "AllowedPattern" in item and "Default" in item:
            assert re.fullmatch(item["AllowedPattern"], default)


def test_forwarders_leave_concurrency_to_the_receiver_in_a_new_account() -> None:
    """All functions of a new account share 10 concurrent executions."""
    forwarders = template()["Parameters"]["ForwarderConcurrency"]["Default"]
    mapping = source_resources()["EventsMapping"]["Properties"]["ScalingConfig"]
    [buffer] = resources()["ForwarderFunction"]["Properties"]["Events"].values()

    limit = {"MaximumConcurrency": {"Ref": "ForwarderConcurrency"}}
    assert buffer["Properties"]["ScalingConfig"] == limit
    assert mapping == {"MaximumConcurrency": EVENTS_CONCURRENCY}
    assert forwarders + EVENTS_CONCURRENCY < 10


@TEMPLATES
def test_every_condition_is_used(document: Mapping[str, Any]) -> None:
    text = str({name: document.get(name) for name in ("Resources", "Globals", "Outputs")})

    assert all(f"'{name}'" in text for name in document["Conditions"])


def test_outputs_have_the_webhook_url_the_inlet_and_the_flow() -> None:
    outputs, of_bridge = sources_template()["Outputs"], template()["Outputs"]

    assert outputs.keys() >= {"WebhookUrl", "InletUrl", "FlowId"}
    assert all(item["Description"] for item in (*outputs.values(), *of_bridge.values()))
    condition, own, of_the_api = of_bridge["WebhooksUrl"]["Value"]["Fn::If"]
    assert condition == "HasDomain"
    assert own == {"Fn::Sub": "https://${DomainName}/webhooks/"}
    assert of_the_api["Fn::Sub"].startswith("https://${WebhookApi}.")


def test_custom_domain_can_be_reached() -> None:
    """Its default endpoint is disabled, so DNS needs the regional one."""
    target = {"Fn::GetAtt": ["WebhookDomain", "RegionalDomainName"]}
    zone = {"Fn::GetAtt": ["WebhookDomain", "RegionalHostedZoneId"]}
    outputs = template()["Outputs"]
    records = [each for each in resources().values() if each["Type"] == "AWS::Route53::RecordSet"]

    for name, value in (("DomainTarget", target), ("DomainHostedZoneId", zone)):
        assert outputs[name]["Condition"] == "HasDomain"
        assert outputs[name]["Value"] == value
    assert {each["Properties"]["Type"] for each in records} == {"A", "AAAA"}
    for each in records:
        assert each["Condition"] == "HasHostedZone"
        assert each["Properties"]["HostedZoneId"] == {"Ref": "HostedZoneId"}
        assert each["Properties"]["Name"] == {"Ref": "DomainName"}
        assert each["Properties"]["AliasTarget"] == {"DNSName": target, "HostedZoneId": zone}
    [domain] = resources()["WebhookDomain"]["Properties"]["DomainNameConfigurations"]
    assert domain["IpAddressType"] == "dualstack"


def test_custom_domain_is_the_only_way_to_the_api() -> None:
    """The default endpoint would bypass mutual TLS."""
    closed = resources()["WebhookApi"]["Properties"]["DisableExecuteApiEndpoint"]
    mutual = resources()["WebhookDomain"]["Properties"]["MutualTlsAuthentication"]

    assert closed == {"Fn::If": ["HasDomain", True, False]}
    assert mutual["Fn::If"][:2] == [
        "HasTruststore",
        {"TruststoreUri": {"Ref": "DomainTruststoreUri"}},
    ]


def name_of(section: str) -> str:
    """The stage of a section."""
    return "dev" if section == "default" else section.removesuffix("-sources")


def test_samconfig_has_the_stages_for_both_templates() -> None:
    sections = tomllib.loads((ROOT / "samconfig.toml").read_text())

    assert set(sections) == {"version", *STAGES, *SOURCES}
    assert {samconfig(each)["template_file"] for each in SOURCES} == {"sources.yaml"}


@pytest.mark.parametrize("stage", [*STAGES, *SOURCES])
def test_stage_overrides_existing_parameters_with_allowed_values(stage: str) -> None:
    given = dict(pair.split("=", 1) for pair in samconfig(stage)["parameter_overrides"].split())
    parameters = (sources_template() if stage in SOURCES else template())["Parameters"]

    assert given["Stage"] == name_of(stage)
    assert given.keys() <= parameters.keys()
    for name, value in given.items():
        allowed = [str(each) for each in parameters[name].get("AllowedValues", [value])]
        assert value in allowed
        assert re.fullmatch(parameters[name].get("AllowedPattern", ".*"), value)


@pytest.mark.parametrize("stage", [*STAGES, *SOURCES])
def test_stage_has_its_own_stacks_and_minimal_capabilities(stage: str) -> None:
    written = samconfig(stage)

    assert written["stack_name"] == f"inlet-bridge-{'dev' if stage == 'default' else stage}"
    assert written["capabilities"] == "CAPABILITY_IAM"


@pytest.mark.parametrize("stage", [*STAGES[1:], *SOURCES])
def test_stage_deploys_without_questions_and_accepts_an_empty_change_set(stage: str) -> None:
    written = samconfig(stage)

    assert written["confirm_changeset"] is False
    assert written["fail_on_empty_changeset"] is False
    assert written["resolve_s3"] is True


@pytest.mark.parametrize("stage", [*STAGES, *SOURCES])
def test_stage_has_tags_for_cost_allocation(stage: str) -> None:
    tags = dict(pair.split("=", 1) for pair in samconfig(stage)["tags"].split())

    assert tags == {"Project": "inlet-bridge", "Stage": name_of(stage)}


def test_production_retains_its_connection() -> None:
    assert "OnDelete=Retain" in samconfig("prod-sources")["parameter_overrides"]


@pytest.mark.parametrize("stage", STAGES[1:])
def test_bridge_is_deployed_before_its_sources(stage: str) -> None:
    commands = subprocess.run(  # noqa: S603
        ["make", "--dry-run", "deploy", "BUILT=1", f"STAGE={stage}"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    deployed = re.findall(r"^sam deploy --config-env (\S+)", commands, re.MULTILINE)

    assert deployed == [stage, f"{stage}-sources"]


@pytest.mark.parametrize(
    ("arguments", "questions"),
    [(["STAGE=prod"], 2), (["STAGE=prod", "CI=true"], 0), (["STAGE=staging"], 0)],
)
def test_production_asks_for_confirmation_except_in_a_pipeline(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], questions: int
) -> None:
    monkeypatch.delenv("CI", raising=False)

    commands = subprocess.run(  # noqa: S603
        ["make", "--dry-run", "deploy", "BUILT=1", *arguments],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    assert commands.count("--confirm-changeset") == questions
    assert "sam build" not in commands


def test_connection_that_the_receiver_guesses_is_the_default_one() -> None:
    """Its pause is read in the first call to SSM."""
    assert source_resources()["WebhookConnection"]["Properties"]["Name"] == DEFAULT_CONNECTION
