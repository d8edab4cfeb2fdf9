"""Tests of the receiver: recorded events, resources of the template, an emulated Adobe."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from adobe_emulator.faults import AnswerWith, CloseConnection, Fault, Service
from bridge.adapters.adobe.inlet import HttpInlet
from bridge.ports.adobe import InletResponse
from bridge.telemetry import logger
from functions.receiver import handler
from tests.support.delivery_cloud import (
    SOURCE_DOCUMENT,
    DeliveryCloud,
    Response,
    await_condition,
    delivery_cloud,
)
from tests.support.webhook_events import EVENTS, SQUARE_URLS, body_of, event, signed


@pytest.fixture
def cloud(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[DeliveryCloud]:
    """A cloud that asserts that its log contains no secret."""
    with delivery_cloud(monkeypatch) as cloud:
        yield cloud
        # The library of moto logs every URL.
        others = [record for record in caplog.records if record.name != "responses"]
        written = cloud.log.getvalue() + " ".join(str(vars(record)) for record in others)
        for secret in ("CANARY", "Bearer", "sha256=", cloud.adobe.tenant.client_secret):
            assert secret not in written


def entity(content: bytes) -> bytes:
    """Return the entity that an enveloped message contains, without parsing it."""
    return content.partition(b'"xdmEntity":')[2].removesuffix(b"}}")


def test_signed_webhook_is_in_the_inlet_when_the_sender_gets_200(cloud: DeliveryCloud) -> None:
    sent = signed("github-signed")

    answer = cloud.receive(sent)

    [message] = cloud.adobe.ledger.received
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.document == {
        "status": "delivered",
        "delivery_id": sent["headers"]["x-github-delivery"],
        "flow": "orders",
        "flow_id": message.flow_id,
        "xactionId": message.xaction_id,
    }
    assert entity(message.content) == body_of(sent)
    assert message.headers["x-adobe-flow-id"] == message.flow_id
    assert message.authenticated
    assert cloud.depth() == {"ready": 0, "later": 0, "taken": 0}
    [record] = cloud.records()
    assert record["state"] == "delivered"
    assert record["xaction_id"] == message.xaction_id


def test_signature_remains_valid_after_the_conversion_by_api_gateway(
    cloud: DeliveryCloud,
) -> None:
    for sender in ("stripe", "slack", "shopify", "gitlab", "square"):
        cloud.configure(sender)
    sent = [
        signed(name)
        for name in (
            *("github-base64", "github-non-ascii", "github-joined-headers", "stripe-signed"),
            *("slack-signed", "shopify-signed", "gitlab-signed", *SQUARE_URLS),
        )
    ]

    assert [cloud.receive(event).status for event in sent] == [200] * len(sent)
    assert [entity(message.content) for message in cloud.adobe.ledger.received] == [
        body_of(event) for event in sent
    ]


def test_warm_container_reuses_the_token_and_the_source_document(
    cloud: DeliveryCloud,
) -> None:
    cloud.receive(signed("github-signed"))
    boto3.client("ssm").delete_parameter(Name=f"{SOURCE_DOCUMENT}github")

    for name in ("github-base64", "github-non-ascii", "github-joined-headers"):
        assert cloud.receive(signed(name)).status == 200
    assert len(cloud.adobe.ledger.received) == 4
    assert cloud.adobe.ims.minted == 1


def test_expired_token_is_renewed_once(cloud: DeliveryCloud) -> None:
    cloud.receive(signed("github-signed"))
    minted = cloud.adobe.ims.minted
    cloud.adobe.ims.revoke_all()

    assert cloud.receive(signed("github-base64")).status == 200
    assert cloud.adobe.ims.minted == minted + 1


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


MALFORMED_SIGNATURES = (
    *("", " ", ",", "=", "sha256", "sha256=", "sha256==", "sha1=00", "SHA256=00", "0" * 64),
    *("sha256=" + "0" * 64, "sha256=" + "g" * 64, "sha256=" + "0" * 63, "sha256=" + "0" * 65),
    *("sha256=é", "sha256=\ud800", "sha256=\x00", "sha256=" + "0" * 100_000),
    "sha256=" + "0" * 64 + ",sha256=" + "0" * 64,
)


def forged_github() -> Iterator[dict[str, Any]]:
    yield event("github-unsigned")
    yield event("github-get")
    yield event("github-empty-body")
    yield signed("github-empty-body")
    yield signed("github-signed", secret="another")
    yield signed("github-signed") | {"body": "{}"}
    yield signed("github-signed") | {"body": '{"a":"\ud800"}'}
    yield event("github-signed") | {"headers": None}
    yield event("github-signed") | {"headers": {"x-hub-signature-256": None}}
    yield event("github-signed") | {"headers": {"x-hub-signature-256": 5}}
    yield signed("github-signed", headers={"content-length": "-1"}) | {"body": None}
    for signature in MALFORMED_SIGNATURES:
        forged = event("github-signed")
        forged["headers"]["x-hub-signature-256"] = signature
        yield forged


def forged_stripe() -> Iterator[dict[str, Any]]:
    yield signed("stripe-signed", age=timedelta(minutes=5, seconds=2))
    yield signed("stripe-signed", secret="whsec_another")
    for signature in (
        *("", "t", "t=", "t=,v1=", "v1=00", "t=abc,v1=00", "t=-1,v1=00", "t=1e9,v1=00"),
        *("t=٣,v1=00", "t=" + "9" * 400 + ",v1=00", "t=nan,v1=00", "t=0x1,v1=00"),
    ):
        forged = event("stripe-signed")
        forged["headers"]["stripe-signature"] = signature
        yield forged


def forged_slack() -> Iterator[dict[str, Any]]:
    yield signed("slack-signed", age=timedelta(minutes=5, seconds=2))
    yield signed("slack-signed", age=-timedelta(minutes=5, seconds=10))
    for stamp in ("", "abc", "1e3", "9" * 30, "-5"):
        forged = signed("slack-signed")
        forged["headers"]["x-slack-request-timestamp"] = stamp
        yield forged


def test_unauthenticated_requests_get_the_same_401_for_every_reason(
    cloud: DeliveryCloud,
) -> None:
    for provider in ("stripe", "slack"):
        cloud.configure(provider)

    answers = [
        cloud.receive(forged)
        for make in (forged_github, forged_stripe, forged_slack)
        for forged in make()
    ]

    assert {answer.body for answer in answers} == {
        '{"type": "about:blank", "title": "Unauthorized", "status": 401}'
    }
    assert all(answer.status == 401 for answer in answers)
    assert all(answer.headers == {"Content-Type": "application/problem+json"} for answer in answers)
    assert (cloud.adobe.ledger.received, cloud.adobe.ledger.refused) == ((), ())
    assert (cloud.records(), cloud.buffered()) == ([], [])
    refusals = [line for line in cloud.lines() if line["message"] == "refused"]
    assert len(refusals) == len(answers)
    assert {line["source"] for line in refusals} == {"github", "stripe", "slack"}
    assert all(line["request_id"] for line in refusals)
    assert all(line["request_id"] not in answers[0].body for line in refusals)


def test_unknown_source_is_not_found(cloud: DeliveryCloud) -> None:
    unknown = event("unknown-source")
    names = ["nobody", "", "..", "%67ithub", "GITHUB", "git hub", "github/../stripe", "a" * 5_000]

    for name in names:
        answer = cloud.receive(unknown | {"pathParameters": {"source": name}})
        assert answer.status == 404
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert cloud.receive(unknown | {"pathParameters": None}).status == 404
    assert cloud.receive(unknown | {"pathParameters": {}}).status == 404
    assert all(len(line["source"]) < 64 for line in cloud.lines())


def test_body_over_one_megabyte_is_rejected(cloud: DeliveryCloud) -> None:
    body = json.dumps({"a": "x" * 1_000_000}).encode()

    answer = cloud.receive(signed("github-signed", body=body))

    assert answer.status == 413
    assert answer.headers == {"Content-Type": "application/problem+json"}
    assert answer.document["status"] == 413
    assert (cloud.records(), cloud.buffered()) == ([], [])


def test_body_under_one_megabyte_is_delivered_inline_and_through_the_buffer(
    cloud: DeliveryCloud,
) -> None:
    body = json.dumps({"a": "x" * 998_000}).encode()
    assert cloud.receive(signed("github-signed", body=body)).status == 200

    cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerWith(503)))
    sent = signed("github-signed", body=body, headers={"x-github-delivery": "another"})
    assert cloud.receive(sent).status == 202
    assert [delivery.body for delivery in cloud.buffered()] == [body]


def test_body_that_is_not_a_json_object_is_not_supported(cloud: DeliveryCloud) -> None:
    for body in (
        *(b"[1]", b"5", b"null", b"{", b'{"a":NaN}', b"\xff\xfe{}", b"[" * 100_000),
        b'"\xed\xa0\x80"',
    ):
        assert cloud.receive(signed("github-signed", body=body)).status == 415
    answer = cloud.receive(signed("github-form-body"))

    assert answer.status == 415
    assert answer.headers == {"Content-Type": "application/problem+json"}
    assert (cloud.records(), cloud.buffered()) == ([], [])


def test_body_with_invalid_base64_is_not_supported(
    cloud: DeliveryCloud,
) -> None:
    broken = event("github-base64") | {"body": "CANARY!"}

    assert cloud.receive(broken).status == 415


def unavailable(answer: Response) -> bool:
    """Whether the response makes every sender retry, and contains no more than that."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert int(answer.headers["Retry-After"]) > 20  # The lifetime of a claim.
    assert answer.document == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
    }
    return bool(answer.status == 503)


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
    await_condition(cloud.records)

    try:
        assert unavailable(cloud.receive(signed("github-signed")))
    finally:
        refused.set()
        first.join()
    assert [answer.status for answer in answers] == [200]
    assert len(cloud.adobe.ledger.received) == 1


