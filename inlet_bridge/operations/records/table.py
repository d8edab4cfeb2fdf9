"""Read the deliveries table: single records by key, and what is open by its index."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import nlargest
from itertools import count
from typing import Any, Final

from botocore.exceptions import ClientError

from bridge.adapters.aws.delivery_items import (
    ACCEPTED_STATES,
    NOT_ACCEPTED,
    OPEN_KEYS,
    as_parameters,
    epoch,
    key_item,
    open_values,
    own_values,
)
from bridge.adapters.aws.open_deliveries import open_query
from bridge.delivery.delivery import Delivery
from bridge.delivery.partitions import open_shards, source_of
from bridge.delivery.record import OPEN, Key, State, key_of
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.records.keys import possible_keys

_DETAILS: Final = (
    "event_type",
    "flow",
    "flow_id",
    "xaction_id",
    "class",
    "reason",
    "note",
    "attempts",
    "parts",
    "next_attempt_at",
    "delivered_at",
    "died_at",
    "failed_at",
    "failure",
    "batch",
    "replay",
    "replayed_at",
    "dropped_at",
)
# Limit of BatchGetItem (Amazon DynamoDB API reference).
_KEYS_PER_CALL: Final = 100
# The default number of connections of a client (botocore, `max_pool_connections`).
_CONCURRENT_QUERIES: Final = 10

type _Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """One row of the table.

    Attributes:
        details: the other attributes by name, in display order.
        key: the idempotency key.
        kept: that of the whole webhook, whose body is kept; empty if none is.
        is_open: whether it needs something to happen; a dropped dead letter does not.
    """

    source: str
    delivery_id: str
    state: State
    received_at: datetime
    details: Mapping[str, str]
    key: str = ""
    kept: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class OpenRecords:
    """Records in one open state.

    Attributes:
        newest: the newest of them, up to a limit.
        more: how many others there are.
    """

    newest: list[DeliveryRecord]
    more: int


class Records:
    """The deliveries table of one deployment. What is read does not depend on its size."""

    def __init__(self, deployed: Deployed) -> None:
        self._deployed = deployed

    def find(self, delivery_id: str, sources: Iterable[str]) -> list[DeliveryRecord]:
        """The deliveries of these sources with this ID, by key."""
        keys = possible_keys(delivery_id)
        return self.with_keys((source, key) for source in sources for key in keys)

    def with_keys(self, keys: Iterable[Key]) -> list[DeliveryRecord]:
        """The deliveries with these keys that are recorded, by source and time of receipt."""
        items = self.read(map(key_item, dict.fromkeys(keys)))
        return sorted(map(record_of, items), key=lambda record: (record.source, record.received_at))

    def open(self, source: str, state: State, limit: int) -> OpenRecords:
        """The open deliveries of a source, or of all, from the index.

        Args:
            source: its name; empty for all.
            state: one of `OPEN`.
            limit: how many are read completely.
        """
        counted = count()
        mine = (
            (entry[OPEN_KEYS[1]], next(counted), entry)
            for entry in self._entries(state)
            if source in ("", source_of(entry["source"]))
        )
        newest = [entry for _, _, entry in nlargest(limit, mine)]
        items = self.read(
            {name: {"S": entry[name]} for name in ("source", "delivery_id")} for entry in newest
        )
        # The index lags behind the table.
        records = [record for record in map(record_of, items) if record.state is state]
        records.sort(key=lambda record: record.received_at, reverse=True)
        return OpenRecords(records, next(counted) - len(newest))

    def open_states(self) -> dict[str, Counter[State]]:
        """Number of open deliveries, by source, from the index."""
        found: dict[str, Counter[State]] = {}
        for state in OPEN:
            for entry in self._entries(state):
                found.setdefault(source_of(entry["source"]), Counter())[state] += 1
        return found

    def revive(self, delivery: Delivery) -> bool:
        """Record a delivery as buffered, such as a redriven one; False if it was accepted.

        The record is complete also if there was none, as in the table of a new deployment.
        """
        lifetime = timedelta(days=int(self._deployed.parameters["RecordDays"]))
        values = {
            **own_values(delivery),
            **open_values(delivery, State.BUFFERED),
            "state": {"S": State.BUFFERED},
            "expires_at": epoch(datetime.now(UTC) + lifetime),
        }
        return self._update(
            delivery,
            {
                "UpdateExpression": "SET " + ", ".join(f"#{name} = :{name}" for name in values),
                "ConditionExpression": f"({NOT_ACCEPTED}) AND NOT #state = :erased",
                "ExpressionAttributeNames": {f"#{name}": name for name in values},
                "ExpressionAttributeValues": {
                    **as_parameters(values),
                    **ACCEPTED_STATES,
                    ":erased": {"S": State.ERASED},
                },
            },
        )

    def close(self, delivery: Delivery) -> bool:
        """Remove a deleted dead letter from what is open; False if it is not dead any more."""
        return self._update(
            delivery,
            {
                "UpdateExpression": f"REMOVE {', '.join(OPEN_KEYS)}",
                "ConditionExpression": "#state = :dead",
                "ExpressionAttributeNames": {"#state": "state"},
                "ExpressionAttributeValues": {":dead": {"S": State.DEAD}},
            },
        )

    def _update(self, delivery: Delivery, change: Mapping[str, Any]) -> bool:
        """Change a record; False if the condition does not hold."""
        return self._changed(key_of(delivery), change)

    def _changed(self, key: Key, change: Mapping[str, Any]) -> bool:
        client: Any = self._deployed.dynamodb
        try:
            client.update_item(TableName=self._deployed.deliveries, Key=key_item(key), **change)
        except ClientError as exc:
            if exc.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def _entries(self, state: State) -> Iterator[Mapping[str, str]]:
        """The entries of the index in a state."""
        table = self._deployed.deliveries
        client: Any = self._deployed.dynamodb
        query = client.get_paginator("query")

        def entries(shard: str) -> list[Mapping[str, str]]:
            pages = query.paginate(TableName=table, **open_query(shard, state))
            return [texts_of(item) for page in pages for item in page["Items"]]

        with ThreadPoolExecutor(_CONCURRENT_QUERIES) as pool:
            for found in pool.map(entries, open_shards()):
                yield from found

    def read(self, keys: Iterable[_Item]) -> Iterator[_Item]:
        """The items that exist, in any order; half a read unit for each key."""
        table = self._deployed.deliveries
        client: Any = self._deployed.dynamodb
        left = list(keys)
        while left:
            now, left = left[:_KEYS_PER_CALL], left[_KEYS_PER_CALL:]
            answer = client.batch_get_item(RequestItems={table: {"Keys": now}})
            yield from answer["Responses"].get(table, [])
            left += answer["UnprocessedKeys"].get(table, {}).get("Keys", [])


def record_of(item: _Item) -> DeliveryRecord:
    """An item of the table. Raises OperationError if the bridge did not write it."""
    texts = texts_of(item)
    with _readable():
        return DeliveryRecord(
            source=source_of(texts["source"]),
            delivery_id=texts["id"],
            state=State(texts["state"]),
            received_at=datetime.fromisoformat(texts["received_at"]),
            details={name: texts[name] for name in _DETAILS if texts.get(name)},
            key=texts["delivery_id"],
            kept=texts.get("kept", ""),
            is_open=OPEN_KEYS[0] in texts,
        )


def texts_of(item: _Item) -> dict[str, str]:
    """The values of an item as texts."""
    return {name: str(next(iter(value.values()))) for name, value in item.items()}


@contextmanager
def _readable() -> Iterator[None]:
    """Parse a row; raise OperationError for one that the bridge did not write."""
    try:
        yield
    except (KeyError, ValueError) as exc:
        raise OperationError(f"a row of the deliveries table cannot be read: {exc}") from exc
