"""What is said of a connection whose properties have other names or another form."""

from pathlib import Path

import pytest

from bridge.provisioning.connections.flow_properties import FlowProperties
from bridge.provisioning.connections.other_names import (
    OF_A_CONNECTION,
    OF_A_FLOW,
    OF_A_SCHEMA,
)
from bridge.provisioning.connections.properties import ConnectionProperties
from bridge.provisioning.connections.schema_properties import SchemaProperties
from bridge.provisioning.property_parsing import Properties, names_of
from inlet_bridge.mapping.edit_check import check_edit
from inlet_bridge.template_reading.errors import ResourceError

_TEMPLATE = """Resources:
  Connection:
    Type: Custom::StreamingConnection
    Properties:
      Name: webhooks
      Flows:
        - Name: events
          DatasetId: 5e8ad5bd5e8ad5bd5e8ad5bd
          SchemaId: https://ns.adobe.com/acme/schemas/abc
"""
_FLOWS = _TEMPLATE[_TEMPLATE.index("      Flows:") :]
_EXISTING = _TEMPLATE[_TEMPLATE.index("          DatasetId:") :]
_CREATED = "          Schema: {{Name: A, {}}}\n          Dataset: {{Name: A}}\n"


def _reason(old: str, new: str) -> str:
    assert old in _TEMPLATE
    with pytest.raises(ResourceError) as caught:
        check_edit(Path("sources.yaml"), _TEMPLATE.replace(old, new), {})
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "way"),
    [
        (_FLOWS, "", "Flows: is required, such as [{Name: events, DatasetId: …, SchemaId: …}]"),
        (_FLOWS, "      Flows: [events]\n", "must be an object, such as {Name: events, DatasetId"),
        (_FLOWS, "      Flows: {}\n", "in one line it is [{Name: events, DatasetId: …, SchemaId:"),
        ("      Flows:", "      Datasets:", "Flows has a flow for each dataset"),
        ("      Flows:", "      Sandbox: dev\n      Flows:", "a stage has one, which `inlet init`"),
        (
            "      Flows:",
            "      Routes: []\n      Flows:",
            "it is a property of a source, Custom:",
        ),
        ("      Flows:", "      InletUrl: a\n      Flows:", "ConnectionId adopts one that exists"),
        ("      Flows:", "      Format: xdm\n      Flows:", "DataType is xdm or raw"),
        ("Name: events", "Title: events", "Name is its name, which routes have in Flow"),
        ("DatasetId:", "Dataset:", "DatasetId has the ID of a dataset that exists"),
        ("SchemaId:", "Schema:", "SchemaId has the $id of a schema that exists"),
        (_EXISTING, _CREATED.format("Mixins: []"), "FieldGroups has the $id of each"),
        (_EXISTING, _CREATED.format("Properties: {a: string}"), "Fields has the custom fields"),
        (
            _EXISTING,
            _CREATED.format("Identities: [a]"),
            "such as {Field: _tenant.email, Namespace: Email}",
        ),
        (
            _EXISTING,
            _CREATED.format("Fields: {a: int}"),
            "a list of one of them; is it integer?",
        ),
        (_EXISTING, _CREATED.format("Fields: {a: datetime}"), "is it date-time?"),
        (_EXISTING, _CREATED.format("Fields: {a: array}"), "is it [string]?"),
        (
            _EXISTING,
            _CREATED.format("Fields: {_acme: {a: string}}"),
            "the bridge adds the namespace of the tenant: write its fields directly below Fields",
        ),
    ],
)
def test_property_that_does_the_same_is_named(old: str, new: str, way: str) -> None:
    assert way in _reason(old, new)


def test_other_types_are_not_guessed() -> None:
    assert "is it" not in _reason(_EXISTING, _CREATED.format("Fields: {a: colour}"))
    assert "namespace of the tenant" not in _reason(
        _EXISTING, _CREATED.format("Fields: {_a: string}")
    )


@pytest.mark.parametrize(
    ("table", "model"),
    [
        (OF_A_CONNECTION, ConnectionProperties),
        (OF_A_FLOW, FlowProperties),
        (OF_A_SCHEMA, SchemaProperties),
    ],
)
def test_no_property_has_another_name(table: dict[str, str], model: type[Properties]) -> None:
    assert not {each.casefold() for each in names_of(model)} & {each.casefold() for each in table}
