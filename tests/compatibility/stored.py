"""Everything that the bridge stores at AWS, as JSON documents, and back again."""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from itertools import batched
from typing import Any, Final

import boto3

from tests.compatibility.installation import Installation, show_all

PATH: Final = "/inlet-bridge/dev"
PARAMETERS: Final = "parameters"
DELIVERIES: Final = "deliveries"
KEPT_ITEMS: Final = "kept_items"
KEPT_OBJECTS: Final = "kept_objects"
BUFFER: Final = "buffer"
DEAD_LETTERS: Final = "dead_letters"
EVENTS: Final = "events"
ADOBE_SECRET: Final = f"{PATH}/secrets/adobe"
NAMES: Final = (*(PARAMETERS, DELIVERIES, KEPT_ITEMS, KEPT_OBJECTS, BUFFER, DEAD_LETTERS, EVENTS),)
_FREE_BYTES: Final = 4_096


def take(installation: Installation) -> dict[str, Any]:
    """What is stored; the buffer and the other queues keep their messages."""
    cloud = installation.cloud
    return {
        PARAMETERS: _parameters(),
        DELIVERIES: _items(cloud.table),
        KEPT_ITEMS: _items(cloud.kept.table),
        KEPT_OBJECTS: _objects(cloud.kept.bucket),
        BUFFER: _messages(cloud.buffer),
        DEAD_LETTERS: _messages(cloud.dead_letters),
        EVENTS: _messages(installation.events),
    }


def put_back(installation: Installation, stored: Mapping[str, Any]) -> None:
    """Store it in an empty installation."""
    cloud, ssm, s3 = installation.cloud, boto3.client("ssm"), boto3.client("s3")
    for name, parameter in stored[PARAMETERS].items():
        tier: Any = "Standard" if len(parameter["value"].encode()) <= _FREE_BYTES else "Advanced"
        ssm.put_parameter(
            Name=name,
            Value=parameter["value"],
            Type=parameter["type"],
            Tier=tier,
            Overwrite=True,
        )
    for table, items in ((cloud.table, DELIVERIES), (cloud.kept.table, KEPT_ITEMS)):
        for some in batched(stored[items], 25, strict=False):
            puts: Any = [{"PutRequest": {"Item": _bytes_of(item)}} for item in some]
            boto3.client("dynamodb").batch_write_item(RequestItems={table: puts})
    for name, content in stored[KEPT_OBJECTS].items():
        s3.put_object(Bucket=cloud.kept.bucket, Key=name, Body=b64decode(content))
    queues = {
        BUFFER: cloud.buffer,
        DEAD_LETTERS: cloud.dead_letters,
        EVENTS: installation.events,
    }
    for name, url in queues.items():
        for message in stored[name]:
            boto3.client("sqs").send_message(
                QueueUrl=url,
                MessageBody="\n".join(message["text"]),
                MessageAttributes={
                    each: {"DataType": "String", "StringValue": text}
                    for each, text in message["attributes"].items()
                },
            )
    cloud.restart()


def _parameters() -> dict[str, Any]:
    pages = boto3.client("ssm").get_paginator("get_parameters_by_path")
    found = [
        each
        for page in pages.paginate(Path=PATH, Recursive=True, WithDecryption=True)
        for each in page["Parameters"]
    ]
    return {
        each["Name"]: {"type": each["Type"], "value": each["Value"]}
        for each in sorted(found, key=lambda each: each["Name"])
        # Of the emulated Adobe, which every installation of the tests has.
        if each["Name"] != ADOBE_SECRET
    }


def _items(table: str) -> list[Any]:
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    items = [_text_of(item) for page in pages for item in page["Items"]]
    return sorted(items, key=lambda item: [str(item[name]) for name in _KEYS if name in item])


_KEYS: Final = ("source", "delivery_id", "bucket", "at")


def _text_of(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item, with bytes in base64, in the order of its names."""
    return {
        name: {"B": b64encode(value["B"]).decode()} if "B" in value else value
        for name, value in sorted(item.items())
    }


def _bytes_of(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {"B": b64decode(value["B"])} if "B" in value else value
        for name, value in item.items()
    }


def _objects(bucket: str) -> dict[str, str]:
    s3 = boto3.client("s3")
    names = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket).get("Contents", ())]
    return {
        name: b64encode(s3.get_object(Bucket=bucket, Key=name)["Body"].read()).decode()
        for name in sorted(names)
    }


def _messages(url: str) -> list[dict[str, Any]]:
    """All messages: their lines, and their attributes by name."""
    found = [
        {
            "attributes": {
                name: each["StringValue"]
                for name, each in sorted(message.get("MessageAttributes", {}).items())
            },
            "text": message["Body"].split("\n"),
        }
        for message in _received(url)
    ]
    show_all(url)
    return sorted(found, key=lambda each: (each["text"], list(each["attributes"].items())))


def _received(url: str) -> Iterator[Any]:
    show_all(url)
    while (
        taken := boto3.client("sqs")
        .receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        .get("Messages")
    ):
        yield from taken
