"""Retention, encryption and keys of the queues, the table and the logs."""

from copy import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from bridge.adapters.aws.delivery_items import (
    OPEN_INDEX,
    OPEN_KEYS,
    SENT_INDEX,
    SENT_KEY,
    open_values,
    sent_values,
)
from bridge.adapters.aws.dynamodb import DynamoDbDeliveries
from bridge.adapters.aws.kept_bodies import DynamoDbKeptBodies
from bridge.adapters.aws.kept_objects import S3KeptObjects
from bridge.delivery.delivery import Delivery
from bridge.delivery.kept import MOST_DAYS, object_prefix
from bridge.delivery.record import State
from bridge.forwarding.retry_policy import must_be_renewed
from tests.support.fakes import FakeClock
from tests.support.sam_template import resources, source_resources, sources_template, template

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def of_type(kind: str) -> dict[str, Any]:
    """Properties by logical id, of both templates."""
    return {name: item["Properties"] for name, item in both().items() if item["Type"] == kind}


def both() -> dict[str, Any]:
    """The resources of both templates."""
    return {**resources(), **source_resources()}


class RecordingClient:
    """Records the items and keys that are written."""

    exceptions = SimpleNamespace(ConditionalCheckFailedException=RuntimeError)

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.keys: list[dict[str, Any]] = []

    def put_item(self, **given: Any) -> None:
        self.items.append(given["Item"])

    def update_item(self, **given: Any) -> None:
        self.keys.append(given["Key"])

    def delete_item(self, **given: Any) -> None:
        self.keys.append(given["Key"])


def test_log_groups_have_a_retention() -> None:
    groups = of_type("AWS::Logs::LogGroup")

    assert len(groups) == 7
    assert all(group["RetentionInDays"] == {"Ref": "LogRetentionDays"} for group in groups.values())


def test_access_logs_need_no_entry_in_the_resource_policy_of_the_account() -> None:
    """Its 5,120 characters are shared by all APIs. The name contains what is unique: the stage."""
    destination = resources()["WebhookStage"]["Properties"]["AccessLogSettings"]["DestinationArn"]
    name = of_type("AWS::Logs::LogGroup")["ApiLogs"]["LogGroupName"]

    assert destination == {"Fn::GetAtt": ["ApiLogs", "Arn"]}
    assert name == {"Fn::Sub": "/aws/vendedlogs/inlet-bridge/${Stage}/api"}
    # A retained group would make the next creation of the stage fail.
    assert "DeletionPolicy" not in resources()["ApiLogs"]


