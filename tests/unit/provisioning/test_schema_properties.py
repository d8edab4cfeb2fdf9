"""Bad properties of `Schema` get one sentence that names the property."""

from typing import Any

import pytest

from bridge.errors import InvalidPropertyError
from bridge.provisioning.connections.properties import desired_chain, field_warnings
from tests.support.declarations import ORDERS_DATASET, SCHEMA

DESIGN: dict[str, Any] = {"Name": "Orders", "Fields": {"id": "string"}}
IDENTITY = {"Field": "_acme.id", "Namespace": "Email", "Primary": "true"}
DATASET = {"Name": "Orders"}


def refused(*flows: dict[str, Any]) -> str:
    with pytest.raises(InvalidPropertyError) as caught:
        desired_chain({"Name": "orders", "Flows": [{"Name": "orders", **each} for each in flows]})
    return str(caught.value)


def nested(levels: int) -> Any:
    return "string" if levels == 1 else {"a": nested(levels - 1)}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "must have a field"),
        ("string", "must be an object of names and types"),
        ({"a": "text"}, "a: must be string, integer, number, boolean, date, date-time, an object"),
        ({"a": {}}, "a: must be string"),
        ({"a": []}, "a: must be string"),
        ({"a": ["string", "string"]}, "a: must be string"),
        ({"a": [["string"]]}, "a: must be string"),
        ({"a": None}, "a: must be string"),
        ({"a": 7}, "a: must be string"),
        ({"a": {"_b": "string"}}, "a._b: a name is a letter, then letters, digits and underscores"),
        ({"e-mail": "string"}, "e-mail: a name is a letter"),
        ({"2fa": "string"}, "2fa: a name is a letter"),
        ({"x" * 65: "string"}, "64 characters at most"),
        ({"a": "string", "A": "string"}, "A: differs from another name in capitals only"),
        (nested(10), "takes at most 8 levels"),
        ({f"f{number}": "string" for number in range(501)}, "takes at most 500 fields"),
    ],
)
def test_bad_fields_are_named(fields: Any, sentence: str) -> None:
    said = refused({"Schema": {"Name": "Orders", "Fields": fields}, "Dataset": DATASET})

    assert said.startswith("Flows.0.Schema.Fields: ")
    assert sentence in said


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"Name": ""}, "Flows.0.Schema.Name: "),
        ({"Class": "Order"}, "Flows.0.Schema.Class: must be ExperienceEvent, Profile, or the $id"),
        (
            {"FieldGroups": ["Commerce Details"]},
            "Flows.0.Schema.FieldGroups.0: must be the $id of a field group",
        ),
        ({"FieldGroups": [f"https://ns.adobe.com/x/{n}" for n in range(31)]}, "takes at most 30"),
        (
            {"Identities": [IDENTITY | {"Field": "/id"}]},
            "Flows.0.Schema.Identities.0.Field: must be the path of a field",
        ),
        (
            {"Identities": [IDENTITY, IDENTITY | {"Field": "_acme.b"}]},
            "Flows.0.Schema.Identities: takes one with Primary",
        ),
        (
            {"Identities": [IDENTITY, IDENTITY | {"Primary": "false"}]},
            "Flows.0.Schema.Identities: takes each Field once",
        ),
        ({"Title": "Orders"}, "Flows.0.Schema.Title: there is no such property"),
    ],
)
def test_bad_property_is_named(change: dict[str, Any], sentence: str) -> None:
    assert sentence in refused({"Schema": DESIGN | change, "Dataset": DATASET})


@pytest.mark.parametrize(
    ("flow", "sentence"),
    [
        ({}, "Flows.0.DatasetId: is required, unless Dataset and Schema create them"),
        ({"Schema": DESIGN}, "Flows.0.Dataset: is required, since Schema is given"),
        (
            {"Dataset": DATASET, "SchemaId": SCHEMA},
            (
                "Flows.0.SchemaId: is for a flow without Dataset; write it below Dataset, as"
                " Dataset.SchemaId"
            ),
        ),
        (
            {"Schema": DESIGN, "DatasetId": ORDERS_DATASET},
            "Flows.0.DatasetId: is for a flow without Schema",
        ),
        (
            {"Schema": DESIGN, "Dataset": DATASET, "SchemaId": SCHEMA},
            "Flows.0.SchemaId: is for a flow without Schema",
        ),
        (
            {"Dataset": DATASET, "DatasetId": ORDERS_DATASET},
            "Flows.0.DatasetId: is for a flow without Dataset",
        ),
        (
            {"Schema": DESIGN, "Dataset": DATASET | {"SchemaId": SCHEMA}},
            "Flows.0.Dataset.SchemaId: is for a flow without Schema",
        ),
        (
            {"Dataset": DATASET},
            "Flows.0.Dataset.SchemaId: is required, unless Schema creates one",
        ),
    ],
)
def test_flow_has_exactly_one_way(flow: dict[str, Any], sentence: str) -> None:
    assert refused(flow) == sentence


@pytest.mark.parametrize("kind", ["Schema", "Dataset"])
def test_created_object_belongs_to_one_flow(kind: str) -> None:
    one = {"Schema": DESIGN, "Dataset": DATASET}
    other: dict[str, Any] = {
        "Name": "returns",
        "Schema": DESIGN | {"Name": "Returns"},
        "Dataset": {"Name": "Returns"},
    }
    other[kind] = one[kind]

    said = refused(one, other)
    assert said == f"Flows.1.{kind}.Name: is the name of another flow's {kind.lower()}"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"a": {"type": "number"}},
            ["field a.type, which Adobe keeps for ever", "a: number"],
        ),
        (
            {"a": {"b": [{"type": "string", "format": "date-time"}]}},
            ["a.b.type,", "if a.b itself is the field, write b: [date-time]"],
        ),
        ({"a": {"type": "string", "id": "string"}}, []),
        ({"type": "string"}, []),
        ({"a": {"type": {"id": "string"}}}, []),
    ],
)
def test_field_that_is_like_a_type_of_json_schema_is_a_warning(
    fields: dict[str, Any], said: list[str]
) -> None:
    flow = {"Name": "a", "Schema": {"Name": "Orders", "Fields": fields}, "Dataset": DATASET}
    found = field_warnings(desired_chain({"Name": "orders", "Flows": [flow]}))

    assert len(found) == bool(said)
    assert all(text in found[0] for text in said)
