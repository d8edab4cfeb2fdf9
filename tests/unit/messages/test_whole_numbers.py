"""Whole numbers are written as Adobe reads integers."""

from typing import Any

import pytest

from bridge.messages.whole_numbers import with_whole_numbers
from bridge.strict_json import read_json, write_json

INTEGER = {"type": "integer"}
NUMBER = {"type": "number"}


@pytest.mark.parametrize(
    ("schema", "text", "expected"),
    [
        (INTEGER, "7.0", "7"),
        (INTEGER, "-7.00", "-7"),
        (INTEGER, "1e2", "100"),
        (INTEGER, "1.5e1", "15"),
        (INTEGER, "0.0", "0"),
        ({"type": ["integer", "null"]}, "7.0", "7"),
        (INTEGER, "9007199254740993.0", "9007199254740993"),
        # Nothing that is none, or is too large for one.
        (INTEGER, "7.5", "7.5"),
        (INTEGER, "1e400", "1e400"),
        (INTEGER, "1e1000000000", "1e1000000000"),
        (INTEGER, "-1e99999999999999999999", "-1e99999999999999999999"),
        (INTEGER, "1e-1000000000", "1e-1000000000"),
        (INTEGER, "9223372036854775808.0", "9223372036854775808.0"),
        (INTEGER, '"7.0"', '"7.0"'),
        (NUMBER, "7.0", "7.0"),
        ({"type": ["integer", "number"]}, "7.0", "7.0"),
        ({}, "7.0", "7.0"),
    ],
)
def test_number(schema: dict[str, Any], text: str, expected: str) -> None:
    assert write_json(with_whole_numbers(schema, read_json(text))) == expected.encode()


def test_numbers_at_any_depth() -> None:
    schema = {
        "properties": {
            "n": INTEGER,
            "list": {"items": {"properties": {"n": INTEGER, "x": NUMBER}}},
            "map": {"additionalProperties": INTEGER},
            "closed": {"properties": {"n": INTEGER}, "additionalProperties": False},
            "several": {"allOf": [{"properties": {"n": INTEGER}}, {"properties": {"x": NUMBER}}]},
        }
    }
    text = (
        '{"n":1.0,"list":[{"n":2.0,"x":3.0},5],"map":{"a":4.0},'
        '"closed":{"n":5.0,"other":6.0},"several":{"n":7.0,"x":8.0},"unknown":9.0}'
    )

    assert write_json(with_whole_numbers(schema, read_json(text))) == (
        b'{"n":1,"list":[{"n":2,"x":3.0},5],"map":{"a":4},'
        b'"closed":{"n":5,"other":6.0},"several":{"n":7,"x":8.0},"unknown":9.0}'
    )


def test_value_without_any_is_returned_itself() -> None:
    value = read_json('{"n":1,"list":[1.5,{"x":2.0}]}')
    schema = {"properties": {"n": INTEGER, "list": {"items": INTEGER}}}

    assert with_whole_numbers(schema, value) is value