def test_queues_and_table_are_encrypted() -> None:
    queues, tables = of_type("AWS::SQS::Queue"), of_type("AWS::DynamoDB::Table")

    assert queues
    nothing, key = {"Ref": "AWS::NoValue"}, {"Ref": "KmsKeyArn"}
    for queue in queues.values():
        assert queue["SqsManagedSseEnabled"] == {"Fn::If": ["HasKey", nothing, True]}
        assert queue["KmsMasterKeyId"] == {"Fn::If": ["HasKey", key, nothing]}
    own = {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
    assert len(tables) == 2
    for table in tables.values():
        assert table["SSESpecification"] == {"Fn::If": ["HasKey", own, {"SSEEnabled": True}]}


def test_bucket_of_kept_bodies_is_private_and_encrypted() -> None:
    [bucket] = of_type("AWS::S3::Bucket").values()

    block = bucket["PublicAccessBlockConfiguration"]
    assert len(block) == 4
    assert all(block.values())
    [encryption] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    own = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": {"Ref": "KmsKeyArn"}}
    assert encryption == {
        # Without a bucket key, S3 would call KMS for each object.
        "BucketKeyEnabled": {"Fn::If": ["HasKey", True, False]},
        "ServerSideEncryptionByDefault": {"Fn::If": ["HasKey", own, {"SSEAlgorithm": "AES256"}]},
    }


def test_kept_bodies_expire_after_the_days_of_their_source() -> None:
    [bucket] = of_type("AWS::S3::Bucket").values()
    expiry = of_type("AWS::DynamoDB::Table")["KeptBodies"]["TimeToLiveSpecification"]

    assert expiry == {"AttributeName": "expires_at", "Enabled": True}
    rules = bucket["LifecycleConfiguration"]["Rules"]
    assert rules == [
        {"Prefix": object_prefix(days), "Status": "Enabled", "ExpirationInDays": days}
        for days in range(1, MOST_DAYS + 1)
    ]
    parameter = sources_template()["Parameters"]["KeepBodies"]
    assert (parameter["Default"], parameter["MaxValue"]) == (0, MOST_DAYS)


def test_code_writes_the_keys_and_the_expiry_of_the_kept_bodies() -> None:
    table = of_type("AWS::DynamoDB::Table")["KeptBodies"]
    client, clock = RecordingClient(), FakeClock()
    delivery = Delivery(
        "github", "d-1", "id:d-1", "issues", "", clock(), clock(), b"{}", kept="id:d-1"
    )

    DynamoDbKeptBodies(cast("DynamoDBClient", client), "kept", _no_objects).keep(delivery, 7)

    [item] = client.items
    types = {key["AttributeName"]: key["AttributeType"] for key in table["AttributeDefinitions"]}
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["bucket", "at"]
    assert {name: {*item[name]} for name in types} == {
        name: {type_} for name, type_ in types.items()
    }
    assert item["expires_at"] == {"N": str(int((clock() + timedelta(days=7)).timestamp()))}
    assert item.keys() == {*types, "body", "expires_at"}


def _no_objects() -> S3KeptObjects:
    raise AssertionError("a small body needs no object")


def test_logs_and_environments_are_encrypted_with_the_configured_key() -> None:
    chosen = {"Fn::If": ["HasKey", {"Ref": "KmsKeyArn"}, {"Ref": "AWS::NoValue"}]}

    assert all(group["KmsKeyId"] == chosen for group in of_type("AWS::Logs::LogGroup").values())
    assert template()["Globals"]["Function"]["KmsKeyArn"] == chosen


def test_what_was_acknowledged_outlives_the_stack() -> None:
    """And only that: a retained resource with a fixed name would stop the next deployment."""
    retained = {name for name, item in both().items() if "DeletionPolicy" in item}
    stored = {"AWS::SQS::Queue", "AWS::DynamoDB::Table", "AWS::S3::Bucket"}

    assert retained == {name for name, item in both().items() if item["Type"] in stored}
    assert "Events" in retained
    for name in retained:
        item = both()[name]
        # A failed creation leaves nothing behind.
        assert item["DeletionPolicy"] == "RetainExceptOnCreate"
        assert item["UpdateReplacePolicy"] == "Retain"
        assert not item["Properties"].keys() & {"QueueName", "TableName", "BucketName"}


def test_message_is_renewed_before_its_maximum_receive_count() -> None:
    policy = of_type("AWS::SQS::Queue")["Buffer"]["RedrivePolicy"]

    assert policy["deadLetterTargetArn"] == {"Fn::GetAtt": ["DeadLetters", "Arn"]}
    assert must_be_renewed(policy["maxReceiveCount"] - 50, timedelta(0))


def test_message_is_renewed_before_its_retention_ends() -> None:
    retention = timedelta(seconds=of_type("AWS::SQS::Queue")["Buffer"]["MessageRetentionPeriod"])

    assert must_be_renewed(1, retention - timedelta(days=1))


def test_code_writes_the_keys_and_the_expiry_of_the_table() -> None:
    table = of_type("AWS::DynamoDB::Table")["Deliveries"]
    client, clock = RecordingClient(), FakeClock()
    deliveries = DynamoDbDeliveries(
        cast("DynamoDBClient", client), "deliveries", clock, timedelta(days=8)
    )
    delivery = Delivery("github", "d-1", "id:d-1", "issues", "events", clock(), clock(), b"{}")

    deliveries.claim(delivery, clock())
    deliveries.buffered(delivery)
    deliveries.delivered(delivery, "flow", "1:2:3")
    deliveries.release(delivery)

    keys = [key["AttributeName"] for key in table["KeySchema"]]
    types = {key["AttributeName"]: key["AttributeType"] for key in table["AttributeDefinitions"]}
    [item] = client.items
    expiry = table["TimeToLiveSpecification"]
    assert expiry["Enabled"] is True
    assert item[expiry["AttributeName"]].keys() == {"N"}
    assert [list(key) for key in client.keys] == [keys, keys, keys]
    assert all(item[key].keys() == {types[key]} for key in keys)
    assert types.keys() == {*keys, *OPEN_KEYS, SENT_KEY}


def test_index_has_the_keys_that_the_code_writes_and_nothing_else() -> None:
    """Any other attribute would cost a write to the index whenever it changes."""
    table = of_type("AWS::DynamoDB::Table")["Deliveries"]
    index, sent = table["GlobalSecondaryIndexes"]
    types = {key["AttributeName"]: key["AttributeType"] for key in table["AttributeDefinitions"]}
    clock = FakeClock()
    delivery = Delivery("github", "d-1", "id:d-1", "issues", "events", clock(), clock(), b"{}")

    written: dict[str, Any] = dict(open_values(delivery, State.BUFFERED))

    assert index["IndexName"] == OPEN_INDEX
    assert tuple(key["AttributeName"] for key in index["KeySchema"]) == OPEN_KEYS
    assert [key["KeyType"] for key in index["KeySchema"]] == ["HASH", "RANGE"]
    assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    assert all(written[name].keys() == {types[name]} for name in OPEN_KEYS)
    assert sent == {
        "IndexName": SENT_INDEX,
        "KeySchema": [{"AttributeName": SENT_KEY, "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "KEYS_ONLY"},
    }
    assert SENT_KEY not in sent_values(delivery, "1:2:3")
    assert sent_values(replace(delivery, kept="id:d-1"), "1:2:3")[SENT_KEY] == {"S": "1:2:3"}


def test_record_outlives_the_retries_of_the_bridge_and_the_provider() -> None:
    parameters = template()["Parameters"]

    assert parameters["RecordDays"]["MinValue"] >= 8
    assert parameters["RecordDays"]["Default"] * 24 > parameters["RetryHours"]["Default"]
