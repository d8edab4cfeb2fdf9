"""What `inlet map` says of values that do not fit their place in a schema."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.linear_map import TEMPLATE, output

_WEB = "web: {webPageDetails: {name: body.data.title, URL: body.url}}"
_NAMES = {name: {"type": "string"} for name in ("courtesyTitle", "firstName", "lastName")}
_SCHEMA: dict[str, Any] = {
    "eventType": {},
    "producedBy": {},
    "_emulated": {},
    "code": {"type": "string", "pattern": "^[A-Z]{3}$"},
    "short": {"type": "string", "maxLength": 2},
    "name": {"type": "object", "properties": _NAMES},
    "purchases": {
        "type": "object",
        "properties": {"id": {"type": "string"}, "value": {"type": "number"}},
    },
}


def _against(tmp_path: Path, new: str) -> str:
    file = tmp_path / "schema.json"
    file.write_text(json.dumps({"properties": _SCHEMA}))
    return output(tmp_path, _WEB, new, "--schema", f"events={file}")


@pytest.mark.parametrize(
    ("mapped", "reason"),
    [
        (
            "code: \"'eur'\"",
            "pattern at code; the schema has ^[A-Z]{3}$; in a Map, upper() makes it fit",
        ),
        ("code: \"'EUR '\"", "the schema has ^[A-Z]{3}$; in a Map, trim() makes it fit"),
        ("code: \"'EURO'\"", "pattern at code; the schema has ^[A-Z]{3}$ "),
        ("short: body.data.title", "maxLength at short; the schema has 2"),
    ],
)
def test_limit_of_the_schema_is_named(tmp_path: Path, mapped: str, reason: str) -> None:
    found = _against(tmp_path, mapped)

    assert reason in f"{found} "
    assert ("makes it fit" in found) == ("makes it fit" in reason)


@pytest.mark.parametrize(
    ("mapped", "of_name"),
    [
        ("name: body.data.first_name || 'a'", "write a field of it and its expression !"),
        (
            "name: body.data.assignee.name",
            "is an object in the schema, with courtesyTitle, firstName, lastName: write a field",
        ),
        ("purchases: 1", "with id, value: write a field of it and its expression, such as purcha"),
        ("purchases: 1", "such as purchases: {value: 1}"),
        ("purchases: lower('A')", "such as purchases: {id: \"lower('A')\"}"),
    ],
)
def test_fields_of_an_object_are_named(tmp_path: Path, mapped: str, of_name: str) -> None:
    found = _against(tmp_path, mapped)

    assert of_name in f"{found} !"
    assert "parse_json" not in found


def test_text_of_json_is_to_be_parsed(tmp_path: Path) -> None:
    found = _against(tmp_path, "name: \"'{}'\"")

    assert "expected object, got string; in a Map, parse_json() reads a text of JSON" in found


def test_map_that_is_a_single_expression_is_an_object_elsewhere(tmp_path: Path) -> None:
    template = TEMPLATE.split("          Map:\n")[1].partition("          Identity")[0]
    found = output(tmp_path, f"Map:\n{template}", "Map: event_type\n")

    assert "✗ events" in found
    assert "Map: does not return an object" in found
    way = "write the fields of the message, each with its expression, such as Map: {eventType: ev"
    assert f"! Routes.0.Map is a single expression: {way}" in found
