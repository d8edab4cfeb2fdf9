"""Kept bodies as they are stored."""

from dataclasses import dataclass
from typing import Any

import boto3

from bridge.delivery.delivery import Delivery
from bridge.delivery.kept import kept_delivery


@dataclass(frozen=True)
class KeptStore:
    """The table and the bucket of a deployment, by their names."""

    table: str
    bucket: str

    def items(self) -> list[dict[str, Any]]:
        """All items in the order of their receipt, with plain values."""
        pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=self.table)
        items = [item for page in pages for item in page["Items"]]
        plain = [
            {name: next(iter(value.values())) for name, value in item.items()} for item in items
        ]
        return sorted(plain, key=lambda item: str(item["at"]))

    def deliveries(self) -> list[Delivery]:
        """What is kept, in the order of its receipt."""
        return [kept_delivery(self._value(item)) for item in self.items()]

    def damage(self, delivery_id: str) -> None:
        """Replace the body of a webhook by bytes that are none."""
        [item] = [each for each in self.items() if each["at"].endswith(delivery_id)]
        boto3.client("dynamodb").update_item(
            TableName=self.table,
            Key={name: {"S": item[name]} for name in ("bucket", "at")},
            UpdateExpression="SET body = :body",
            ExpressionAttributeValues={":body": {"B": b"CANARY"}},
        )

    def objects(self) -> list[str]:
        """The names of all objects."""
        pages = boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        return [each["Key"] for page in pages for each in page.get("Contents", ())]

    def _value(self, item: dict[str, Any]) -> bytes:
        if "body" in item:
            return bytes(item["body"])
        answer = boto3.client("s3").get_object(Bucket=self.bucket, Key=item["object"])
        content: bytes = answer["Body"].read()
        return content
