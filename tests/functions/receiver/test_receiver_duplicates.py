"""Tests of the receiver: webhooks that arrive more than once."""

import threading
from typing import Any

import pytest

from adobe_emulator.faults import AnswerWith, Fault, Service
from bridge.adapters.adobe.inlet import HttpInlet
from bridge.ports.adobe import InletResponse
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.unavailable_responses import unavailable
from tests.support.waiting import eventually
from tests.support.webhook_events import signed

MAP = {"title": "body.issue.title"}


def test_duplicate_gets_the_first_xaction_id_and_is_not_sent(
    cloud: DeliveryCloud,
) -> None:
    first = cloud.receive(signed("github-signed"))
    second = cloud.receive(signed("github-signed"))

    assert first == second
    assert second.document["xactionId"]
    assert len(cloud.adobe.ledger.received) == 1


def test_throttled_record_of_a_delivered_webhook_is_written_before_the_response(
    cloud: DeliveryCloud,
) -> None:
    cloud.throttle("UpdateItem", times=2)

    first, again = (cloud.receive(signed("github-signed")) for _ in range(2))

    [message] = cloud.adobe.ledger.received
    assert [(answer.status, answer.document["xactionId"]) for answer in (first, again)] == [
        (200, message.xaction_id)
    ] * 2
    assert [record["state"] for record in cloud.records()] == ["delivered"]


def test_duplicate_of_a_buffered_webhook_is_not_buffered_again(cloud: DeliveryCloud) -> None:
    cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerWith(503)))
    first = cloud.receive(signed("github-signed"))
    second = cloud.receive(signed("github-signed"))

    assert first == second
    assert first.status == 202
    assert cloud.depth()["ready"] == 1
    assert cloud.adobe.ledger.received == ()


def test_of_two_concurrent_duplicates_one_is_forwarded_and_one_must_retry(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = threading.Event()
    send = HttpInlet.send

    def send_later(*args: Any) -> InletResponse:
        refused.wait()
        return send(*args)

    monkeypatch.setattr(HttpInlet, "send", send_later)
    monkeypatch.setattr("bridge.receiving.receiver.inline_seconds", lambda _: 60)
    answers = []
    first = threading.Thread(target=lambda: answers.append(cloud.receive(signed("github-signed"))))
    first.start()
    assert eventually(lambda: bool(cloud.records()), every=0.01)

    try:
        assert unavailable(cloud.receive(signed("github-signed")))
    finally:
        refused.set()
        first.join()
    assert [answer.status for answer in answers] == [200]
    assert len(cloud.adobe.ledger.received) == 1


def test_claim_whose_response_is_lost_is_recognized_by_its_retry(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")  # As `SignedClient`.
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    cloud.lose_response("PutItem")

    assert cloud.receive(signed("github-signed")).status == 200
    assert len(cloud.adobe.ledger.received) == 1
    [record] = cloud.records()
    assert record["state"] == "delivered"


def test_filtered_webhook_whose_response_is_lost_is_no_duplicate(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    routes = [{"When": "body.never", "Flow": "orders"}]
    cloud.configure("github", Routes=routes, Otherwise="drop")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    cloud.lose_response("PutItem")

    assert cloud.receive(signed("github-signed")).document["status"] == "filtered"
    [line] = [line for line in cloud.lines() if line.get("source") == "github" and "_aws" in line]
    assert (line["Accepted"], line["Filtered"], "Duplicate" in line) == ([1], [1], False)


@pytest.mark.parametrize("period", [{}, {"DuplicateContentSeconds": "3600"}])
def test_filtered_webhook_that_a_route_takes_later_is_delivered_when_it_comes_again(
    cloud: DeliveryCloud, period: dict[str, str]
) -> None:
    """Nothing of it was sent before, and its sender repeats it after a route was deployed."""
    never = {"When": "body.never", "Flow": "orders", "Map": MAP}
    cloud.configure("github", Routes=[never], Otherwise="drop", **period)
    cloud.restart()
    first, again = (cloud.receive(signed("github-signed")) for _ in range(2))
    assert (first.document["status"], again.document["status"]) == ("filtered", "filtered")

    cloud.configure("github", Routes=[{"Flow": "orders", "Map": MAP}], **period)
    cloud.restart()
    taken, repeated = (cloud.receive(signed("github-signed")) for _ in range(2))

    [message] = cloud.adobe.ledger.received
    assert taken.document["xactionId"] == repeated.document["xactionId"] == message.xaction_id
    assert [record["state"] for record in cloud.records()] == ["delivered"]
