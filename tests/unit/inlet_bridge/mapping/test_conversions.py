"""A value of another type than its field is named with the function that converts it."""

from typing import Any

import pytest

from bridge.messages.xdm_check import XdmCheck
from bridge.strict_json import read_json
from inlet_bridge.mapping.conversions import with_conversion


@pytest.mark.parametrize(
    ("kinds", "text", "way"),
    [
        ("integer", '"4111"', "number() converts it, if the text is a number"),
        ("integer", "1.50", "floor() or ceil() makes a whole number of it"),
        ("boolean", "-0", "value == `1` makes a boolean of it"),
        ("boolean", '"true"', "value == 'true' makes a boolean of it"),
        ("string", "4111", "to_string() converts it, and date_from_seconds() or date_from_milli"),
        ("string", "[4111]", "join() or first() makes a text of it"),
        (["string", "null"], "true", "to_string() converts it"),
        (["object", "array"], "0.1", "[value] makes a list of it"),
        ("number", '"1.50"', "number() converts it, if the text is a number"),
        ("object", '"a"', "parse_json() reads a text of JSON"),
    ],
)
def test_wrong_type_is_named_with_the_way_out(kinds: Any, text: str, way: str) -> None:
    value = read_json(text)
    whole = XdmCheck({"properties": {"n": {"type": kinds}}}).findings({"n": value})[0]
    items = XdmCheck({"properties": {"n": {"items": {"type": kinds}}}}).findings({"n": [value]})[0]

    for reason in (whole, items, f"the message does not fit its schema: {whole}"):
        assert reason.startswith(("type at n", "the message"))
        assert with_conversion(reason).startswith(f"{reason}; in a Map, {way}")


@pytest.mark.parametrize(
    "reason",
    ["", "type at n: expected string, got null", "enum at n: it takes a", "the inlet returned 400"],
)
def test_other_reasons_stay(reason: str) -> None:
    assert with_conversion(reason) == reason


@pytest.mark.parametrize(
    ("value", "way"),
    [("High", ""), ("12.50", "; in a Map, number() converts it"), ("", "")],
)
def test_number_is_named_for_a_text_that_is_one(value: str, way: str) -> None:
    reason = "type at n: expected integer, got string"

    assert with_conversion(reason, value) == f"{reason}{way}"
