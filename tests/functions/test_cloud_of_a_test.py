"""Each test has a cloud of its own, though it is set up once only."""

from typing import Any

import boto3
import pytest
from moto import mock_aws

from adobe_emulator.resources import Kind
from tests.support import delivery_cloud as clouds
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.webhook_events import signed


def contents(cloud: DeliveryCloud) -> dict[str, Any]:
    """Everything in a cloud."""
    resources = cloud.adobe.resources
    return {
        "parameters": cloud.provisioned.parameters(),
        "objects": {kind: resources.ids(kind) for kind in Kind},
        "schemas": dict(cloud.adobe.schemas),
        "responses": [each["Status"] for each in cloud.provisioned.listener.answers],
        "inlet": (cloud.adobe.ledger.received, cloud.adobe.ledger.refused),
        "records": cloud.records(),
        "queues": cloud.depth(),
        "dead": cloud.dead(),
        "kept": cloud.kept.items(),
    }


def test_cloud_begins_like_one_that_is_set_up_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clouds, "_SNAPSHOTS", {})
    found = []
    for _ in range(3):
        with delivery_cloud(monkeypatch) as cloud:
            found.append(contents(cloud))

    assert len(found[0]["parameters"]) > 10
    assert found[1] == found[2] == found[0]


def test_cloud_shows_nothing_of_what_happened_in_another_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with delivery_cloud(monkeypatch) as cloud:
        before = contents(cloud)
        cloud.adobe.resources.remove(cloud.adobe.resources.all(Kind.FLOWS)[0])
        cloud.adobe.schemas.clear()
        cloud.fail("sqs.SendMessage")
        assert cloud.receive(signed("github-signed")).status == 503
        cloud.forget_token()
        boto3.client("sqs").delete_queue(QueueUrl=cloud.buffer)
        assert contents_or_error(cloud) != before

    with delivery_cloud(monkeypatch) as cloud:
        assert contents(cloud) == before
        assert cloud.receive(signed("github-signed")).status == 200
        boto3.client("sqs").send_message(QueueUrl=cloud.buffer, MessageBody="x")


def ignore(**_: object) -> None:
    """Handle an event."""


def contents_or_error(cloud: DeliveryCloud) -> object:
    try:
        return contents(cloud)
    except boto3.client("sqs").exceptions.ClientError as exc:
        return exc


def test_client_is_shared_until_it_would_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    with mock_aws():
        first: Any = boto3.client("sqs")
        assert boto3.client("sqs") is first
        assert boto3.client("sqs", region_name="us-east-1") is not first
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
        assert boto3.client("sqs").meta.endpoint_url == "http://127.0.0.1:1"
        monkeypatch.delenv("AWS_ENDPOINT_URL")
        again: Any = boto3.client("sqs")
        again.meta.events.register("before-call", ignore)
        assert boto3.client("sqs") is not again
        session: Any = boto3.DEFAULT_SESSION
        session.events.register("before-call", lambda model, **_: asked.append(model.name))
        boto3.client("sqs").list_queues()
    with mock_aws():
        boto3.client("sqs").list_queues()
        assert boto3.DEFAULT_SESSION is not session
    assert asked == ["ListQueues"]
