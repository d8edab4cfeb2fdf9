"""What `inlet map` says of items of a list that are null, and which a function does not take."""

from pathlib import Path

import pytest

from tests.support.linear_map import of_field, output

_WAY = "compact([ ]) around the items leaves out those that are null"


def test_item_that_is_null_is_named(tmp_path: Path) -> None:
    found = of_field(tmp_path, "join('-', [body.data.title, body.data.cycle])")

    assert "! Routes.0.Map._emulated.action: body.data.cycle is null in the list of jo" in found
    assert _WAY in found


def test_each_item_is_named(tmp_path: Path) -> None:
    found = of_field(tmp_path, "sum([body.data.cycle, body.data.priority, body.data.team])")

    assert f"body.data.cycle and body.data.team are null in the list of sum(); {_WAY}" in found


def test_item_of_an_identity_is_named(tmp_path: Path) -> None:
    new = "\"join('-', [body.data.title, body.data.cycle])\""
    found = output(tmp_path, "lower(body.data.assignee.email)", new)

    assert "! Routes.0.Identity.Email: body.data.cycle is null in the list of join(); " in found


@pytest.mark.parametrize(
    "expression",
    [
        "join('-', body.data.cycle)",
        "join('-', compact([body.data.title, body.data.cycle]))",
        "join('-', [body.data.priority])",
    ],
)
def test_other_values_get_no_such_note(tmp_path: Path, expression: str) -> None:
    assert "null in the list" not in of_field(tmp_path, expression)
