"""An unexpected error or a malformed response does not affect the other messages."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from threading import Lock
from typing import Any

import boto3
import pytest

from adobe_emulator.faults import AnswerWith, Fault, Poison, Service
from bridge.adapters.adobe.inlet import HttpInlet
from bridge.adapters.adobe.lazy_tokens import LazyTokens
from bridge.adapters.aws.dynamodb import DynamoDbDeliveries
from bridge.adapters.aws.sqs import SqsBuffer, SqsDeadLetters
from bridge.adapters.http.connections import Connections
from bridge.forwarding import resolution as resolver
from bridge.inlet import client as sending
from bridge.inlet import requests as inlet_requests
from bridge.inlet.rate_limiter import RateLimit
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    """A cloud that asserts that its log contains no message of an unexpected error."""
    with delivery_cloud(monkeypatch) as cloud:
        yield cloud
        assert "CANARY" not in cloud.log.getvalue()


class BugError(Exception):
    """An unexpected error. No log may contain its message."""


def items(xaction_id: str) -> str:
    """Return the response of the inlet to a batch of one message."""
    return f'{{"responses":[{{"xactionId":"{xaction_id}"}}]}}'


def break_call(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, number: int = 1) -> None:
    """Make one call of a method or function raise: the first, or the call with this number."""
    original, calls, lock = getattr(owner, name), count(1), Lock()

    def broken(*args: Any, **kwargs: Any) -> Any:
        with lock:
            is_broken = next(calls) == number
        if is_broken:
            raise BugError("CANARY")
        return original(*args, **kwargs)

    monkeypatch.setattr(owner, name, broken)


def return_at_once(cloud: DeliveryCloud) -> None:
    """Make postponed messages visible again immediately."""

    def no_wait(params: dict[str, Any], **_: object) -> None:
        params["VisibilityTimeout"] = 0

    session = boto3.DEFAULT_SESSION
    assert session
    session.events.register("provide-client-params.sqs.ChangeMessageVisibility", no_wait)
    cloud.restart()


# Where the error occurs during a request, and how many messages are then sent twice.
REQUEST = (
    (Connections, "post", 0),
    (HttpInlet, "send", 0),
    (LazyTokens, "current", 0),
    (RateLimit, "reserve", 0),
    (sending, "batch_content", 0),
    (sending, "envelope_bytes", 0),
    (inlet_requests, "_request_headers", 0),
    # The inlet has already accepted it: a duplicate is better than a loss.
    (sending, "read_batch", 1),
)


def test_unexpected_error_in_one_request_does_not_affect_the_other_requests(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    return_at_once(cloud)
    cloud.forward("one")  # Fetches the token.
    for owner, name, sent_twice in REQUEST:
        received = len(cloud.adobe.ledger.received)
        cloud.buffer_large(4, prefix=name)
        with monkeypatch.context() as patch:
            break_call(patch, owner, name, number=2)
            [left] = cloud.forward_what_waits()

        records = {record["id"]: record for record in cloud.records()}
        states = {key: record["state"] for key, record in records.items() if name in key}
        assert states.pop(f"{name}-{left}") == "buffered"
        assert list(states.values()) == ["delivered"] * 3
        assert records[f"{name}-{left}"]["reason"] == "an unforeseen BugError"
        *_, line = [line for line in cloud.lines() if line["message"] == "unforeseen"]
        assert (line["level"], line["error"]) == ("CRITICAL", "BugError")
        assert "test_forwarder_bugs.py:" in line["where"]

        assert cloud.forward_what_waits() == []
        assert {record["state"] for record in cloud.records()} == {"delivered"}
        assert len(cloud.adobe.ledger.received) == received + 4 + sent_twice


def test_unexpected_error_in_the_second_half_of_a_batch_keeps_the_record_of_the_first(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.adobe.faults.poison(Poison("Found bug 2", whole_request=True))
    # The whole batch and its halves: three requests.
    break_call(monkeypatch, HttpInlet, "send", number=3)

    assert cloud.forward("several") == [2, 3]
    states = {record["id"]: record["state"] for record in cloud.records()}
    assert states == {"d-1": "delivered", "d-2": "dead", "d-3": "buffered", "d-4": "buffered"}
    assert len(cloud.adobe.ledger.received) == 1


def test_unexpected_error_while_dead_lettering_does_not_affect_the_other_messages(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.adobe.faults.poison(Poison("Found bug 1"))
    break_call(monkeypatch, SqsDeadLetters, "put")

    assert cloud.forward("several") == [0]
    states = {record["id"]: record["state"] for record in cloud.records()}
    assert states == {"d-2": "delivered", "d-3": "delivered", "d-4": "delivered"}


def test_unexpected_error_while_recording_one_flow_does_not_affect_other_flows(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The messages are in the inlet, so they are not sent again."""
    cloud.configure("stripe")
    cloud.change("stripe", ready_at=datetime.now(UTC))  # Gives it a flow of its own.
    break_call(monkeypatch, DynamoDbDeliveries, "delivered_all")

    assert cloud.forward("several-sources") == []
    assert len(cloud.adobe.ledger.received) == 3
    assert {(record["source"], record["state"]) for record in cloud.records()} == {
        ("stripe", "delivered")
    }


def test_unexpected_error_before_sending_does_not_affect_the_other_messages(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_call(monkeypatch, resolver, "entity_of")

    assert cloud.forward("several") == [0]
    assert len(cloud.adobe.ledger.received) == 3


def test_unexpected_error_while_postponing_still_reports_the_message(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerWith(503)))
    break_call(monkeypatch, SqsBuffer, "postpone")

    assert cloud.forward("several") == [0, 1, 2, 3]
    assert len(cloud.calls.waits) == 3


def test_malformed_token_lets_the_messages_wait(cloud: DeliveryCloud) -> None:
    """All of them need one; IMS is asked again after ten seconds."""
    cloud.forget_token()
    cloud.buffer_large(4)
    malformed = AnswerWith(200, body='{"access_token":"CANARY","expires_in":1e308}')
    cloud.adobe.faults.add(Fault(Service.IMS, effect=malformed))

    assert cloud.forward_what_waits() == [0, 1, 2, 3]

    records = cloud.records()
    assert [record["state"] for record in records] == ["buffered"] * 4
    reason = "IMS returned a token with an invalid lifetime"
    assert {record["reason"] for record in records} == {reason}
    assert "unforeseen" not in {line["message"] for line in cloud.lines()}


@pytest.mark.parametrize(
    "answer",
    [
        AnswerWith(503, {"Retry-After": "Fri, 31 Dec 9999 23:59:59 -2359"}),
        AnswerWith(207, body=items("0" * 36 + "-" + "9" * 5_000)),
    ],
)
def test_malformed_response_does_not_prevent_the_record_of_other_messages(
    cloud: DeliveryCloud, answer: AnswerWith
) -> None:
    cloud.forget_token()
    cloud.buffer_large(4)
    cloud.adobe.faults.add(Fault(Service.INLET, effect=answer))

    cloud.forward_what_waits()
    states = Counter(record["state"] for record in cloud.records())
    assert states["delivered"] >= 3
    assert states.total() == 4
    assert "unforeseen" not in {line["message"] for line in cloud.lines()}
