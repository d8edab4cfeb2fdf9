"""What `inlet map` says of to_string() of a value that the sample does not have."""

from pathlib import Path

import pytest

from inlet_bridge.mapping.expression_reader import ExpressionReader
from inlet_bridge.mapping.null_texts import null_texts
from tests.support.linear_map import of_field, output

_MADE = (
    "gives the text null, which to_string() makes of body.data.cycle: the sample has no"
    " body.data.cycle; body.data has identifier"
)
_WAY = "write body.data.cycle && to_string(body.data.cycle) for no text"


@pytest.mark.parametrize(
    "expression",
    [
        "to_string(body.data.cycle)",
        "join('-', ['cycle', to_string(body.data.cycle)])",
        "upper('a') && to_string(body.data.cycle)",
    ],
)
def test_text_of_null_is_pointed_out(tmp_path: Path, expression: str) -> None:
    found = of_field(tmp_path, expression)

    assert f"! Routes.0.Map._emulated.action {_MADE}" in found
    assert _WAY in found


def test_identity_is_pointed_out(tmp_path: Path) -> None:
    found = output(tmp_path, "lower(body.data.assignee.email)", "to_string(body.data.cycle)")

    assert f"! Routes.0.Identity.Email {_MADE}" in found


@pytest.mark.parametrize(
    "expression",
    [
        "to_string(body.data.priority)",
        "body.data.cycle && to_string(body.data.cycle)",
        "body.data.title || to_string(body.data.cycle)",
        "length(to_string(body.data.cycle))",
    ],
)
def test_other_texts_get_no_note(tmp_path: Path, expression: str) -> None:
    assert "the text null" not in of_field(tmp_path, expression)


def test_field_that_is_null_is_pointed_out() -> None:
    reader = ExpressionReader()
    reader.read("Routes.0.Map.a", "to_string(body.a)", {"body": {"a": None}})

    [found] = null_texts(reader)
    assert "makes of body.a: the sample has none; write body.a && to_string(body.a)" in found
