"""Tests of the validation against JSON Schemas."""

import json

import pytest

from bridge.messages.schema_validation import check_schema, faults

SCHEMA = json.dumps(
    {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "string"}, "lines": {"items": {"type": "integer"}}},
        "additionalProperties": False,
    }
)


def test_valid_message_has_no_errors() -> None:
    assert faults(SCHEMA, {"id": "a", "lines": [1]}) == ()


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ({}, "required at its root"),
        ({"id": 4111}, "type at id: expected string, got integer"),
        ({"id": "a", "lines": [1, "4111"]}, "type at lines.*: expected integer, got string"),
        ({"id": "a", "x": "4111"}, "additionalProperties at its root"),
        ([], "type at its root: expected object, got array"),
    ],
)
def test_fault_is_its_place_and_the_keyword_without_the_value(value: object, fault: str) -> None:
    assert faults(SCHEMA, value) == (fault,)


def test_schema_of_a_later_draft_is_read_by_that() -> None:
    schema = json.dumps(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "prefixItems": [{"type": "string"}],
        }
    )

    assert faults(schema, [1]) == ("type at 0: expected string, got integer",)


def test_invalid_schema_is_reported_with_its_path() -> None:
    with pytest.raises(ValueError, match=r"^is not a JSON Schema: properties.a.type must "):
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
        "type at people.*.age: expected integer, got string",
    )


def test_field_can_have_the_name_of_a_keyword() -> None:
    schema = json.dumps({"properties": {"items": {"properties": {"properties": {"type": "null"}}}}})

    assert faults(schema, {"items": {"properties": 1}}) == (
        "type at items.properties: expected null, got integer",
    )


LAUGHS = {
    "definitions": {
        **{f"a{n}": {"allOf": [{"$ref": f"#/definitions/a{n + 1}"}] * 2} for n in range(40)},
        "a40": {},
    },
    "$ref": "#/definitions/a0",
}
TWICE = {"allOf": [{"properties": {"a": {"$ref": "#"}}}] * 2}


def nested(depth: int) -> dict[str, object]:
    value: dict[str, object] = {}
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    ("schema", "value", "reason"),
    [
        ({"$ref": "http://127.0.0.1:9/x"}, {}, "Unresolvable"),
        ({"$ref": "file:///etc/passwd"}, {}, "Unresolvable"),
        ({"$id": "http://127.0.0.1:9/a", "$ref": "b"}, {}, "Unresolvable"),
        ({"properties": {"a": {"$ref": "#/none"}}}, nested(1), "Unresolvable"),
        ({"$ref": 5}, {}, "AttributeError"),
        ({"$schema": []}, {}, "TypeError"),
        ({"$ref": "#"}, {}, "RecursionError"),
        ({"properties": {"a": {"$ref": "#"}}}, nested(900), "RecursionError"),
        ({"type": "strin"}, {}, "UnknownType"),
        ({"patternProperties": {"(": {}}}, nested(1), "PatternError"),
    ],
)
def test_schema_that_cannot_be_applied_is_a_fault_and_nothing_is_fetched(
    schema: object, value: object, reason: str
) -> None:
    assert faults(json.dumps(schema), value) == (f"the schema cannot be applied: {reason}",)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (LAUGHS, 1),
        (TWICE, nested(100)),
        ({"items": {"type": "integer"}}, [1] * 200_000),
    ],
    ids=["references", "recursion", "items"],
)
def test_check_without_end_ends(schema: object, value: object) -> None:
    assert faults(json.dumps(schema), value) == ("the check takes more than 100,000 steps",)


def test_steps_are_of_one_document() -> None:
    lines = {"lines": [1] * 30_000}

    for _ in range(5):
        assert faults(SCHEMA, {"id": "a", **lines}) == ()


@pytest.mark.parametrize(
    ("value", "unique"),
    [
        ([{"a": number} for number in range(50_000)], True),
        ([{"a": 1}, {"a": 1.0}], False),
        ([1, True, "1", None, [1], [True], {"a": 1}, {"a": True}, {}, []], True),
        ([[1, {"b": 2, "a": 1}], [1, {"a": 1, "b": 2}]], False),
        ("aa", True),
    ],
)
def test_items_are_compared_as_json_schema_says(value: object, unique: object) -> None:
    assert faults('{"uniqueItems": true}', value) == (
        () if unique else ("uniqueItems at its root",)
    )
    assert faults('{"uniqueItems": false}', value) == ()


@pytest.mark.parametrize(
    ("schema", "fault"),
    [
        ({"properties": {"a": False}}, "false at *"),
        (
            {
                "$schema": "http://json-schema.org/draft-03/schema#",
                "properties": {"b": {"required": True}},
            },
            "required at b",
        ),
    ],
)
def test_every_keyword_has_a_place(schema: object, fault: str) -> None:
    assert faults(json.dumps(schema), {"a": {}}) == (fault,)
