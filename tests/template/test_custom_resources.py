"""The models accept the custom resources of the template."""

from collections.abc import Iterator, Mapping
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
from tests.support.sam_template import resources, template
from tests.support.template_references import references

OF_CLOUDFORMATION = {"ServiceToken", "ServiceTimeout"}
GIVEN = {"DatasetId": "65f0c1a2b3d4e5f60718293a", "SchemaId": "https://ns.adobe.com/a/schemas/b"}


CONNECTION = resources()["WebhookConnection"]["Properties"]
SOURCE = resources()["WebhookSource"]["Properties"]


def aliases(model: type[Properties]) -> set[str]:
    return {field.alias or "" for field in model.model_fields.values()}


def resolved(value: Any, parameters: Mapping[str, str]) -> Any:
    """The value as CloudFormation passes it on: every scalar as a text."""
    match value:
        case {"Ref": _} | {"Fn::If": _} | {"Fn::GetAtt": _} | {"Fn::Sub": _}:
            return _intrinsic(value, parameters)
        case dict():
            found = {name: resolved(item, parameters) for name, item in value.items()}
            return {name: item for name, item in found.items() if item is not None}
        case list():
            return [resolved(item, parameters) for item in value]
    return str(value)


def _holds(condition: str, parameters: Mapping[str, str]) -> bool:
    if condition == "HasDefaultMap":
        return parameters["DefaultMap"] == "enabled" and parameters["DataType"] == "xdm"
    return bool(parameters["MappingSetId"])


def _intrinsic(value: Mapping[str, Any], parameters: Mapping[str, str]) -> Any:
    match value:
        case {"Ref": name}:
            return parameters.get(name)  # None for AWS::NoValue.
        case {"Fn::If": [condition, yes, no]}:
            return resolved(yes if _holds(condition, parameters) else no, parameters)
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
    """The given parameters, and the defaults of the others."""
    defaults = {
        name: str(parameter.get("Default", ""))
        for name, parameter in template()["Parameters"].items()
    }
    return defaults | GIVEN | given


def test_model_of_a_connection_has_every_property_of_the_template() -> None:
    [flow] = CONNECTION["Flows"]
    own = CONNECTION.keys() - OF_CLOUDFORMATION

    assert own <= aliases(ConnectionProperties)
    assert aliases(ConnectionProperties) - own == {
        *("Authenticated", "Description", "ConnectionId", "Adopt"),
    }
    assert flow.keys() <= aliases(FlowProperties)
    assert aliases(FlowProperties) - flow.keys() == {
        *("Description", "Dataset", "Schema", "Mappings"),
    }


def test_model_of_a_source_has_every_property_of_the_template() -> None:
    written = SOURCE.keys() - OF_CLOUDFORMATION

    assert written <= aliases(SourceProperties)
    assert {"Name", "Provider", "Secrets", "Connection", "Delivery"} <= written


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"OnDelete": "Retain", "Delivery": "queued"},
        {"DataType": "raw", "MappingSetId": "0" * 32, "MappingSetVersion": "2"},
        {"Stage": "prod", "SourceName": "tea-shop", "Provider": "shopify"},
        {"DefaultMap": "disabled"},
    ],
)
def test_provisioner_accepts_the_properties_of_a_deployment(given: dict[str, str]) -> None:
    chosen = parameters(**given)

    chain = desired_chain(resolved(CONNECTION, chosen))
    source = source_properties(resolved(SOURCE, chosen), chosen["Stage"])
    assert chain.name == source.connection == chosen["ConnectionName"]
    assert chain.authenticated
    assert chosen["Provider"] in PRESETS


@pytest.mark.parametrize(
    ("name", "model", "field"),
    [
        ("DataType", ConnectionProperties, "data_type"),
        ("OnDelete", ConnectionProperties, "on_delete"),
        ("Delivery", SourceProperties, "delivery"),
    ],
)
def test_parameter_allows_the_values_of_the_model(
    name: str, model: type[Properties], field: str
) -> None:
    parameter, read = template()["Parameters"][name], model.model_fields[field]

    assert set(parameter["AllowedValues"]) == set(get_args(read.annotation))
    assert parameter["Default"] == read.default


def test_parameters_and_code_share_the_pattern_of_names() -> None:
    for name in ("ConnectionName", "FlowName", "SourceName"):
        assert template()["Parameters"][name]["AllowedPattern"] == NAME.pattern


def custom_attributes() -> Iterator[tuple[str, str]]:
    """Types and attributes of the custom resources that the template refers to."""
    for kind, resource, attribute in references(template()):
        owner = resources().get(resource, {}).get("Type", "")
        if kind == "attribute" and owner.startswith("Custom::"):
            yield owner, attribute


def test_template_uses_only_attributes_that_the_functions_return() -> None:
    returned = {
        "Custom::StreamingConnection": {
            *("Name", "InletUrl", "InletId", "BaseConnectionId", "FlowId"),
        },
        "Custom::WebhookSource": {"Name", "Path"},
        "Custom::PreflightSecret": {"Name"},
        "Custom::Preflight": {"Version"},
    }

    used = set(custom_attributes())
    assert used
    assert all(attribute in returned[owner] for owner, attribute in used)


def test_event_source_accepts_no_webhooks() -> None:
    given = resolved(resources()["EventSource"]["Properties"], parameters(EventSourceName="events"))

    assert source_properties(given, "dev").verification == "iam"


def test_preflight_source_filters_every_webhook() -> None:
    given = resolved(resources()["PreflightSource"]["Properties"], parameters(FlowName="orders"))
    source = source_properties(given, "dev")

    assert source.provider == "standard_webhooks"
    assert [route.when for route in source.routes] == ["`false`"]
    assert source.otherwise == "drop"
