"""List the newest kept webhooks of a source, in a bounded number of reads."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import nlargest
from typing import Any, Final

from bridge.delivery.kept import buckets, key_in, received_in
from inlet_bridge.operations.deployed import Deployed

# Sixteen queries for each.
_MOST_DAYS: Final = 3
# The default number of connections of a client (botocore, `max_pool_connections`).
_CONCURRENT_QUERIES: Final = 10


@dataclass(frozen=True, slots=True)
class KeptWebhook:
    """A kept webhook, by its key only.

    Attributes:
        key: its idempotency key, with which `KeptBodies.find` reads it.
    """

    received_at: datetime
    key: str


def newest_kept(
    deployed: Deployed,
    source: str,
    most: int,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> list[KeptWebhook]:
    """The newest kept webhooks of the last three days, newest first.

    Args:
        deployed: the stack.
        source: its name.
        most: how many are listed.
        clock: the current time.

    Raises:
        ClientError, BotoCoreError, OperationError: they cannot be read.
    """
    now = clock()
    query = partial(_query, deployed.dynamodb, deployed.kept_bodies, most)
    found: list[KeptWebhook] = []
    for age in range(_MOST_DAYS):
        day = (now - timedelta(days=age)).date()
        with ThreadPoolExecutor(_CONCURRENT_QUERIES) as pool:
            pages = list(pool.map(query, buckets(source, day)))
        of_day = [
            KeptWebhook(received_in(item["at"]["S"]), key_in(item["at"]["S"]))
            for page in pages
            for item in page
            if int(item["expires_at"]["N"]) > now.timestamp()
        ]
        found += nlargest(most - len(found), of_day, key=lambda each: each.received_at)
        if len(found) == most:
            break
    return found


def _query(client: Any, table: str, most: int, bucket: str) -> list[Mapping[str, Any]]:
    answer = client.query(
        TableName=table,
        KeyConditionExpression="#bucket = :bucket",
        ProjectionExpression="#at, expires_at",
        ExpressionAttributeNames={"#bucket": "bucket", "#at": "at"},
        ExpressionAttributeValues={":bucket": {"S": bucket}},
        ScanIndexForward=False,
        Limit=most,
    )
    items: list[Mapping[str, Any]] = answer["Items"]
    return items
