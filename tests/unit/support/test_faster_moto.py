"""Moto gives the same answers, with and without the functions that replace its own."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.dynamodb.models.dynamo_type import DynamoType

from tests.support.faster_moto import as_it_is, make_faster

TABLE = "table"
NAMES = {"#a": "a", "#b": "b"}
ONE = {":one": {"N": "1"}}
KEY = {"p": {"S": "x"}, "r": {"S": "3"}}
LONG = {"S": "x" * 300_000}

type Answers = list[Any]


def answered(call: Any, **request: Any) -> Any:
    """The answer or the error of a request, without what differs at each call."""
    try:
        answer = call(**request)
    except ClientError as exc:
        return exc.response["Error"]
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def updates() -> Iterator[dict[str, Any]]:
    """Updates of every kind that the bridge makes, and what DynamoDB rejects."""
    for expression, names, values in (
        ("SET #a = :one, #b = :text", NAMES, {**ONE, ":text": {"S": "x"}}),
        ("SET #a = :one, #b = :text", NAMES, {**ONE, ":text": {"S": "y"}}),
        ("SET #a = :one, #b = :text", NAMES, {**ONE, ":text": {"L": [{"S": "y"}]}}),
        ("SET #a = :one, b = if_not_exists(b, :one) REMOVE c, r2", {"#a": "a"}, ONE),
        ("SET b = if_not_exists(b, :text)", {}, {":text": {"S": "kept"}}),
        ("SET d = if_not_exists(b, :one)", {}, ONE),
        ("SET d = b", {}, {}),
        ("SET c = :one REMOVE #a", {"#a": "a"}, ONE),
        ("SET a = a + :one", {}, ONE),
        ("ADD n :one", {}, ONE),
        ("SET m = :map", {}, {":map": {"M": {"b": {"S": "inside"}}}}),
        ("SET m.#b = :one", {"#b": "b"}, ONE),
        ("REMOVE m.#b", {"#b": "b"}, {}),
        ("SET l = :list", {}, {":list": {"L": [{"S": "1"}, {"S": "2"}]}}),
        ("SET l = list_append(l, :list)", {}, {":list": {"L": [{"S": "3"}]}}),
        ("REMOVE l[0]", {}, {}),
        # Rejected.
        ("SET p = :text", {}, {":text": {"S": "y"}}),
        ("SET #a = :text", {"#a": "p"}, {":text": {"S": "y"}}),
        ("SET #a = :one, #b = :one", {"#a": "same", "#b": "same"}, ONE),
        ("SET a = :one, a = :one", {}, ONE),
        ("SET a = :one SET c = :one", {}, ONE),
        ("SET a = :other", {}, ONE),
        ("SET #c = :one", {"#a": "a"}, ONE),
        ("SET h = :one", {}, ONE),
        ("SET h = :text", {}, {":text": {"S": "y"}}),
        ("SET h = :text", {}, {":text": {"S": ""}}),
        ("SET h = :text, r2 = :text", {}, {":text": {"S": "y"}}),
        ("SET name = :one", {}, ONE),
        ("SET a = :one, #b = :one", {"#b": "b"}, {**ONE, ":unused": {"S": ""}}),
        ("SET e = :long", {}, {":long": LONG}),
        ("SET f = :long", {}, {":long": LONG}),
        ("SET a :one", {}, ONE),
    ):
        given = {"ExpressionAttributeNames": names, "ExpressionAttributeValues": values}
        yield {"UpdateExpression": expression, **{key: each for key, each in given.items() if each}}


def dynamodb() -> Answers:
    client: Any = boto3.client("dynamodb")
    client.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("p", "r", "h", "r2")
        ],
        KeySchema=keys("p", "r"),
        GlobalSecondaryIndexes=[
            {
                "IndexName": "index",
                "KeySchema": keys("h", "r2"),
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
    )
    found = []
    for number in range(12):
        item = {
            "p": {"S": "xyz"[number % 3]},
            "r": {"S": str(number)},
            "h": {"S": "hi"[number % 2]},
            "body": {"B": bytes([number])},
            "set": {"SS": ["a", "b"]},
            "flag": {"BOOL": True},
            **({"r2": {"S": str(-number)}} if number % 4 else {}),
        }
        found.append(answered(client.put_item, TableName=TABLE, Item=item))
    for update in updates():
        for key in (KEY, KEY, {**KEY, "r": {"S": "new"}}):
            asked = {"TableName": TABLE, "Key": key, "ReturnValues": "ALL_NEW", **update}
            found.append(answered(client.update_item, **asked))
            found.append(answered(client.get_item, TableName=TABLE, Key=key))
    return [*found, *queries(client), answered(client.scan, TableName=TABLE)]


def keys(partition: str, sort: str) -> list[Any]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


def queries(client: Any) -> Iterator[Any]:
    for condition, index in (
        ("p = :key", ""),
        ("p = :key AND r BETWEEN :first AND :last", ""),
        ("h = :key", "index"),
        ("h = :key AND r2 > :first", "index"),
        ("h = :key", "no such index"),
    ):
        for key in "x", "h", "nothing":
            values = {":key": key, ":first": "1", ":last": "4"}
            used = {name: {"S": text} for name, text in values.items() if name in condition}
            for forward in (True, False):
                request = {
                    "TableName": TABLE,
                    "KeyConditionExpression": condition,
                    "ExpressionAttributeValues": used,
                    "ScanIndexForward": forward,
                    **({"IndexName": index} if index else {}),
                }
                yield answered(client.query, **request)
                yield answered(client.query, **request, Select="COUNT")
                first = answered(client.query, **request, Limit=1)
                yield first
                if start := first.get("LastEvaluatedKey"):
                    yield answered(client.query, **request, ExclusiveStartKey=start)


def sqs() -> Answers:
    client: Any = boto3.client("sqs")
    url = client.create_queue(QueueName="queue")["QueueUrl"]
    every = {"QueueUrl": url, "AttributeNames": ["All"]}

    def counts() -> list[str]:
        given = client.get_queue_attributes(**every)["Attributes"]
        return [given[name] for name in sorted(given) if name.startswith("Approximate")]

    found: Answers = []
    for text in ("one", "two", "three"):
        client.send_message(QueueUrl=url, MessageBody=text)
    client.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=900)
    found.append(counts())
    taken = client.receive_message(QueueUrl=url, MaxNumberOfMessages=2)["Messages"]
    found += [[each["Body"] for each in taken], counts()]
    hidden = {"QueueUrl": url, "ReceiptHandle": taken[0]["ReceiptHandle"]}
    client.change_message_visibility(**hidden, VisibilityTimeout=0)
    found.append(counts())
    [again] = client.receive_message(QueueUrl=url, MaxNumberOfMessages=1)["Messages"]
    found.append(again["Body"])
    # The earlier handle of a message is as good as its last one.
    for handle in (taken[0], again, taken[1], taken[1]):
        asked = {"QueueUrl": url, "ReceiptHandle": handle["ReceiptHandle"]}
        found += [answered(client.delete_message, **asked), counts()]
    found.append(answered(client.delete_message, QueueUrl=url, ReceiptHandle="none"))
    entry = {"Id": "1", "ReceiptHandle": "none"}
    found.append(answered(client.delete_message_batch, QueueUrl=url, Entries=[entry]))
    return found


def cloudformation() -> Answers:
    client: Any = boto3.client("cloudformation")
    queue = {
        "Type": "AWS::SQS::Queue",
        "Properties": {
            "DelaySeconds": 5,
            "QueueName": "on",
            "Tags": [{"Key": "é", "Value": "1.0"}],
        },
    }
    found: Answers = []
    for name, body in (
        ("json", json.dumps({"Resources": {"Queue": queue}})),
        ("yaml", "Resources:\n  Queue:\n    Type: AWS::SQS::Queue"),
    ):
        client.create_stack(StackName=name, TemplateBody=body)
        found.append(answered(client.get_template, StackName=name))
        resources = client.describe_stack_resources(StackName=name)["StackResources"]
        found += [each["ResourceType"] for each in resources]
    url = client.describe_stack_resources(StackName="json")["StackResources"][0]
    sqs: Any = boto3.client("sqs")
    found.append(answered(sqs.list_queue_tags, QueueUrl=url["PhysicalResourceId"]))
    return found


@pytest.mark.parametrize("calls", [cloudformation, dynamodb, sqs])
def test_answers_are_the_same(calls: Any) -> None:
    make_faster()
    with mock_aws():
        faster = calls()
    with as_it_is(), mock_aws():
        plain = calls()

    assert faster == plain
    assert len({str(answer) for answer in faster}) > len(faster) / 4


def test_query_of_one_key_does_not_compare_the_items_of_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_faster()
    compared = []
    less = DynamoType.__lt__

    def counted(one: DynamoType, other: DynamoType) -> bool:
        compared.append(one)
        return less(one, other)

    with mock_aws():
        dynamodb()
        monkeypatch.setattr(DynamoType, "__lt__", counted)
        client: Any = boto3.client("dynamodb")
        client.query(
            TableName=TABLE,
            KeyConditionExpression="p = :key",
            ExpressionAttributeValues={":key": {"S": "y"}},
        )

    assert len(compared) <= 2 * 4
