"""Tests of the receiver: requests that are not accepted, whoever sends them."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from adobe_emulator.faults import AnswerWith, Fault, Service
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.webhook_events import event, signed

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
