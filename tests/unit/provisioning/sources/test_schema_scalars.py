"""Scalars that CloudFormation turned into texts are read back by the schema's own types."""

from typing import Any

import pytest

from bridge.messages.schema_validation import faults
from bridge.provisioning.sources.schema_scalars import with_scalars
from bridge.strict_json import read_json, write_json_text


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"enum": ["1", "2"]}, ["1", '"1"', "2", "1.0"], ["3", '"3"', "true"]),
        ({"enum": ["a", "true"]}, ['"a"', "true", '"true"'], ["false", "1"]),
        ({"type": "integer", "enum": ["1"]}, ["1"], ['"1"', "2"]),
        ({"type": "string", "enum": ["1"]}, ['"1"'], ["1"]),
        ({"type": ["string", "integer"], "enum": ["1"]}, ["1", '"1"'], ["2"]),
        ({"type": ["integer", "null"], "enum": ["1", "null"]}, ["1", "null"], ['"null"', "2"]),
        ({"type": "number", "enum": ["0.10"]}, ["0.1", "0.10"], ['"0.10"']),
        ({"type": "boolean", "const": "true"}, ["true"], ["false", '"true"']),
        ({"const": "1"}, ["1", '"1"'], ["2", "true"]),
        ({"const": "a"}, ['"a"'], ['"b"']),
        ({"const": "1", "allOf": [{"minimum": "1"}]}, ["1"], ["0", "2"]),
        ({"const": {"a": "1"}}, ['{"a":1}', '{"a":"1"}'], ['{"a":2}']),
        ({"const": ["1", "b"]}, ['[1,"b"]', '["1","b"]'], ["[1]"]),
        ({"minimum": "1", "maximum": "2.5"}, ["1", "2.5"], ["0.9", "2.6"]),
        ({"exclusiveMinimum": "1"}, ["1.1"], ["1"]),
        ({"multipleOf": "0.1"}, ["1.1"], ["1.15"]),
        ({"minLength": "2", "maxLength": "3"}, ['"ab"'], ['"a"', '"abcd"']),
        ({"items": {"enum": ["1"]}, "uniqueItems": "true"}, ["[1]"], ["[1,1]", "[2]"]),
        (
            {"properties": {"enum": {"const": "2"}}, "additionalProperties": "false"},
            ['{"enum":2}', "{}"],
            ['{"enum":3}', '{"a":1}'],
        ),
        ({"not": {"enum": ["1"]}}, ["2"], ["1", '"1"']),
        ({"if": {"const": "1"}, "then": "false"}, ["2"], ["1"]),
    ],
)
def test_a_document_is_judged_as_the_template_means_it(
    schema: Any, good: list[str], bad: list[str]
) -> None:
    text = write_json_text(with_scalars(schema))

    assert [each for each in good if faults(text, read_json(each))] == []
    assert [each for each in bad if not faults(text, read_json(each))] == []


def test_names_and_texts_are_not_changed() -> None:
    schema = {
        "title": "1",
        "pattern": "1",
        "required": ["true", "1"],
        "properties": {"1": {"description": "true"}},
        "dependencies": {"a": ["true"]},
    }

    assert with_scalars(schema) == schema
