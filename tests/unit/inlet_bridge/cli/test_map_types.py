"""What `inlet map` says of comparisons and literals of another type than they are meant to have."""

import json
from pathlib import Path

import pytest

from tests.support.map_runs import SHOPIFY, TEMPLATE, run

_WHEN = "event_type == 'orders/create'"
_SEVEN = "'7', a text; write `7`, in backticks, for a number"


def _output(tmp_path: Path, when: str, mapped: str, *options: object) -> str:
    template = tmp_path / "sources.yaml"
    template.write_text(TEMPLATE.replace(_WHEN, when).replace("MAPPED", mapped))
    return " ".join(run("shop", SHOPIFY, "--file", template, *options).output.split())


@pytest.mark.parametrize(
    ("when", "hint"),
    [
        (
            "body.id == '7'",
            f"Routes.0.When compares body.id, which is a number in the sample, with {_SEVEN}",
        ),
        ("body.id != '7'", f"body.id, which is a number in the sample, with {_SEVEN}"),
        (
            "body.total_price == `199`",
            "which is a text in the sample, with `199`, a number; write '199' for a text",
        ),
        (
            "body.total_price > `199`",
            "with `199`, a number; number(body.total_price) makes a number of it",
        ),
        ("body.line_items[?quantity == '1']", "compares body.line_items[].quantity, which is a n"),
        ("event_type == `5`", "compares event_type, which is a text in the sample, with `5`"),
        (
            "body.id > '7'",
            "fails: it compares a number with a string by order; number() or to_string() converts",
        ),
    ],
)
def test_comparison_with_another_type_is_pointed_out(tmp_path: Path, when: str, hint: str) -> None:
    assert hint in _output(tmp_path, when, "body.id")


def test_comparison_in_a_map_is_pointed_out(tmp_path: Path) -> None:
    assert "Routes.0.Map.a compares body.id, which is a number" in _output(
        tmp_path, _WHEN, "\"body.id == '7'\""
    )


@pytest.mark.parametrize(
    "when",
    [
        "body.id == '7' || body.id == `7`",
        "body.id != ''",
        "body.id == `null`",
        "body.total_price == '7'",
        "body.nothing == `7`",
    ],
)
def test_other_comparisons_get_no_hint(tmp_path: Path, when: str) -> None:
    assert "compares" not in _output(tmp_path, when, "body.id")


@pytest.mark.parametrize(
    ("mapped", "kind", "hint"),
    [
        ("\"'7'\"", "integer", "Map.a has the text '7'; a number is written `7`, or 7 alone"),
        ("\"body.x || '7'\"", "integer", "Map.a has the text '7'; a number is written `7`"),
        ("7", "string", "Map.a has the number 7; a text is written in single quotes within the"),
        ("7", "string", "as in \"'7'\"; that of a parameter is !Sub \"'${NAME}'\""),
        ("body.x || `7`", "string", "as in \"'7'\""),
        ("body.id", "string", "in a Map, to_string() converts it"),
        ("body.total_price", "number", "in a Map, number() converts it"),
    ],
)
def test_value_of_another_type_than_its_field_is_named_with_the_way_out(
    tmp_path: Path, mapped: str, kind: str, hint: str
) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text(json.dumps({"properties": {"a": {"type": kind}}}))
    output = _output(tmp_path, _WHEN, mapped, "--schema", f"events={schema}")

    assert f"type at a: expected {kind}, got" in output
    assert hint in output
