"""Open the records of deliveries again before their messages are in the buffer."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import Any, Final

from botocore.exceptions import ClientError

from bridge.adapters.aws.delivery_items import (
    as_parameters,
    epoch,
    key_item,
    open_values,
    own_values,
)
from bridge.delivery.delivery import Delivery
from bridge.delivery.partitions import source_of
from bridge.delivery.record import Key, State, key_of
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.replay.policy import DECIDING, SeenRecord

# Limit of BatchGetItem (Amazon DynamoDB API reference).
_KEYS_PER_CALL: Final = 100
# The default number of connections of a client (botocore, `max_pool_connections`).
_CONCURRENT_WRITES: Final = 10
# What a record says of the failure or the dead letter that is sent again.
_OF_FAILURES: Final = (
    *("class", "reason", "died_at", "next_attempt_at", "attempts", "parts"),
    *("failure", "failed_at", "batch", "dropped_at"),
)


class Reopening:
    """Reads records, and marks them as buffered unless they have changed since."""

    def __init__(self, deployed: Deployed) -> None:
        self._deployed = deployed
        self._lifetime = timedelta(days=int(deployed.parameters["RecordDays"]))

    def read(self, keys: Iterable[Key]) -> dict[Key, SeenRecord]:
        """The records that exist, as they are now."""
        found: dict[Key, SeenRecord] = {}
        client: Any = self._deployed.dynamodb
        table = self._deployed.deliveries
        for some in batched(dict.fromkeys(keys), _KEYS_PER_CALL, strict=False):
            left: Any = {"Keys": list(map(key_item, some)), "ConsistentRead": True}
            while left:
                answer = client.batch_get_item(RequestItems={table: left})
                for item in answer["Responses"].get(table, []):
                    key = (source_of(item["source"]["S"]), item["delivery_id"]["S"])
                    found[key] = SeenRecord.of(item)
                left = answer["UnprocessedKeys"].get(table)
        return found

    def reopen(
        self, deliveries: Sequence[Delivery], seen: Mapping[Key, SeenRecord], now: datetime
    ) -> list[bool]:
        """Record deliveries as buffered; False for those whose record has changed."""
        if not deliveries:
            return []
        with ThreadPoolExecutor(_CONCURRENT_WRITES) as pool:
            written = pool.map(
                lambda each: self._reopen(each, seen.get(key_of(each)), now), deliveries
            )
            return list(written)

    def _reopen(self, delivery: Delivery, seen: SeenRecord | None, now: datetime) -> bool:
        values = {
            **own_values(delivery),
            **open_values(delivery, State.BUFFERED),
            "state": {"S": State.BUFFERED},
            "replay": {"S": delivery.replay},
            "replayed_at": {"S": now.astimezone(UTC).isoformat()},
            "expires_at": epoch(now + self._lifetime),
        }
        condition, expected = _unchanged(seen)
        names = (*values, *_OF_FAILURES, *DECIDING)
        client: Any = self._deployed.dynamodb
        try:
            client.update_item(
                TableName=self._deployed.deliveries,
                Key=key_item(key_of(delivery)),
                UpdateExpression="SET "
                + ", ".join(f"#{name} = :{name}" for name in values)
                + " REMOVE "
                + ", ".join(f"#{name}" for name in _OF_FAILURES),
                ConditionExpression=condition,
                ExpressionAttributeNames={f"#{name}": name for name in names},
                ExpressionAttributeValues={**as_parameters(values), **expected},
            )
        except ClientError as exc:
            if exc.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True


def _unchanged(seen: SeenRecord | None) -> tuple[str, dict[str, Any]]:
    """The condition that a record is as it was read, and its values."""
    item = seen.item if seen else {}
    terms = (
        f"#{name} = :seen_{name}" if name in item else f"attribute_not_exists(#{name})"
        for name in DECIDING
    )
    return " AND ".join(terms), {f":seen_{name}": item[name] for name in DECIDING if name in item}
