"""Tests of the JSON Schemas that can be deployed."""

import json
import re
from typing import Any

import pytest

from bridge.messages.schema_validation import check_schema

D3, D4, D6, D7 = (f"http://json-schema.org/draft-0{number}/schema#" for number in (3, 4, 6, 7))
D2019, D2020 = (f"https://json-schema.org/draft/{each}/schema" for each in ("2019-09", "2020-12"))

OTHER: list[Any] = ["http://evil.example/x", "", "http://[", 5, None, [], {}, f"{D7}x"]


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        *(
            ({"properties": {"a": {"$ref": reference}}}, "properties.a.$ref")
            for reference in (
                *("http://127.0.0.1:9/x", "https://evil.example/x#/a", "file:///etc/passwd"),
                *("ftp://evil.example", "//evil.example/x", "other.json", "../x", "?a", "#x"),
                *("#/definitions/none", "#/definitions/0/1", D7, D2020),
            )
        ),
        ({"$id": "http://evil.example/a.json", "$ref": "b.json"}, "$ref"),
        ({"$id": "file:///etc/a", "items": {"$ref": "passwd"}}, "items.$ref"),
        ({"items": {"$id": "http://evil.example/", "items": {"$ref": "x"}}}, "items.items.$ref"),
        ({"$schema": D2020, "$dynamicRef": "http://evil.example/#a"}, "$dynamicRef"),
        ({"$schema": D2020, "items": {"$dynamicRef": "#a"}}, "items.$dynamicRef"),
        (
            {"$schema": D2019, "$defs": {"a": {"$recursiveRef": "http://x"}}},
            "$defs.a.$recursiveRef",
        ),
        ({"definitions": {"never": {"$ref": "http://x"}}}, "definitions.never.$ref"),
        ({"unknown": {"$ref": "http://x"}}, "unknown.$ref"),
        ({"$ref": "#/a/b", "a": {"b": {"not": {"$ref": "http://x"}}}}, "a.b.not.$ref"),
        ({"dependencies": {"a": {"$ref": "http://x"}}}, "dependencies.a.$ref"),
        ({"items": [{}, {"$ref": "http://x"}]}, "items.1.$ref"),
        ({"$schema": D3, "extends": {"$ref": "http://x"}}, "extends.$ref"),
        ({"$schema": D3, "type": [{"$ref": "http://x"}]}, "type.0.$ref"),
        ({"$schema": D4, "id": "http://evil.example/", "$ref": "x"}, "$ref"),
        ({"$schema": D4, "$ref": 5}, "$ref"),
    ],
)
def test_reference_that_does_not_resolve_within_is_rejected(schema: Any, place: str) -> None:
    with pytest.raises(ValueError, match="reference at ") as caught:
        check_schema(json.dumps(schema))

    assert f" at {place} " in str(caught.value)


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"$ref": 5}, "is not a JSON Schema: $ref must be a text"),
        ({"$ref": "#/enum", "enum": [1]}, "has a reference at $ref that does not lead to a schema"),
        ({"not": {"$ref": "#/properties"}, "properties": {}}, "has a reference at not.$ref that"),
        (
            {"$ref": "#/x", "x": {"type": "strin"}},
            "is not a JSON Schema: type must be one of array, boolean, integer, null, number, obj",
        ),
        ({"properties": []}, "is not a JSON Schema: properties must be an object"),
        ({"required": "a"}, "is not a JSON Schema: required must be a list"),
        ({"required": ["a", "a"]}, "is not a JSON Schema: required does not follow uniqueItems of"),
        ({"items": 5}, "is not a JSON Schema: items does not follow anyOf of the JSON"),
        ({"$ref": "#"}, "refers at its root to itself for the same value, without end"),
        ({"$ref": ""}, "refers at its root to itself"),
        ({"anyOf": [{"type": "null"}, {"$ref": "#"}]}, "refers at anyOf.1 to itself"),
        (
            {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"not": {"$ref": "#/$defs/a"}}}},
            "refers at $defs.a to itself",
        ),
        ({"$schema": D2019, "$recursiveRef": "#"}, "refers at its root to itself"),
        *(
            ({"$schema": each}, "names a $schema that is not supported; supported are http")
            for each in OTHER
        ),
        ({"properties": {"a": {"$schema": D2020}}}, "has a $schema at properties.a; it belongs to"),
        ({"pattern": "("}, "is not a JSON Schema: pattern must be a regular expression"),
        ({"$schema": D4, "patternProperties": {"(": {}}}, "has a pattern at patternProperties"),
        ({"patternProperties": {"a": {}, "(?i)b": {}}}, "has a pattern at patternProperties"),
        ({"pattern": "a{99999999999}"}, "is not a JSON Schema: a pattern in it repeats too often"),
        ({"pattern": "(" * 5_000}, "is not a JSON Schema: it is nested too deeply"),
        (5, "is not a JSON Schema: its root must be an object or true or false"),
        ([], "is not a JSON Schema: its root must be an object or true or false"),
        (None, "is not a JSON Schema: its root must be an object or true or false"),
        ("x", "is not a JSON Schema: its root must be an object or true or false"),
    ],
)
def test_unusable_schema_is_rejected_in_one_sentence(schema: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}"):
        check_schema(json.dumps(schema))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[", "is not JSON"),
        ('{"minimum": NaN}', "is not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"not":' * 2_000 + "{}" + "}" * 2_000, "nested too deeply"),
        (f'{{"minimum": {"9" * 5_000}}}', "is not JSON"),
    ],
)
def test_schema_that_is_not_json_is_rejected(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        check_schema(text)


@pytest.mark.parametrize(
    "schema",
    [
        True,
        False,
        {},
        *({"$schema": each} for each in (D3, D4, D6, D7, D2019, D2020, D7.rstrip("#"))),
        {"properties": {"$ref": {"type": "string"}, "$schema": {"type": "string"}}},
        {"const": {"$ref": "http://x"}, "enum": [{"$ref": 5}], "default": {"$ref": "x"}},
        {"properties": {"a": {"$ref": "#"}}},
        {"definitions": {"a~b/c%": {}}, "properties": {"a": {"$ref": "#/definitions/a~0b~1c%25"}}},
        {
            "$id": "http://x.example/y",
            "definitions": {"a": {"$id": "z"}},
            "items": [{"$ref": "y#/definitions/a"}, {"$ref": "z"}, {"$ref": "http://x.example/z"}],
        },
        {"$schema": D2020, "$defs": {"a": {"$anchor": "b"}}, "items": {"$ref": "#b"}},
        {"$schema": D2020, "$dynamicAnchor": "n", "items": {"$dynamicRef": "#n"}},
        {"$schema": D2019, "items": {"$recursiveRef": "#"}},
    ],
)
def test_internal_reference_is_accepted(schema: Any) -> None:
    check_schema(json.dumps(schema))
