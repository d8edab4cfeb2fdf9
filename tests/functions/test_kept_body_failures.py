"""Webhooks whose body cannot be kept are accepted."""

import random
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from bridge.delivery.kept import MOST_ITEM_BYTES
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.kept_cloud import MARK, kept_cloud, webhook


@pytest.fixture
def cloud(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[DeliveryCloud]:
    with kept_cloud(monkeypatch, caplog) as cloud:
        yield cloud


@pytest.mark.parametrize(
    ("operation", "code"),
    [("dynamodb.PutItem", "ThrottlingException"), ("s3.PutObject", "SlowDown")],
)
def test_webhook_is_accepted_although_its_body_cannot_be_kept(
    cloud: DeliveryCloud, operation: str, code: str
) -> None:
    cloud.receive(webhook("warm-up"))
    refuse_kept_bodies(cloud, operation, code)
    noise = random.Random(7).randbytes(2 * MOST_ITEM_BYTES).hex()  # noqa: S311

    answer = cloud.receive(webhook("d-1", {"noise": noise, "by": MARK}))

    assert answer.document["status"] == "delivered"
    [warning] = [line for line in cloud.lines() if line["message"] == "body was not kept"]
    outcome = cloud.lines()[-1]
    assert warning["level"] == "WARNING"
    assert warning["reason"].endswith(code)
    assert (outcome["BodyNotKept"], outcome["source"]) == ([1], "github")


def refuse_kept_bodies(cloud: DeliveryCloud, operation: str, code: str) -> None:
    """Have the table or the bucket of kept bodies refuse every call."""
    session = boto3.DEFAULT_SESSION
    assert session

    def refuse(params: Any, model: Any, **_: object) -> None:
        body = params["body"] if isinstance(params["body"], bytes) else b""
        if operation == "s3.PutObject" or cloud.kept.table.encode() in body:
            from botocore.exceptions import ClientError  # noqa: PLC0415

            raise ClientError({"Error": {"Code": code, "Message": MARK}}, model.name)

    session.events.register(f"before-call.{operation}", refuse)
    cloud.restart()


def test_bug_in_keeping_does_not_refuse_the_webhook(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bridge.adapters.aws.kept_bodies import DynamoDbKeptBodies  # noqa: PLC0415

    def bug(*_: object) -> None:
        raise TypeError(MARK)

    monkeypatch.setattr(DynamoDbKeptBodies, "keep", bug)

    assert cloud.receive(webhook("d-1")).document["status"] == "delivered"
    assert cloud.lines()[-1]["BodyNotKept"] == [1]
