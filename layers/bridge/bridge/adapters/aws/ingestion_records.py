"""Store what is known of Adobe's batches in the deliveries table."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import batched
from typing import TYPE_CHECKING, Any

from bridge.adapters.aws.clients import AWS_ERRORS, unavailable
from bridge.adapters.aws.delivery_items import OPEN_INDEX, OPEN_KEYS
from bridge.adapters.aws.ingestion_items import (
    BATCHES,
    OPEN_SHARD,
    RUN,
    STATES,
    batch_key,
    batch_open_values,
    batch_record,
    batch_sort,
    batch_values,
    dataset_key,
    dataset_progress,
    dataset_values,
    run_key,
    run_state,
    run_values,
)
from bridge.adapters.aws.open_deliveries import open_query
from bridge.delivery.ingestion import BatchRecord, DatasetProgress, RunState
from bridge.delivery.partitions import open_shards
from bridge.delivery.record import State
from bridge.errors import UnavailableError
from bridge.ports.process import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_FAILS = "the deliveries table does not respond"
# Limit of BatchGetItem (Amazon DynamoDB API reference).
_KEYS_PER_CALL = 100
_UNCHANGED = "attribute_not_exists(version) OR version = :before"


class DynamoDbIngestion:
    """The port `IngestionRecords`."""

    def __init__(self, client: "DynamoDBClient", table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._condition_failed = client.exceptions.ConditionalCheckFailedException

    def load(self) -> tuple[RunState, Sequence[DatasetProgress]]:
        """The state of the last run, and the datasets. Raises UnavailableError."""
        items = self._query(STATES)
        runs = [run_state(item) for item in items if item["delivery_id"]["S"] == RUN]
        datasets = [found for item in items if (found := dataset_progress(item))]
        return (runs or [RunState()])[0], datasets

    def save_run(self, state: RunState) -> bool:
        """Store the next version of a state; False if there is another. Raises UnavailableError."""
        values = run_values(replace(state, version=state.version + 1))
        return self._update(run_key(), values, {}, state.version)

    def save_dataset(self, progress: DatasetProgress) -> None:
        """Store the progress of a dataset. Raises UnavailableError."""
        self._update(dataset_key(progress.dataset_id), dataset_values(progress), {}, None)

    def batches(self, dataset_id: str, after: int) -> dict[str, BatchRecord]:
        """The batches created after a time, by id. Raises UnavailableError."""
        found = map(batch_record, self._query(f"{BATCHES}{dataset_id}", batch_sort(after)))
        return {record.batch_id: record for record in found}

    def unsettled(self) -> Sequence[BatchRecord]:
        """All batches with which something is left to do, oldest first. Raises UnavailableError."""
        pages = self._client.get_paginator("query")
        keys: list[Any] = []
        try:
            for page in pages.paginate(
                TableName=self._table,
                IndexName=OPEN_INDEX,
                KeyConditionExpression="#shard = :shard",
                ExpressionAttributeNames={"#shard": OPEN_KEYS[0]},
                ExpressionAttributeValues={":shard": {"S": OPEN_SHARD}},
            ):
                keys += [
                    {name: item[name] for name in ("source", "delivery_id")}
                    for item in page["Items"]
                ]
        except AWS_ERRORS as exc:
            raise unavailable(_FAILS, exc) from exc
        records = [batch_record(item) for item in self._read(keys)]
        return sorted(records, key=lambda record: (record.created, record.batch_id))

    def save_batch(self, record: BatchRecord) -> BatchRecord | None:
        """Store the next version of a batch; None if there is another. Raises UnavailableError."""
        stored = replace(record, version=record.version + 1)
        values, opened = batch_values(stored, self._clock()), batch_open_values(stored)
        if self._update(batch_key(stored), values, opened, record.version):
            return stored
        return None

    def failed_deliveries(self) -> int:
        """How many deliveries are recorded as failed. Raises UnavailableError."""
        counted = 0
        pages = self._client.get_paginator("query")
        try:
            for shard in open_shards():
                query = open_query(shard, State.FAILED)
                for page in pages.paginate(TableName=self._table, Select="COUNT", **query):
                    counted += page["Count"]
        except AWS_ERRORS as exc:
            raise unavailable(_FAILS, exc) from exc
        return counted

    def _query(self, partition: str, first: str = "") -> list[Mapping[str, Any]]:
        """The items of a partition, from a sort key on, as they are now."""
        condition = "#partition = :partition" + (" AND delivery_id >= :first" if first else "")
        values: dict[str, Any] = {":partition": {"S": partition}}
        if first:
            values[":first"] = {"S": first}
        pages = self._client.get_paginator("query")
        try:
            return [
                item
                for page in pages.paginate(
                    TableName=self._table,
                    ConsistentRead=True,
                    KeyConditionExpression=condition,
                    ExpressionAttributeNames={"#partition": "source"},
                    ExpressionAttributeValues=values,
                )
                for item in page["Items"]
            ]
        except AWS_ERRORS as exc:
            raise unavailable(_FAILS, exc) from exc

    def _read(self, keys: Sequence[Any]) -> list[Mapping[str, Any]]:
        items: list[Mapping[str, Any]] = []
        for some in batched(keys, _KEYS_PER_CALL, strict=False):
            try:
                answer = self._client.batch_get_item(
                    RequestItems={self._table: {"Keys": list(some), "ConsistentRead": True}}
                )
            except AWS_ERRORS as exc:
                raise unavailable(_FAILS, exc) from exc
            if answer["UnprocessedKeys"]:
                raise UnavailableError(f"{_FAILS}: throttled")
            items += answer["Responses"].get(self._table, [])
        return items

    def _update(
        self,
        key: Any,
        values: Mapping[str, Any],
        opened: Mapping[str, Any],
        before: int | None,
    ) -> bool:
        """Set the attributes of an item if it still has a version; None does not ask for it."""
        given = {**values, **opened}
        removed = [name for name in OPEN_KEYS if name not in opened]
        assigned = ", ".join(f"#{name} = :{name}" for name in given)
        condition: dict[str, Any] = {}
        parameters = {f":{name}": value for name, value in given.items()}
        if before is not None:
            condition["ConditionExpression"] = _UNCHANGED
            parameters[":before"] = {"N": str(before)}
        remove = f" REMOVE {', '.join(removed)}" if removed else ""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=key,
                UpdateExpression=f"SET {assigned}{remove}",
                ExpressionAttributeNames={f"#{name}": name for name in given},
                ExpressionAttributeValues=parameters,
                **condition,
            )
        except self._condition_failed:
            return False
        except AWS_ERRORS as exc:
            raise unavailable(_FAILS, exc) from exc
        return True
