"""Tests of the forwarder: messages that are sent later."""

import json
from copy import replace
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from adobe_emulator.faults import AnswerWith, CloseConnection, Fault, Poison, Service
from adobe_emulator.settings import Generation
from bridge.delivery.delivery import Delivery
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.delivery_queues import EVENTS
from tests.support.forwarded_issues import EMPTY, titles
from tests.support.webhook_events import signed


@pytest.mark.parametrize("generation", list(Generation))
def test_retryable_messages_stay_in_the_buffer_and_the_others_are_delivered(
    cloud: DeliveryCloud, generation: Generation
) -> None:
    cloud.adobe.behavior = replace(cloud.adobe.behavior, generation=generation)
    cloud.adobe.faults.poison(Poison("Found bug 1", status=429))
    cloud.adobe.faults.poison(Poison("Found bug 3", status=503))

    assert cloud.forward("several") == [0, 2]
    assert titles(cloud) == ["Found bug 2", "Found bug 4"]
    assert sum(cloud.depth().values()) == 2
    assert cloud.dead() == []
    assert len(cloud.calls.waits) == 2
    assert all(1 <= wait <= 4 for wait in cloud.calls.waits)


def test_429_postpones_by_the_retry_after_of_the_inlet(cloud: DeliveryCloud) -> None:
    busy = AnswerWith(429, {"retry-after": "120"})
    cloud.adobe.faults.add(Fault(Service.INLET, effect=busy))

    assert cloud.forward("several") == []
    assert cloud.calls.delays == [120] * 4
    assert cloud.depth() == EMPTY | {"later": 4}
    assert cloud.adobe.ledger.received == ()


def test_inline_429_delays_the_message_by_the_retry_after_of_the_inlet(
    cloud: DeliveryCloud,
) -> None:
    """The forwarder sees nothing of it before."""
    busy = AnswerWith(429, {"retry-after": "40"})
    cloud.adobe.faults.add(Fault(Service.INLET, effect=busy))

    assert cloud.receive(signed("github-signed")).status == 202
    assert cloud.depth() == EMPTY | {"later": 1}
    assert cloud.forward_what_waits() == []
    assert cloud.adobe.ledger.received == ()


def test_retry_after_that_is_not_over_delays_a_message_without_an_attempt(
    cloud: DeliveryCloud,
) -> None:
    """The queue delays by 300 s at most; the message has the rest of an inline hour."""
    delivery = replace(
        Delivery.decode(json.loads((EVENTS / "one.json").read_text())["Records"][0]["body"]),
        not_before=datetime.now(UTC) + timedelta(hours=1),
    )
    boto3.client("sqs").send_message(QueueUrl=cloud.buffer, MessageBody=delivery.encode())

    assert cloud.forward_what_waits() == []
    assert 240 <= cloud.calls.delays[0] <= 300
    assert cloud.adobe.ledger.received == ()


def test_messages_of_a_paused_source_leave_the_messages_in_flight(cloud: DeliveryCloud) -> None:
    pause = "/inlet-bridge/dev/sources/github/paused"
    boto3.client("ssm").put_parameter(Name=pause, Value="1", Type="String")

    assert cloud.forward("several") == []
    assert cloud.depth() == EMPTY | {"later": 4}
    assert all(240 <= delay <= 300 for delay in cloud.calls.delays)


def test_undelivered_messages_stay_in_the_buffer(cloud: DeliveryCloud) -> None:
    cloud.forget_token()
    for fault in (
        Fault(Service.IMS, effect=AnswerWith(401, body='{"error":"invalid_client"}')),
        Fault(Service.INLET, effect=AnswerWith(503)),
        Fault(Service.INLET, times=2, effect=AnswerWith(401)),
        Fault(Service.INLET, effect=AnswerWith(403)),
        Fault(Service.INLET, effect=CloseConnection(after_work=False)),
    ):
        cloud.adobe.faults.add(fault)
        cloud.calls.waits.clear()
        cloud.calls.delays.clear()

        cloud.forward("several")
        assert len(cloud.calls.waits) + len(cloud.calls.delays) == 4, fault
    assert cloud.adobe.ledger.received == ()
    assert cloud.dead() == []


def test_messages_are_postponed_until_a_new_flow_is_ready(cloud: DeliveryCloud) -> None:
    cloud.change("github", ready_at=datetime.now(UTC) + timedelta(minutes=5))

    assert cloud.forward("one") == []
    assert 240 <= cloud.calls.delays[0] <= 300
    assert (cloud.adobe.ledger.received, cloud.adobe.ledger.lost) == ((), ())
