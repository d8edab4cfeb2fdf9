"""Tests of the receiver: webhooks that are buffered instead of sent."""

from datetime import UTC, datetime, timedelta

import pytest

from adobe_emulator.faults import AnswerWith, CloseConnection, Fault, Service
from bridge.adapters.adobe.inlet import HttpInlet
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.webhook_events import body_of, signed

PASSING_FAULTS = (
    Fault(Service.IMS, times=None, effect=AnswerWith(503)),
    Fault(Service.IMS, effect=AnswerWith(401, body='{"error":"invalid_client"}')),
    Fault(Service.INLET, effect=AnswerWith(429, {"retry-after": "7"})),
    Fault(Service.INLET, effect=AnswerWith(503)),
    Fault(Service.INLET, effect=AnswerWith(400)),
    Fault(Service.INLET, effect=AnswerWith(302, {"location": "/collection/elsewhere"})),
    Fault(Service.INLET, times=2, effect=AnswerWith(401)),
    Fault(Service.INLET, effect=CloseConnection(after_work=False)),
)
"""Those of IMS come first, while there is no token yet."""


def test_retryable_webhook_is_in_the_buffer_when_the_sender_gets_202(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.receiving.receiver.inline_seconds", lambda _: 1.0)
    cloud.forget_token()
    for number, fault in enumerate(PASSING_FAULTS):
        cloud.adobe.faults.clear()
        cloud.adobe.faults.add(fault)
        sent = signed("github-signed", headers={"x-github-delivery": f"d-{number}"})

        answer = cloud.receive(sent)

        assert answer.status == 202, fault
        assert answer.document["status"] == "buffered"
        assert "xactionId" not in answer.document
        [delivery] = cloud.buffered()
        assert delivery.body == body_of(sent)
        assert delivery.delivery_id == answer.document["delivery_id"] == f"d-{number}"
    assert cloud.adobe.ledger.received == ()
    assert {record["state"] for record in cloud.records()} == {"buffered"}


def test_unexpected_error_in_the_inlet_request_buffers_the_webhook(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("CANARY")

    with monkeypatch.context() as patch:
        patch.setattr(HttpInlet, "send", fail)
        answer = cloud.receive(signed("github-signed"))

    assert (answer.status, answer.document["status"]) == (202, "buffered")
    assert cloud.forward_what_waits() == []
    assert len(cloud.adobe.ledger.received) == 1


def test_slow_inlet_does_not_exceed_the_timeout_of_the_sender(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.receive(signed("github-signed"))  # Fetches the token.
    monkeypatch.setattr("bridge.receiving.receiver.inline_seconds", lambda _: 0.4)
    cloud.adobe.faults.add(Fault(Service.INLET, times=None, delay_seconds=3_600))

    # A sender that waits for the response of the inlet gets 200.
    assert cloud.receive(signed("github-base64")).status == 202
    assert len(cloud.buffered()) == 1


@pytest.mark.parametrize("allowed", [True, False])
def test_unreachable_inlet_buffers_the_webhook(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch, refusing_port: int, *, allowed: bool
) -> None:
    host = f"127.0.0.1:{refusing_port}"
    cloud.change("github", inlet_url=f"http://{host}/collection/{'a' * 64}")
    if allowed:
        monkeypatch.setenv("INLET_HOSTS", host)

    assert cloud.receive(signed("github-signed")).status == 202
    assert len(cloud.buffered()) == 1


def test_webhook_is_not_sent_inline_until_a_new_flow_is_ready(cloud: DeliveryCloud) -> None:
    cloud.change("github", ready_at=datetime.now(UTC) + timedelta(minutes=5))

    assert cloud.receive(signed("github-signed")).status == 202
    assert (cloud.adobe.ledger.received, cloud.adobe.ledger.lost) == ((), ())
    assert cloud.depth()["later"] == 1


def test_queued_source_sends_nothing_inline(cloud: DeliveryCloud) -> None:
    cloud.configure("stripe", Delivery="queued")

    assert cloud.receive(signed("stripe-signed")).status == 202
    assert cloud.adobe.ledger.received == ()
    assert [delivery.source for delivery in cloud.buffered()] == ["stripe"]
