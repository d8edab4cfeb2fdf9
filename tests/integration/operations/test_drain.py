"""Tests of `inlet drain`: queues of a deleted stack, and a new deployment of the stage on moto."""

from copy import replace

import boto3
import pytest
from typer.testing import CliRunner

from bridge.delivery.delivery import Delivery
from inlet_bridge.cli.main import app
from inlet_bridge.operations.queues.retained_queue import RetainedQueue
from tests.support.former_queues import Former, attributes_of, depth, run
from tests.support.moto_deployment import NOW, Bridge, received, texts

BUFFERED = ["deliveries", "github", "--state", "buffered"]


def test_buffered_webhooks_move_to_the_new_deployment(bridge: Bridge, former: Former) -> None:
    """As messages that may exist twice, whose retry period begins again."""
    for number in range(25):
        former.put(former.buffer, replace(received(f"d-{number}"), attempts=7).encode())

    assert "25 moved, 0 already delivered, 0 stay" in run(former.buffer)

    assert depth(former.buffer) == 0
    assert depth(bridge.buffer_url) == 25
    some = bridge.waiting()
    assert {(each.attempts, each.sends) for each in some} == {(0, 1)}
    assert all(each.buffered_at > NOW for each in some)
    [found] = bridge.deliveries.find([some[0]]).values()
    assert found.state == "buffered"


def test_moved_webhooks_are_listed_as_buffered(bridge: Bridge, former: Former) -> None:
    former.put(former.buffer, received("d-1").encode())
    run(former.buffer)

    listed = CliRunner().invoke(app, BUFFERED, env={"NO_COLOR": "1"})
    assert listed.exit_code == 0, listed.output
    assert "d-1" in listed.output


def test_dry_run_changes_nothing(bridge: Bridge, former: Former) -> None:
    former.put(former.buffer, received("d-1").encode())

    assert "1 would be moved" in run(former.buffer, "--dry-run")

    assert depth(former.buffer) == 1
    assert bridge.waiting() == []
    assert bridge.deliveries.find([received("d-1")]) == {}


@pytest.mark.parametrize("arguments", [[], ["--dry-run"]])
def test_table_of_records_is_required_to_exist(
    bridge: Bridge, former: Former, arguments: list[str]
) -> None:
    """Also if no message is in the queue that would be looked up in it."""
    said = run(former.buffer, "--records", "nope", *arguments, status=1)

    assert "there is no table nope of deliveries" in said
    assert bridge.waiting() == []


def test_interrupted_run_loses_nothing_and_is_marked_for_one_delivery(
    bridge: Bridge, former: Former, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection ends after a batch was sent and before it was deleted."""
    former.put(former.buffer, received("d-1").encode())
    with monkeypatch.context() as patch:
        patch.setattr(RetainedQueue, "delete", lambda _, messages: _stop(list(messages)))
        result = CliRunner().invoke(app, ["drain", former.buffer])
        assert isinstance(result.exception, KeyboardInterrupt | SystemExit)
    assert depth(former.buffer) == 1

    run(former.buffer)

    copies = bridge.waiting()
    assert [each.delivery_id for each in copies] == ["d-1", "d-1"]
    # The forwarder reserves such a delivery in the table before it sends it.
    assert all(each.sends for each in copies)


def _stop(messages: list[object]) -> None:
    if messages:
        raise KeyboardInterrupt


def test_message_that_was_delivered_after_an_interrupted_run_is_not_moved_again(
    bridge: Bridge, former: Former
) -> None:
    former.put(former.buffer, received("d-1").encode())
    bridge.deliveries.delivered(received("d-1"), "flow", "1:2:3")

    assert "0 moved, 1 already delivered" in run(former.buffer)

    assert depth(former.buffer) == depth(bridge.buffer_url) == 0


def test_message_that_the_old_table_has_as_delivered_is_not_moved(
    bridge: Bridge, former: Former
) -> None:
    """The stack was deleted between the delivery and the deletion of the message."""
    client = boto3.client("dynamodb")
    bridge.deliveries.delivered(received("d-1"), "flow", "1:2:3")
    [item] = client.scan(TableName=bridge.table)["Items"]
    client.put_item(TableName=former.table, Item=item)
    client.delete_item(
        TableName=bridge.table, Key={name: item[name] for name in ("source", "delivery_id")}
    )
    former.put(former.buffer, received("d-1").encode())
    former.put(former.buffer, received("d-2").encode())

    assert "1 moved, 1 already delivered" in run(former.buffer, "--records", former.table)

    assert [each.delivery_id for each in bridge.waiting()] == ["d-2"]


def test_foreign_message_stays_and_is_counted(bridge: Bridge, former: Former) -> None:
    former.put(former.buffer, "an order of another application")
    former.put(former.buffer, received("d-1").encode())

    said = run(former.buffer, status=1)
    assert "1 moved, 0 already delivered, 1 stay" in said
    assert "no message of the bridge: 1" in said

    assert texts(former.buffer) == ["an order of another application"]
    assert [each.delivery_id for each in bridge.waiting()] == ["d-1"]


def test_dead_letters_move_with_their_class_and_reason(bridge: Bridge, former: Former) -> None:
    former.put(
        former.dead_letters, received("d-1").encode(), **{"class": "expired", "reason": "503"}
    )
    former.put(former.dead_letters, "foreign")

    assert "1 moved, 0 already delivered, 1 stay" in run(former.dead_letters, status=1)

    assert bridge.dead() == {"d-1"}
    assert attributes_of(bridge.dead_letters_url) == {"class": "expired", "reason": "503"}


def test_redriven_dead_letter_of_a_new_table_has_a_complete_record(
    bridge: Bridge, former: Former
) -> None:
    former.put(former.dead_letters, received("d-1").encode(), **{"class": "expired"})
    run(former.dead_letters)

    redriven = CliRunner().invoke(app, ["dead-letters", "redrive"])
    assert redriven.exit_code == 0, redriven.output

    listed = CliRunner().invoke(app, BUFFERED, env={"NO_COLOR": "1"})
    assert "d-1" in listed.output, listed.output
    [waiting] = bridge.waiting()
    assert isinstance(waiting, Delivery)
