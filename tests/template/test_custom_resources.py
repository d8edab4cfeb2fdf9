"""The models accept the custom resources of the templates."""

import re
from collections.abc import Mapping
from typing import Any, get_args

import pytest

from bridge.names import NAME
from bridge.provisioning.connections.flow_properties import FlowProperties
from bridge.provisioning.connections.properties import (
    ConnectionProperties,
    desired_chain,
)
from bridge.provisioning.property_parsing import Properties
from bridge.provisioning.sources.properties import SourceProperties, source_properties
from bridge.verification.catalogue import PRESETS
from tests.support.resolved_template import parameters, resolved
from tests.support.sam_template import ROOT, resources, source_resources, sources_template, template
from tests.support.template_references import references

OF_CLOUDFORMATION = {"ServiceToken", "ServiceTimeout"}


CONNECTION = source_resources()["WebhookConnection"]["Properties"]


SOURCE = source_resources()["WebhookSource"]["Properties"]


def aliases(model: type[Properties]) -> set[str]:
    return {field.alias or "" for field in model.model_fields.values()}


def test_model_of_a_connection_has_every_property_of_the_template() -> None:
    [flow] = CONNECTION["Flows"]
    own = CONNECTION.keys() - OF_CLOUDFORMATION

    assert own <= aliases(ConnectionProperties)
    assert flow.keys() <= aliases(FlowProperties)


def test_model_of_a_source_has_every_property_of_the_template() -> None:
    written = SOURCE.keys() - OF_CLOUDFORMATION

    assert written <= aliases(SourceProperties)
    assert {"Name", "Provider", "Secrets", "Connection", "Routes"} <= written


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"Stage": "prod", "OnDelete": "Retain", "SettlingSeconds": "0", "KeepBodies": "90"},
    ],
)
def test_provisioner_accepts_the_properties_of_a_deployment(given: dict[str, str]) -> None:
    chosen = parameters(**given)

    chain = desired_chain(resolved(CONNECTION, chosen))
    source = source_properties(resolved(SOURCE, chosen), chosen["Stage"])
    assert chain.name == source.connection
    assert chain.authenticated
    assert chain.settling_seconds == int(chosen["SettlingSeconds"])
    assert source.provider in PRESETS


def test_parameters_allow_the_values_of_the_models() -> None:
    given = sources_template()["Parameters"]
    fields = ConnectionProperties.model_fields
    on_delete, settling = fields["on_delete"], fields["settling_seconds"]

    assert set(given["OnDelete"]["AllowedValues"]) == set(get_args(on_delete.annotation))
    assert given["OnDelete"]["Default"] == on_delete.default
    assert given["SettlingSeconds"]["Default"] == settling.default
    for limit, bound in (("MinValue", "ge"), ("MaxValue", "le")):
        [value] = (getattr(each, bound) for each in settling.metadata if hasattr(each, bound))
        assert given["SettlingSeconds"][limit] == value


def test_name_of_the_event_source_is_valid_and_fits_the_name_of_its_rule() -> None:
    """At most 64 characters (EventBridge API reference, PutRule)."""
    pattern = sources_template()["Parameters"]["EventSourceName"]["AllowedPattern"]
    longest = "a" * 34

    assert re.fullmatch(pattern, longest)
    assert NAME.fullmatch(longest)
    assert not re.fullmatch(pattern, f"{longest}a")
    assert len(f"inlet-bridge-{'s' * 16}-{longest}") <= 64


def custom_attributes(document: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Types and attributes of the custom resources that a template refers to."""
    owners = {name: each["Type"] for name, each in document["Resources"].items()}
    found = references(document)
    used = {(owners.get(name, ""), each) for kind, name, each in found if kind == "attribute"}
    return {(owner, each) for owner, each in used if owner.startswith("Custom::")}


def test_template_uses_only_attributes_that_the_functions_return() -> None:
    returned = {
        "Custom::StreamingConnection": {
            *("Name", "InletUrl", "InletId", "BaseConnectionId", "FlowId"),
        },
        "Custom::WebhookSource": {"Name", "Path", "Url"},
        "Custom::PreflightSecret": {"Name"},
        "Custom::Preflight": {"Version"},
    }

    for document in (template(), sources_template()):
        used = custom_attributes(document)
        assert used
        assert all(attribute in returned[owner] for owner, attribute in used)


def test_event_source_accepts_no_webhooks() -> None:
    properties = source_resources()["EventSource"]["Properties"]
    given = resolved(properties, parameters(EventSourceName="events"))

    assert source_properties(given, "dev").verification == "iam"


def test_preflight_source_filters_every_webhook() -> None:
    given = resolved(resources()["PreflightSource"]["Properties"], parameters())
    source = source_properties(given, "dev")

    assert source.provider == "standard_webhooks"
    assert (source.connection, source.routes, source.otherwise) == (None, (), "drop")


def imports(part: Any) -> set[str]:
    """The names that a part of a template imports."""
    match part:
        case {"Fn::ImportValue": {"Fn::Sub": str(name)}}:
            return {name}
        case dict():
            return {name for each in part.values() for name in imports(each)}
        case list():
            return {name for each in part for name in imports(each)}
    return set()


def exports() -> dict[str, Any]:
    """The values of the exports of the bridge."""
    outputs = template()["Outputs"].values()
    return {
        each["Export"]["Name"]["Fn::Sub"]: each["Value"] for each in outputs if "Export" in each
    }


def test_sources_import_what_the_bridge_exports_and_nothing_more_is_exported() -> None:
    """Whatever is imported can neither be changed nor deleted."""
    assert imports(source_resources()) == exports().keys()
    assert all(name.startswith("inlet-bridge-${Stage}-") for name in exports())


def test_exports_are_names_that_no_parameter_changes() -> None:
    """An update that changes an export fails while it is imported."""
    owners = {name for value in exports().values() for _, name, _ in references(value)}

    assert owners == {"ProvisionerFunction", "ForwarderFunction", "ForwarderRole", "DeadLetters"}
    for name in owners:
        names = {"FunctionName", "RoleName", "QueueName", "PackageType"}
        assert not names & resources()[name]["Properties"].keys()


def test_sources_are_plain_cloudformation_that_the_aws_cli_deploys() -> None:
    """Without S3, a template has at most 51,200 bytes (CloudFormation quotas)."""
    kinds = {each["Type"] for each in source_resources().values()}

    assert "Transform" not in sources_template()
    assert not any(kind.startswith("AWS::Serverless") for kind in kinds)
    assert len((ROOT / "sources.yaml").read_bytes()) < 51_200


def test_only_an_event_source_creates_anything_beside_the_custom_resources() -> None:
    """Among other things, its poller costs money."""
    for name, each in source_resources().items():
        is_custom = each["Type"].startswith("Custom::") and name != "EventSource"
        assert is_custom == ("Condition" not in each), name
        assert is_custom or each["Condition"] in {"HasEvents", "HasEventRule"}