def test_log_has_the_outcome_of_a_webhook_without_its_content(
    cloud: DeliveryCloud,
) -> None:
    cloud.receive(signed("github-signed"))

    line = cloud.lines()[-1]
    assert (line["message"], line["source"]) == ("delivered", "github")
    assert line["xaction_id"] == cloud.adobe.ledger.received[0].xaction_id
    for text in (
        "octocat",
        "Found a bug",
        signed("github-signed")["headers"]["x-hub-signature-256"],
    ):
        assert text not in cloud.log.getvalue()


def test_sampled_invocations_log_at_debug_level(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    def messages(rate: str) -> list[str]:
        monkeypatch.setattr(logger, "sampling_rate", rate)
        logger.refresh_sample_rate_calculation()
        before = len(cloud.lines())
        assert (
            cloud.receive(
                signed("github-signed", headers={"x-github-delivery": f"debug-{rate}"})
            ).status
            == 200
        )
        return [line["message"] for line in cloud.lines()[before:]]

    quiet = messages("0.0")
    output = messages("1.0")
    monkeypatch.undo()
    logger.setLevel("INFO")

    assert "inlet response" not in quiet
    assert {"verified", "inlet response"} <= set(output)


def test_every_sample_event_is_used_by_a_test() -> None:
    text = Path(__file__).read_text()

    unused = [
        path.stem
        for path in EVENTS.glob("*.json")
        if f'"{path.stem}"' not in text and path.stem not in SQUARE_URLS
    ]
    assert unused == []
