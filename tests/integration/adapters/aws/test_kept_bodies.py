"""Kept bodies with the signed client: its binary values are those that boto3 reads."""

from typing import Any

import boto3
import pytest
from moto import mock_aws

from bridge.adapters.aws import signed_client
from bridge.adapters.aws.kept_bodies import DynamoDbKeptBodies
from bridge.adapters.aws.kept_objects import S3KeptObjects
from bridge.adapters.aws.signed_client import SignedClient
from bridge.adapters.aws.sigv4 import Credentials
from bridge.delivery.delivery import Delivery
from bridge.delivery.kept import kept_delivery
from tests.support.fakes import NOON
from tests.support.moto_transport import MotoConnections
from tests.support.sam_template import resources

# As the class is: the fixtures of all tests replace the name in the module of clients.
CLIENT = SignedClient
WHOLE = Delivery("github", "d-1", "id:d-1", "issues", "", NOON, NOON, b"\x00\xff{", kept="id:d-1")
_PROPERTIES = ("AttributeDefinitions", "BillingMode", "KeySchema")


def _no_objects() -> S3KeptObjects:
    raise AssertionError("a small body needs no object")


def test_body_that_the_signed_client_writes_is_read_by_boto3(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(signed_client, "connections", MotoConnections)
    with mock_aws():
        table: Any = boto3.client("dynamodb")
        properties = resources()["KeptBodies"]["Properties"]
        table.create_table(TableName="kept", **{name: properties[name] for name in _PROPERTIES})
        client: Any = CLIENT(
            "dynamodb",
            region="eu-central-1",
            endpoint="https://dynamodb.eu-central-1.amazonaws.com",
            credentials=lambda: Credentials("AKID", "key"),
        )

        DynamoDbKeptBodies(client, "kept", _no_objects).keep(WHOLE, 7)

        [item] = table.scan(TableName="kept")["Items"]
        assert kept_delivery(item["body"]["B"]) == WHOLE
