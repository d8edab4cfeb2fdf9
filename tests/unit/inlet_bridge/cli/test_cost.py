"""`inlet cost` as JSON."""

import json

import pytest
from typer.testing import CliRunner

from inlet_bridge.cli.main import app


def test_bill_as_json_adds_up() -> None:
    result = CliRunner().invoke(app, ["cost", "--per-month", "2000000", "--json"])
    document = json.loads(result.output)

    assert document["webhooks"] == 2_000_000
    assert document["dollars"] == pytest.approx(sum(each["dollars"] for each in document["items"]))
    fixed = sum(each["dollars"] for each in document["items"] if each["fixed"])
    assert document["fixed_dollars"] == pytest.approx(fixed)
