"""Tests of what remains of an XDM schema for the check of messages."""

import json
from typing import Any

import pytest

from bridge.provisioning.xdm_constraints import constraints, constraints_text

ORDER = {
    "type": "object",
    "title": "Order",
    "meta:xdmType": "object",
    "required": ["currencyCode"],
    "properties": {
        "priceTotal": {"type": "number", "description": "In the major unit."},
        "currencyCode": {"type": "string", "pattern": "^[A-Z]{3}$", "format": "currency"},
    },
}


def test_titles_are_left_out_and_objects_are_closed() -> None:
    assert constraints(ORDER) == {
        "type": "object",
        "required": ["currencyCode"],
        "additionalProperties": False,
        "properties": {
            "priceTotal": {"type": "number"},
            "currencyCode": {"type": "string", "pattern": "^[A-Z]{3}$", "format": "currency"},
        },
    }


def test_maps_and_items_are_kept() -> None:
    item = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
    schema = {"type": "object", "additionalProperties": {"type": "array", "items": item}}

    assert constraints(schema) == {
        "type": "object",
        "additionalProperties": {
            "type": "array",
            "items": {**item, "additionalProperties": False},
        },
    }


@pytest.mark.parametrize(
    ("schema", "kept"),
    [
        ({"type": "object"}, {"type": "object"}),
        ({"type": "strin"}, {}),
        ({"type": []}, {}),
        ({"type": ["string", "null"]}, {"type": ["string", "null"]}),
        ({"enum": 5, "required": [5], "minimum": "1", "minLength": True}, {}),
        ({"minimum": float("nan"), "maximum": float("inf")}, {}),
        ({"pattern": r"\p{L}+"}, {}),
        ({"pattern": "("}, {}),
        ({"pattern": "^[a-z&&[^b]]$"}, {}),
        ({"pattern": "^[[a-z][0-9]]$"}, {}),
        ({"pattern": "(?u)a"}, {"pattern": "(?u)a"}),
        ({"pattern": 5, "$ref": "http://127.0.0.1:9/"}, {}),
        ({"properties": 5, "items": 5, "additionalProperties": True}, {}),
        ({"properties": {"a": 5}}, {"properties": {"a": {}}, "additionalProperties": False}),
        ({"additionalProperties": False}, {"additionalProperties": False}),
        ({"properties": {"a": {}}, "additionalProperties": True}, {"properties": {"a": {}}}),
        (
            {"properties": {}, "patternProperties": {"^x": {}}},
            {"properties": {}, "patternProperties": {}},
        ),
        (
            {"type": "integer", "meta:xdmType": "byte", "minimum": 0, "maximum": 128},
            {"type": "integer", "minimum": 0, "maximum": 127},
        ),
        (
            {"type": "integer", "meta:xdmType": "short", "minimum": -40_000, "maximum": 9},
            {"type": "integer", "minimum": -32768, "maximum": 9},
        ),
        ({"type": "integer", "meta:xdmType": 5}, {"type": "integer"}),
        ({"type": "integer", "meta:xdmType": ["int"]}, {"type": "integer"}),
        ({"type": "number", "meta:xdmType": "int"}, {"type": "number"}),
        ("text", {}),
        (
            {"anyOf": [ORDER, {"title": "x"}], "oneOf": 5, "allOf": [5], "not": {"type": "null"}},
            {
                "anyOf": [
                    {
                        "type": "object",
                        "required": ["currencyCode"],
                        "properties": constraints(ORDER)["properties"],
                    },
                    {},
                ],
                "not": {"type": "null"},
            },
        ),
        ({"uniqueItems": "true", "multipleOf": 0}, {}),
    ],
)
def test_what_is_malformed_or_unsupported_is_left_to_adobe(
    schema: Any, kept: dict[str, Any]
) -> None:
    assert constraints(schema) == kept
    is_open = isinstance(schema, dict) and schema.get("additionalProperties") is True
    assert is_open or constraints(kept) == kept


def test_text_is_the_same_for_the_same_constraints() -> None:
    reordered = dict(reversed(ORDER.items()))

    assert constraints_text(ORDER) == constraints_text({**reordered, "title": "Another"})


def test_text_can_be_stored_in_ssm() -> None:
    text = constraints_text({"type": "string", "pattern": "{{x}}", "enum": ["é", "{{a}}"]})

    assert "{{" not in text
    assert text.isascii()
    assert json.loads(text)["enum"] == ["é", "{{a}}"]


def test_schema_that_is_too_deep_or_too_large_is_reported() -> None:
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"items": deep}
    with pytest.raises(ValueError, match="is nested too deeply"):
        constraints_text(deep)
    noise = {str(hash((n, "x")) ** 3): {"type": "string"} for n in range(20_000)}
    with pytest.raises(ValueError, match="needs more than 20 parameters"):
        constraints_text({"properties": noise})
