"""Erasure of messages that the forwarder has at the time."""

from functools import partial
from typing import Any

import boto3
import pytest

from inlet_bridge.cli import erase
from inlet_bridge.operations.erasure import erasure
from tests.support.erasures import OTHER, keep, run, states, wait, webhook
from tests.support.moto_deployment import Bridge


def test_message_in_flight_is_reported_and_erased_when_it_is_seen(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait(bridge, webhook("w-1"))
    sqs: Any = boto3.client("sqs")
    [taken] = sqs.receive_message(QueueUrl=bridge.buffer_url)["Messages"]

    result = run("--yes")

    assert result.exit_code == 1
    assert "1 deliveries are recorded as waiting or dead and were not seen" in " ".join(
        result.output.split()
    )

    def give_back(_: float) -> None:
        sqs.change_message_visibility(
            QueueUrl=bridge.buffer_url, ReceiptHandle=taken["ReceiptHandle"], VisibilityTimeout=0
        )

    monkeypatch.setattr(erase, "Erasure", partial(erasure.Erasure, sleep=give_back))
    assert run("--yes", "--wait", "5").exit_code == 0
    assert bridge.waiting() == []
    assert states(bridge) == {"w-1": "erased"}


def test_message_in_flight_of_a_kept_webhook_is_erased_by_its_record(bridge: Bridge) -> None:
    keep(bridge, webhook("w-1"), webhook("w-2", OTHER))
    wait(bridge, webhook("w-1"), webhook("w-2", OTHER))
    sqs: Any = boto3.client("sqs")
    for _ in range(2):
        sqs.receive_message(QueueUrl=bridge.buffer_url)

    result = run("--yes")

    assert result.exit_code == 0, result.output
    assert states(bridge) == {"w-1": "erased", "w-2": "buffered"}
    assert not bridge.attempts_may_begin(webhook("w-1"))
    assert bridge.attempts_may_begin(webhook("w-2", OTHER))


def test_delivered_meanwhile_is_not_waited_for(bridge: Bridge) -> None:
    wait(bridge, webhook("w-1", OTHER))
    bridge.deliveries.delivered(webhook("w-1", OTHER), "flow", "1:2:3")

    assert run("--yes").exit_code == 0
    assert states(bridge) == {"w-1": "delivered"}


def test_stale_copy_of_a_delivered_delivery_is_deleted_and_its_record_stays(
    bridge: Bridge,
) -> None:
    wait(bridge, webhook("w-1"))
    bridge.deliveries.delivered(webhook("w-1"), "flow", "1:2:3")

    assert run("--yes").exit_code == 0
    assert bridge.waiting() == []
    assert states(bridge) == {"w-1": "delivered"}
