"""The resources that users write, and the models that read them."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

import pytest

from bridge.names import NAME
from bridge.provisioning.connections.properties import (
    ConnectionProperties,
    FlowProperties,
    desired_chain,
)
from bridge.provisioning.property_parsing import Properties
from bridge.provisioning.sources.properties import SourceProperties, source_properties
from bridge.verification.catalogue import PRESETS
from tests.support.sam_template import resources, template
from tests.support.template_references import references

OF_CLOUDFORMATION = {"ServiceToken", "ServiceTimeout"}
GIVEN = {"DatasetId": "65f0c1a2b3d4e5f60718293a", "SchemaId": "https://ns.adobe.com/a/schemas/b"}


CONNECTION = resources()["WebhookConnection"]["Properties"]
SOURCE = resources()["WebhookSource"]["Properties"]


def aliases(model: type[Properties]) -> set[str]:
    return {field.alias or "" for field in model.model_fields.values()}


def resolved(value: Any, parameters: Mapping[str, str]) -> Any:
    """What CloudFormation would pass on: every scalar as a text."""
    match value:
        case {"Ref": _} | {"Fn::If": _} | {"Fn::GetAtt": _} | {"Fn::Sub": _}:
            return _intrinsic(value, parameters)
        case dict():
            found = {name: resolved(item, parameters) for name, item in value.items()}
            return {name: item for name, item in found.items() if item is not None}
        case list():
            return [resolved(item, parameters) for item in value]
    return str(value)


def _intrinsic(value: Mapping[str, Any], parameters: Mapping[str, str]) -> Any:
    match value:
        case {"Ref": name}:
            return parameters.get(name)  # AWS::NoValue is none.
        case {"Fn::If": ["HasMapping", yes, no]}:
            return resolved(yes if parameters["MappingSetId"] else no, parameters)
        case {"Fn::GetAtt": ["PreflightSecret", "Name"]}:
            return f"/inlet-bridge/{parameters['Stage']}/secrets/preflight"
        case {"Fn::GetAtt": [resource, "Name"]}:
            return resolved(resources()[resource]["Properties"]["Name"], parameters)
        case {"Fn::Sub": text}:
            for name, replacement in parameters.items():
                text = text.replace(f"${{{name}}}", replacement)
            return text
    return "arn:aws:lambda:eu-central-1:123456789012:function:provisioner"


def parameters(**given: str) -> dict[str, str]:
    """What a user chose, and the defaults for the rest."""
    defaults = {
        name: str(parameter.get("Default", ""))
        for name, parameter in template()["Parameters"].items()
    }
    return defaults | GIVEN | given


def test_the_connection_has_properties_that_its_model_reads() -> None:
    [flow] = CONNECTION["Flows"]
    own = CONNECTION.keys() - OF_CLOUDFORMATION

    assert own <= aliases(ConnectionProperties)
    assert aliases(ConnectionProperties) - own == {"Description", "ConnectionId", "Adopt"}
    assert flow.keys() <= aliases(FlowProperties)
    assert aliases(FlowProperties) - flow.keys() == {"Description", "Dataset", "Mappings"}


def test_the_source_has_properties_that_its_model_reads() -> None:
    written = SOURCE.keys() - OF_CLOUDFORMATION

    assert written <= aliases(SourceProperties)
    assert {"Name", "Provider", "Secrets", "Connection", "Delivery"} <= written


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"Authenticated": "false", "OnDelete": "Retain", "Delivery": "queued"},
        {"DataType": "raw", "MappingSetId": "0" * 32, "MappingSetVersion": "2"},
        {"Stage": "prod", "SourceName": "tea-shop", "Provider": "shopify"},
    ],
)
def test_what_a_deployment_passes_on_is_what_the_provisioner_takes(given: dict[str, str]) -> None:
    chosen = parameters(**given)

    chain = desired_chain(resolved(CONNECTION, chosen))
    source = source_properties(resolved(SOURCE, chosen), chosen["Stage"])
    assert chain.name == source.connection == chosen["ConnectionName"]
    assert chain.authenticated == (chosen["Authenticated"] == "true")
    assert chosen["Provider"] in PRESETS


@pytest.mark.parametrize(
    ("name", "model", "field"),
    [
        ("DataType", ConnectionProperties, "data_type"),
        ("OnDelete", ConnectionProperties, "on_delete"),
        ("Delivery", SourceProperties, "delivery"),
    ],
)
def test_a_parameter_allows_what_the_model_takes(
    name: str, model: type[Properties], field: str
) -> None:
    parameter, read = template()["Parameters"][name], model.model_fields[field]

    assert set(parameter["AllowedValues"]) == set(get_args(read.annotation))
    assert parameter["Default"] == read.default


def test_names_are_checked_by_the_same_rule() -> None:
    for name in ("ConnectionName", "FlowName", "SourceName"):
        assert template()["Parameters"][name]["AllowedPattern"] == NAME.pattern


def custom_attributes() -> Iterator[tuple[str, str]]:
    """Which attributes of custom resources the template asks for, by type."""
    for kind, resource, attribute in references(template()):
        owner = resources().get(resource, {}).get("Type", "")
        if kind == "attribute" and owner.startswith("Custom::"):
            yield owner, attribute


def test_only_attributes_are_asked_for_that_the_provisioner_gives() -> None:
    given = {
        "Custom::StreamingConnection": {
            *("Name", "InletUrl", "InletId", "BaseConnectionId", "FlowId"),
        },
        "Custom::WebhookSource": {"Name", "Path"},
        "Custom::PreflightSecret": {"Name"},
        "Custom::Preflight": {"Version"},
    }

    asked = set(custom_attributes())
    assert asked
    assert all(attribute in given[owner] for owner, attribute in asked)


def test_the_source_of_events_takes_no_webhooks() -> None:
    given = resolved(resources()["EventSource"]["Properties"], parameters(EventSourceName="events"))

    assert source_properties(given, "dev").verification == "iam"


def test_the_source_of_the_preflight_wants_no_webhook() -> None:
    given = resolved(resources()["PreflightSource"]["Properties"], parameters(FlowName="orders"))
    source = source_properties(given, "dev")

    assert source.provider == "standard_webhooks"
    assert [route.when for route in source.routes] == ["`false`"]
    assert source.otherwise == "drop"
