"""JSON Schemas."""

import json

import pytest

from bridge.messages.validation import check_schema, faults

SCHEMA = json.dumps(
    {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "string"}, "lines": {"items": {"type": "integer"}}},
        "additionalProperties": False,
    }
)


def test_what_fits_has_no_faults() -> None:
    assert faults(SCHEMA, {"id": "a", "lines": [1]}) == ()


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ({}, "required at its root"),
        ({"id": 4111}, "type at id"),
        ({"id": "a", "lines": [1, "4111"]}, "type at lines.*"),
        ({"id": "a", "x": "4111"}, "additionalProperties at its root"),
        ([], "type at its root"),
    ],
)
def test_a_fault_is_its_place_and_the_keyword_without_the_value(value: object, fault: str) -> None:
    assert faults(SCHEMA, value) == (fault,)


def test_a_schema_of_a_later_draft_is_read_by_that() -> None:
    schema = json.dumps(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "prefixItems": [{"type": "string"}],
        }
    )

    assert faults(schema, [1]) == ("type at 0",)


def test_what_is_no_schema_is_told_with_its_place() -> None:
    with pytest.raises(ValueError, match=r"^is no JSON Schema: .* at properties.a.type$"):
        check_schema('{"properties": {"a": {"type": "strin"}}}')


def test_names_that_the_sender_chose_are_not_told() -> None:
    schema = json.dumps(
        {
            "properties": {
                "people": {"additionalProperties": {"properties": {"age": {"type": "integer"}}}}
            }
        }
    )

    assert faults(schema, {"people": {"jane@example.com": {"age": "x"}}}) == (
        "type at people.*.age",
    )


def test_a_field_can_have_the_name_of_a_keyword() -> None:
    schema = json.dumps({"properties": {"items": {"properties": {"properties": {"type": "null"}}}}})

    assert faults(schema, {"items": {"properties": 1}}) == ("type at items.properties",)
