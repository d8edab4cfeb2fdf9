"""Secrets and personal data are planted in every input and appear in no output.

`tests/conftest.py` checks printed and logged text, including metrics. These tests check the other
outputs: responses to senders and to CloudFormation, records, parameters and dead-letter reasons.
"""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from adobe_emulator.faults import AnswerWith, Fault, Poison, Service
from bridge.telemetry import logger
from functions.provisioner import wiring as provisioner_wiring
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.leak_detection import PLANTED, leaks
from tests.support.provisioner_cloud import SECRET
from tests.support.webhook_events import event, signed

BODY = json.dumps({"title": "CANARY", "email": "canary@example.com"}).encode()
HEADERS = {
    "x-github-delivery": "planted-1",
    "authorization": "Bearer CANARY",
    "cookie": "session=CANARY",
}
CREDENTIALS = {"client_id": "CANARY", "client_secret": "TOPSECRET", "scopes": "CANARY"}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    """A cloud with the most verbose log level."""
    with delivery_cloud(monkeypatch) as cloud:
        logger.setLevel("DEBUG")
        yield cloud
        logger.setLevel("INFO")


def planted(**changes: Any) -> dict[str, Any]:
    sent = signed("github-signed", body=BODY, headers=HEADERS, **changes)
    return {**sent, "rawQueryString": "token=CANARY", "cookies": ["a=CANARY"]}


def visible_output(cloud: DeliveryCloud) -> str:
    """Return everything that can be read without requesting a payload."""
    texts = [json.dumps(cloud.records()), *(reason for _, reason in cloud.dead())]
    texts += [json.dumps(answer) for answer in cloud.provisioned.listener.answers]
    texts += [json.dumps(cloud.provisioned.parameters()), cloud.log.getvalue()]
    return "\n".join(texts)


def test_planted_values_appear_in_no_output(cloud: DeliveryCloud) -> None:
    answers = [cloud.receive(planted())]
    answers += [cloud.receive(planted()), cloud.receive(planted(secret="CANARY-guessed"))]
    cloud.configure("stripe", Routes=[{"Flow": "orders", "Map": {"a": "date(body.title)"}}])
    answers.append(cloud.receive(signed("stripe-signed", body=BODY)))
    cloud.forward_what_waits()
    cloud.adobe.faults.poison(Poison("canary@"))
    answers.append(cloud.receive(planted_again(2)))
    cloud.forward_what_waits()
    cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerWith(503, body="CANARY")))
    answers.append(cloud.receive(planted_again(3)))
    strange = event("github-unsigned")
    answers.append(cloud.receive({**strange, "body": "CANARY", "isBase64Encoded": True}))
    answers.append(cloud.receive({"pathParameters": {"source": "github"}, "body": "CANARY"}))
    boto3.client("ssm").delete_parameter(Name=SECRET)
    cloud.restart()
    answers.append(cloud.receive(planted_again(4)))

    assert {answer.status for answer in answers} == {200, 202, 401, 415, 503}
    assert [
        *leaks([visible_output(cloud), *(json.dumps(vars(answer)) for answer in answers)])
    ] == []


def planted_again(number: int) -> dict[str, Any]:
    headers = {**HEADERS, "x-github-delivery": f"planted-{number}"}
    return signed("github-signed", body=BODY, headers=headers)


@pytest.mark.parametrize(
    "credentials",
    [json.dumps(CREDENTIALS), json.dumps(list(CREDENTIALS.values())), "TOPSECRET"],
)
def test_malformed_credentials_appear_in_no_output(cloud: DeliveryCloud, credentials: str) -> None:
    boto3.client("ssm").put_parameter(
        Name="/inlet-bridge/dev/secrets/adobe", Value=credentials, Overwrite=True
    )
    cloud.forget_token()
    provisioner_wiring.provisioner.cache_clear()

    answer = cloud.provisioned.send("connection-update", Description="Another.")

    assert answer["Status"] == "FAILED"
    assert all(word not in answer["Reason"] for word in PLANTED)


@pytest.mark.parametrize("name", ["Secrets", "PathTokens", "HandshakeSecrets"])
def test_secret_in_place_of_its_reference_appears_in_no_output(
    cloud: DeliveryCloud, name: str
) -> None:
    properties: dict[str, Any] = {name: ["whsec_TOPSECRET"]}
    answer = cloud.provisioned.send("source-create", **properties)

    assert answer["Status"] == "FAILED"
    assert "TOPSECRET" not in answer["Reason"]
