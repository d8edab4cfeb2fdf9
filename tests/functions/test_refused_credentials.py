"""Webhooks while Adobe refuses the credentials: buffered at once; IMS is asked once a minute."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from adobe_emulator.faults import AnswerWith, Fault, Service
from bridge.adapters import clock
from functions.forwarder import wiring as forwarder_wiring
from functions.receiver import wiring as receiver_wiring
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.sender_response import Response
from tests.support.token_requests import record_token_requests
from tests.support.webhook_events import signed

CREDENTIALS = "/inlet-bridge/dev/secrets/adobe"


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with delivery_cloud(monkeypatch) as cloud:
        cloud.forget_token()
        yield cloud


class Seconds:
    """The clock of all functions; only `advance` moves it."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def send(cloud: DeliveryCloud, delivery_id: str) -> Response:
    return cloud.receive(signed("github-signed", headers={"x-github-delivery": delivery_id}))


def put_credentials(text: str) -> None:
    boto3.client("ssm").put_parameter(Name=CREDENTIALS, Value=text, Overwrite=True)


def credentials(cloud: DeliveryCloud, **changes: str) -> str:
    text = boto3.client("ssm").get_parameter(Name=CREDENTIALS, WithDecryption=True)
    return json.dumps(json.loads(text["Parameter"]["Value"]) | changes)


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_hundred_webhooks_with_rejected_credentials_cause_one_token_request(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    refusal = AnswerWith(status, body='{"error": "invalid_client"}')
    cloud.adobe.faults.add(Fault(Service.IMS, times=None, effect=refusal))
    requests = record_token_requests(monkeypatch)

    for number in range(100):
        if number % 10 == 0:
            cloud.restart()  # Another environment.
        assert send(cloud, f"d-{number}").status == 202

    assert requests == [status]
    reason = f"IMS refused the credentials: {status} invalid_client"
    assert all(record["reason"].startswith(reason) for record in cloud.records())
    assert any(str(line.get("reason")).startswith(reason) for line in cloud.lines())


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_invalid_credentials_are_read_once_by_an_environment(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    put_credentials(text)
    requests = record_token_requests(monkeypatch)
    session = boto3.DEFAULT_SESSION
    assert session
    reads: list[str] = []
    session.events.register(
        "provide-client-params.ssm.GetParameters", lambda params, **_: reads.extend(params["Names"])
    )
    cloud.restart()

    for number in range(20):
        assert send(cloud, f"d-{number}").status == 202

    assert (requests, reads.count(CREDENTIALS)) == ([], 1)
    assert all("credentials" in record["reason"] for record in cloud.records())


def test_changed_secret_ends_the_cool_down_within_a_minute(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = credentials(cloud)
    put_credentials(credentials(cloud, client_secret="wrong"))
    requests = record_token_requests(monkeypatch)
    now = Seconds()
    for module in (clock, receiver_wiring, forwarder_wiring):
        monkeypatch.setattr(module, "utc_now", now)
    monkeypatch.setattr("bridge.wiring.utc_now", now)
    cloud.restart()
    for number in range(30):
        assert send(cloud, f"before-{number}").status == 202
        now.advance(1)
    assert len(requests) == 1

    put_credentials(right)
    delivered = 0
    for second in range(60):
        now.advance(1)
        delivered += send(cloud, f"after-{second}").status == 200
    assert delivered
    assert send(cloud, "last").status == 200
    assert len(requests) == 2


def test_token_that_the_inlet_rejects_is_not_renewed_for_each_webhook(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = AnswerWith(401, body="{}")
    cloud.adobe.faults.add(Fault(Service.INLET, times=None, effect=refusal))
    requests = record_token_requests(monkeypatch)

    for number in range(30):
        assert send(cloud, f"d-{number}").status == 202

    assert len(requests) <= 2


def test_failing_ims_does_not_hold_up_each_webhook(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.adobe.faults.add(
        Fault(Service.IMS, times=None, effect=AnswerWith(429, {"retry-after": "1"}))
    )
    requests = record_token_requests(monkeypatch)
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)

    for number in range(30):
        assert send(cloud, f"d-{number}").status == 202

    assert requests == [429]
    assert not slept
