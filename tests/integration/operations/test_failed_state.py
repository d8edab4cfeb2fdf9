"""Commands on deliveries that Adobe rejected after the inlet had accepted them."""

from collections.abc import Iterator

import boto3
import pytest
from typer.testing import CliRunner

from bridge.adapters.aws.delivery_items import as_parameters, key_item, open_values
from bridge.delivery.record import State, key_of
from inlet_bridge.cli.main import app
from tests.support.moto_deployment import Bridge, deployed_bridge, received


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    """A bridge with one such delivery."""
    with deployed_bridge(monkeypatch) as bridge:
        failed = received("d-1")
        bridge.deliveries.delivered_all([(failed, "1:2:3")], "flow")
        values = {
            **open_values(failed, State.FAILED),
            "state": {"S": State.FAILED},
            "failure": {"S": "DCVS-1104-400: the field is required"},
        }
        boto3.client("dynamodb").update_item(
            TableName=bridge.table,
            Key=key_item(key_of(failed)),
            UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
            ExpressionAttributeNames={f"#{name}": name for name in values},
            ExpressionAttributeValues=as_parameters(values),
        )
        yield bridge


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, [*arguments])
    assert result.exit_code == 0, result.output
    return " ".join(result.output.replace("│", " ").split())


def test_failed_delivery_is_listed_explained_and_counted(bridge: Bridge) -> None:
    assert "d-1" in run("deliveries", "github", "--state", "failed")
    why = run("why", "d-1")
    assert "failed: the inlet accepted it, and Adobe rejected it" in why
    assert "failure DCVS-1104-400: the field is required" in why
    audit = run("audit")
    assert "Source Buffered Dead Failed" in audit
    assert "github 0 0 1" in audit
    assert bridge.waiting() == []


def test_dead_letter_of_a_failed_delivery_is_not_redriven(bridge: Bridge) -> None:
    bridge.buried("d-1")

    result = CliRunner().invoke(app, ["dead-letters", "redrive"])

    assert result.exit_code == 1
    assert "was delivered or erased meanwhile" in result.output
