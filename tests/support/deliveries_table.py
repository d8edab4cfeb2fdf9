"""The deliveries table on moto, made from the template."""

from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError, ReadTimeoutError
from moto.core.models import botocore_stubber

from bridge.adapters.aws.delivery_items import OPEN_INDEX
from bridge.delivery.partitions import source_of
from tests.support.sam_template import resources

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TABLE = "deliveries"
_PROPERTIES = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


def deliveries_table() -> "DynamoDBClient":
    """Create the table with the keys and the index of the template; return a client."""
    client = boto3.client("dynamodb")
    properties = resources()["Deliveries"]["Properties"]
    client.create_table(TableName=TABLE, **{name: properties[name] for name in _PROPERTIES})
    return client


def open_entries(client: "DynamoDBClient") -> list[dict[str, Any]]:
    """All entries of the index of open deliveries, as texts."""
    items = client.scan(TableName=TABLE, IndexName=OPEN_INDEX)["Items"]
    return [{name: value["S"] for name, value in item.items()} for item in items]


def throttle(client: Any, operation: str, times: int) -> None:
    """Have DynamoDB throttle an operation for so many calls of a client or of a session."""
    left = iter(range(times))
    error: Any = {"Error": {"Code": "ThrottlingException", "Message": "KeyRangeThroughputExceeded"}}

    def answer(**_: object) -> None:
        if next(left, None) is not None:
            raise ClientError(error, operation)

    _events(client).register(f"before-call.dynamodb.{operation}", answer)


def all_records(table: str) -> list[dict[str, str]]:
    """The items as texts, with the name of the source in the place of its partition."""
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    items = [item for page in pages for item in page["Items"]]
    texts = [
        {name: str(next(iter(value.values()))) for name, value in item.items()} for item in items
    ]
    return [each | {"source": source_of(each["source"])} for each in texts]


def lose_response(client: Any, operation: str) -> None:
    """Have DynamoDB do the next operation of a client or of a session, and its response be lost."""
    left = iter(range(1))

    def answer(event_name: str, request: Any, **kwargs: Any) -> None:
        if next(left, None) is not None:
            botocore_stubber(event_name, request, **kwargs)
            raise ReadTimeoutError(endpoint_url="https://dynamodb")

    _events(client).register_first(f"before-send.dynamodb.{operation}", answer)


def _events(client: Any) -> Any:
    return client.meta.events if hasattr(client, "meta") else client.events
