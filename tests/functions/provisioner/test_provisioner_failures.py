"""Tests of custom resources that fail: the response to CloudFormation and what remains."""

import time
from dataclasses import dataclass, field
from typing import Any

import pytest

from adobe_emulator.faults import AnswerWith, CloseConnection, Fault, Service
from adobe_emulator.resources import Kind
from bridge.adapters.aws.custom_resource_response import RESERVE_SECONDS
from functions.provisioner import wiring
from tests.support.provisioner_cloud import Cloud
from tests.support.virtual_time import record_timeouts


@pytest.mark.parametrize(
    "properties",
    [
        {"Name": "Orders"},
        {"DataType": "csv"},
        {"Flows": [{"Name": "orders", "DatasetId": "x", "SchemaId": "y"}]},
        {"Extra": "1"},
    ],
)
def test_invalid_property_fails_the_deployment_before_any_request(
    cloud: Cloud, properties: dict[str, Any]
) -> None:
    answer = cloud.send("connection-create", **properties)

    assert answer["Status"] == "FAILED"
    assert next(iter(properties)) in answer["Reason"]
    assert cloud.objects() == cloud.adobe.ims.minted == 0
    assert cloud.parameters() == {}


@pytest.mark.parametrize("kind", list(Kind))
def test_post_with_a_lost_response_creates_no_duplicate(cloud: Cloud, kind: Kind) -> None:
    path = f"*/flowservice/{kind}"
    lost = CloseConnection(after_work=True)
    cloud.adobe.faults.add(Fault(Service.FLOW_SERVICE, "POST", path, effect=lost))

    assert cloud.send("connection-create")["Status"] == "SUCCESS"
    assert cloud.objects() == 4
    assert cloud.send("connection-create")["Status"] == "SUCCESS"
    assert cloud.objects() == 4


@pytest.mark.parametrize("service", [Service.IMS, Service.FLOW_SERVICE])
def test_requests_to_an_unresponsive_adobe_end_before_the_invocation(
    cloud: Cloud, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.adobe.faults.add(Fault(service, times=None, delay_seconds=3_600))
    monkeypatch.setattr(wiring.deadline, "_monotonic", time.monotonic)
    timeouts = record_timeouts(monkeypatch)

    answer = cloud.send("connection-create", seconds=RESERVE_SECONDS + 1)

    assert answer["Status"] == "FAILED"
    assert "answer" in answer["Reason"] or "time" in answer["Reason"]
    assert max(timeouts, default=0) <= 1


def test_passed_deadline_still_gets_a_response(cloud: Cloud) -> None:
    answer = cloud.send("connection-create", seconds=1)

    assert answer["Status"] == "FAILED"
    assert answer["Reason"] == "no time is left for a request to Adobe"
    assert cloud.objects() == 0


def test_service_timeout_is_a_deadline(cloud: Cloud) -> None:
    answer = cloud.send("connection-create", ServiceTimeout="5")

    assert answer["Status"] == "FAILED"


def test_missing_settings_still_get_a_response(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WEBHOOK_URL")

    answer = cloud.send("connection-create")
    assert answer["Status"] == "FAILED"
    assert answer["Reason"] == "the environment variable WEBHOOK_URL is not set"


def test_reason_for_missing_credentials_names_their_parameter(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADOBE_CREDENTIALS", "/inlet-bridge/dev/secrets/elsewhere")

    answer = cloud.send("connection-create")
    assert "/inlet-bridge/dev/secrets/elsewhere" in answer["Reason"]
    assert cloud.parameters() == {}


def test_denied_permissions_are_reported_in_one_sentence(cloud: Cloud) -> None:
    body = '{"errorCode": "2118-403", "message": "Permission denied"}'
    refusal = AnswerWith(403, {"content-type": "application/json"}, body)
    cloud.adobe.faults.add(Fault(Service.FLOW_SERVICE, times=None, effect=refusal))

    assert cloud.send("connection-create")["Reason"] == (
        "Adobe refused to list connections: 403 2118-403 Permission denied; "
        "add the technical account to a product profile that may manage sources"
    )


@dataclass
class Seconds:
    """Time that passes only while the function waits."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def waits(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Seconds:
    seconds = Seconds()
    monkeypatch.setattr(wiring.deadline, "_monotonic", lambda: seconds.now)
    monkeypatch.setattr(time, "sleep", seconds.sleep)
    return seconds


UNAVAILABLE = AnswerWith(503, {}, "")
THROTTLED = AnswerWith(429, {"retry-after": "45"}, "")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("effect", [UNAVAILABLE, THROTTLED])
def test_deployment_waits_for_adobe(
    cloud: Cloud, waits: Seconds, method: str, effect: AnswerWith
) -> None:
    cloud.adobe.faults.add(Fault(Service.FLOW_SERVICE, method, times=9, effect=effect))

    answer = cloud.send("connection-create")

    assert answer["Status"] == "SUCCESS", answer["Reason"]
    assert cloud.objects() == 4
    assert effect is UNAVAILABLE or waits.now >= 9 * 45


def test_deployment_waits_for_the_identity_service(cloud: Cloud, waits: Seconds) -> None:
    cloud.adobe.faults.add(Fault(Service.IMS, times=9, effect=UNAVAILABLE))

    assert cloud.send("connection-create")["Status"] == "SUCCESS"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_deployment_gives_up_just_before_its_timeout(
    cloud: Cloud, waits: Seconds, method: str
) -> None:
    cloud.adobe.faults.add(Fault(Service.FLOW_SERVICE, method, times=None, effect=UNAVAILABLE))

    answer = cloud.send("connection-create", ServiceTimeout="900")

    assert answer["Status"] == "FAILED"
    assert "503" in answer["Reason"]
    assert 600 - RESERVE_SECONDS - 10 <= waits.now <= 600 - RESERVE_SECONDS


def test_long_wait_renews_the_lease_of_the_run(cloud: Cloud, waits: Seconds) -> None:
    effect = AnswerWith(429, {"retry-after": "300"}, "")
    cloud.adobe.faults.add(Fault(Service.FLOW_SERVICE, "POST", effect=effect))

    assert cloud.send("connection-create")["Status"] == "SUCCESS"
    assert max(waits.slept) <= 30
    assert waits.now >= 300


@pytest.mark.parametrize("request_", [{"action": "drift"}, {"action": "status"}])
def test_hourly_check_and_commands_do_not_wait_long(
    cloud: Cloud, waits: Seconds, request_: dict[str, str]
) -> None:
    assert cloud.send("connection-create")["Status"] == "SUCCESS"
    cloud.adobe.faults.add(Fault(Service.FLOW_SERVICE, times=None, effect=UNAVAILABLE))
    began = waits.now

    answer = cloud.ask(**request_)

    assert answer["ok"] is False
    assert waits.now - began < 30
