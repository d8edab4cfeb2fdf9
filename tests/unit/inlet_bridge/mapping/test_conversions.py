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


_NO_DATE_TIME = "format date-time at due; write it as in 2026-03-14T09:20:04Z"
_READ = "; in a Map, date() makes a date-time of it"


@pytest.mark.parametrize(
    ("value", "way"),
    [
        ("2026-11-30", _READ),
        ("2026-11-30 10:00", _READ),
        ("Mon, 30 Nov 2026 10:00:00 +0100", _READ),
        ("1773480004000", _READ),
        ("30.11.2026", "; date() does not read this text: it reads ISO 8601, RFC 2822 and HTTP "),
        ("soon", "; date() does not read this text"),
        (None, ""),
    ],
)
def test_date_is_named_for_a_text_that_it_reads(value: Any, way: str) -> None:
    check = XdmCheck({"properties": {"due": {"type": "string", "format": "date-time"}}})
    if isinstance(value, str):
        assert check.findings({"due": value})[0] == _NO_DATE_TIME

    found = with_conversion(_NO_DATE_TIME, value)
    assert found.startswith(f"{_NO_DATE_TIME}{way}")
    assert way or found == _NO_DATE_TIME


def test_time_of_an_event_is_no_text_of_digits() -> None:
    reason = "type at timestamp: expected string, got integer"
    assert with_conversion(reason) == f"{reason}; in a Map, date() makes a date-time of it"
