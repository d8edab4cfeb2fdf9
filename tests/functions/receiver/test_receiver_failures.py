"""Tests of the receiver: what it depends on fails, or its own code."""

import json
from pathlib import Path

import boto3
import pytest

from adobe_emulator.faults import AnswerWith, Fault, Service
from functions.receiver import handler
from tests.support.delivery_cloud import SOURCE_DOCUMENT, DeliveryCloud
from tests.support.unavailable_responses import unavailable
from tests.support.webhook_events import signed


@pytest.mark.parametrize("service", ["SSM", "DYNAMODB"])
def test_unavailable_service_is_a_503(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch, service: str, refusing_port: int
) -> None:
    monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", f"http://127.0.0.1:{refusing_port}")
    monkeypatch.setenv(
        "AWS_MAX_ATTEMPTS", "2"
    )  # The fault is injected into boto3, whose retries take time.

    assert unavailable(cloud.receive(signed("github-signed")))
    assert cloud.adobe.ledger.received == ()
    assert cloud.lines()[-1]["message"] == "unavailable"
    assert "EndpointConnectionError" in cloud.lines()[-1]["reason"]


def test_unavailable_buffer_is_a_503_and_the_next_attempt_succeeds(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch, refusing_port: int
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", f"http://127.0.0.1:{refusing_port}")
    cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerWith(503)))

    assert unavailable(cloud.receive(signed("github-signed")))
    assert cloud.records() == []
    assert cloud.receive(signed("github-signed")).status == 200


def test_inlet_failure_is_logged_even_if_the_sender_gets_503(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch, refusing_port: int
) -> None:
    """The forwarder, which counts such failures, never gets the webhook."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", f"http://127.0.0.1:{refusing_port}")
    cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerWith(503)))

    assert unavailable(cloud.receive(signed("github-signed")))
    failure, response = cloud.lines()[-2:]
    assert failure["message"] == "inlet did not accept the message"
    assert "503" in failure["reason"]
    assert (response["message"], response["inlet_ms"] >= 0) == ("unavailable", True)


def test_webhooks_are_delivered_inline_while_the_buffer_is_unavailable(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch, refusing_port: int
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", f"http://127.0.0.1:{refusing_port}")

    assert cloud.receive(signed("github-signed")).status == 200


def test_missing_secret_is_a_503_and_named_in_the_log(cloud: DeliveryCloud) -> None:
    boto3.client("ssm").delete_parameter(Name="/inlet-bridge/dev/secrets/github")

    assert unavailable(cloud.receive(signed("github-signed")))
    assert "/inlet-bridge/dev/secrets/github" in cloud.lines()[-1]["reason"]


def test_invalid_source_document_is_a_503(cloud: DeliveryCloud) -> None:
    ssm, name = boto3.client("ssm"), f"{SOURCE_DOCUMENT}github"
    written = json.loads(ssm.get_parameter(Name=name)["Parameter"]["Value"])
    broken = (" ", "CANARY", "[]", "5", "{}", '{"version":1}', '{"version":99,"a":"CANARY"}')
    damaged = [
        json.dumps(written | {part: [5]})
        for part in ("scheme", "connection", "flows", "routes", "secrets")
    ]

    for document in (*broken, *damaged):
        ssm.put_parameter(Name=name, Value=document, Overwrite=True)
        cloud.restart()
        assert unavailable(cloud.receive(signed("github-signed")))
        assert cloud.lines()[-1]["message"] == "unavailable", document


def test_missing_environment_variable_is_a_503_and_named_in_the_log(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in (
        *("STAGE", "ADOBE_IMS_URL", "ADOBE_CREDENTIALS", "INLET_HOSTS"),
        *("BUFFER_QUEUE_URL", "DELIVERIES_TABLE"),
    ):
        with monkeypatch.context() as patch:
            patch.delenv(variable)
            cloud.restart()

            assert unavailable(cloud.receive(signed("github-signed")))
        assert cloud.lines()[-1]["reason"] == f"the environment variable {variable} is not set"
    assert cloud.receive(signed("github-signed")).status == 200


def test_unexpected_error_is_a_503_and_only_its_location_is_logged(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("CANARY")

    with monkeypatch.context() as patch:
        patch.setattr(handler, "receiver", fail)

        assert unavailable(cloud.receive(signed("github-signed")))
    line = cloud.lines()[-1]
    assert line["error"] == "RuntimeError"
    assert Path(__file__).name in line["where"]


def test_event_that_is_not_an_http_api_event_is_rejected(cloud: DeliveryCloud) -> None:
    """Missing fields count as empty, and an empty request has no valid signature."""
    assert cloud.receive({"pathParameters": {"source": "github"}}).status == 401
