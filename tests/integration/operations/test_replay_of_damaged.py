"""A replay by ID searches all kept bodies if the record has expired; some may be damaged."""

import boto3
import pytest

from bridge.adapters.aws.delivery_items import key_item
from tests.support.replay_commands import Commands, run, run_json


@pytest.fixture
def damaged(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """Records of three webhooks have expired, and the second body is damaged."""
    for number in range(3):
        delivery = commands.receive(f"d-{number}")
        boto3.client("dynamodb").delete_item(
            TableName=commands.bridge.table, Key=key_item((delivery.source, delivery.key))
        )
    commands.store(monkeypatch)
    commands.bridge.kept.damage("d-1")
    return commands


def test_unrelated_damaged_body_is_no_failure(damaged: Commands) -> None:
    printed = run("replay", "github", "--id", "d-2")

    assert "1 deliveries of 1 webhooks sent to the buffer again" in printed
    assert [each.delivery_id for each in damaged.bridge.waiting()] == ["d-2"]


@pytest.mark.parametrize("name", ["d-1", "d-1/events", "id:d-1", "d-1/0"])
def test_damaged_body_of_the_id_is_a_failure(damaged: Commands, name: str) -> None:
    printed = run("replay", "github", "--id", name, status=1)

    received = damaged.webhooks[1].received_at
    assert f"the body that was kept at {received.isoformat()} cannot be read" in printed
    assert "no webhook" not in printed
    assert damaged.bridge.waiting() == []


def test_id_that_is_not_found_is_told_with_what_cannot_be_read(damaged: Commands) -> None:
    printed = run("replay", "github", "--id", "d-9", status=1)

    assert (
        "no webhook d-9 of github is kept, or it is among those that cannot be read: 1" in printed
    )
    assert damaged.bridge.waiting() == []


def test_json_of_an_id_that_is_not_found_has_no_failure(damaged: Commands) -> None:
    printed = run("replay", "github", "--id", "d-9", "--json", status=1)

    assert '"unreadable": 0' in printed
    assert "no webhook d-9" in printed
    assert run_json("replay", "github", "--id", "d-0")["outcomes"]["sent"] == 1
    assert len(damaged.bridge.waiting()) == 1
