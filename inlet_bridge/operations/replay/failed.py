"""Records that Adobe rejected after the inlet had accepted them."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import nlargest
from itertools import batched, count
from typing import Any, Final

from botocore.exceptions import ClientError

from bridge.adapters.aws.delivery_items import OPEN_KEYS, key_item
from bridge.adapters.aws.open_deliveries import open_query
from bridge.delivery.partitions import open_shards, source_of
from bridge.delivery.record import Key, State
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.records.keys import possible_keys

# Limit of BatchGetItem (Amazon DynamoDB API reference).
_KEYS_PER_CALL: Final = 100
_NO_REASON: Final = "Adobe gave no reason"
_POINTER: Final = re.compile(r"(?:^|\s)at (#[^\s:;]*)")


@dataclass(frozen=True, slots=True)
class FailedRecord:
    """A delivery that Adobe rejected.

    Attributes:
        key: of its record.
        failed_at: when that was found out.
        reason: Adobe's, in one line.
        pointer: to the field at fault; empty if Adobe gave none.
        kept: the key of the webhook whose body is kept; empty if there is none.
    """

    key: Key
    delivery_id: str
    event_type: str
    flow: str
    received_at: datetime
    failed_at: datetime
    reason: str
    pointer: str
    batch: str
    xaction_id: str
    kept: str

    @property
    def source(self) -> str:
        """The name of its source."""
        return self.key[0]


@dataclass(frozen=True, slots=True)
class FailedFilter:
    """Selects failed records; empty is any.

    Attributes:
        since: when Adobe's rejection was found out, at the earliest.
        reason: text that the reason contains, in any case.
    """

    source: str = ""
    since: datetime | None = None
    reason: str = ""
    delivery_id: str = ""

    def matches(self, record: FailedRecord) -> bool:
        """Whether a record is selected."""
        return (
            (not self.source or record.source == self.source)
            and (self.since is None or record.failed_at >= self.since)
            and self.reason.casefold() in record.reason.casefold()
            and (not self.delivery_id or self.delivery_id in (record.delivery_id, record.key[1]))
        )


@dataclass(frozen=True, slots=True)
class FailedList:
    """The newest failed records up to a limit, and how many there are by reason."""

    newest: list[FailedRecord]
    reasons: Counter[tuple[str, str]]

    @property
    def total(self) -> int:
        """How many there are."""
        return self.reasons.total()


@dataclass(frozen=True, slots=True)
class FailedRecords:
    """The failed records of one deployment, by the index of open deliveries."""

    deployed: Deployed
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def matching(self, wanted: FailedFilter) -> Iterator[FailedRecord]:
        """The selected records, in no order; they are read as the caller takes them."""
        for some in batched(self._keys(wanted.source), _KEYS_PER_CALL, strict=False):
            yield from filter(wanted.matches, self.read(some))

    def listed(self, wanted: FailedFilter, limit: int) -> FailedList:
        """The newest of the selected records, and the counts of all."""
        reasons: Counter[tuple[str, str]] = Counter()
        counted = count()

        def entries() -> Iterator[tuple[datetime, int, FailedRecord]]:
            for record in self.matching(wanted):
                reasons[record.source, record.reason] += 1
                yield record.failed_at, next(counted), record

        newest = [record for _, _, record in nlargest(limit, entries())]
        return FailedList(newest, reasons)

    def read(self, keys: Iterable[Key]) -> list[FailedRecord]:
        """The records with these keys that are failed now; 100 keys at most."""
        client: Any = self.deployed.dynamodb
        table = self.deployed.deliveries
        found: list[FailedRecord] = []
        left: Any = {"Keys": list(map(key_item, dict.fromkeys(keys))), "ConsistentRead": True}
        while left and left["Keys"]:
            answer = client.batch_get_item(RequestItems={table: left})
            items = map(_texts, answer["Responses"].get(table, []))
            found += [_failed(texts) for texts in items if texts.get("state") == State.FAILED]
            left = answer["UnprocessedKeys"].get(table)
        return found

    def named(self, delivery_id: str, source: str = "") -> list[FailedRecord]:
        """The failed records with this ID, of one source or of all that are configured."""
        sources = (
            [source] if source else [each for each in self.deployed.sources if "/" not in each]
        )
        keys = [(each, key) for each in sources for key in possible_keys(delivery_id)]
        found = [
            record
            for some in batched(keys, _KEYS_PER_CALL, strict=False)
            for record in self.read(some)
        ]
        # The key of a webhook that its content identifies does not follow from its ID.
        return found or list(self.matching(FailedFilter(source, delivery_id=delivery_id)))

    def drop(self, wanted: FailedFilter) -> Iterator[bool]:
        """Close the selected records; yield whether each was still failed.

        They stay failed, with the time at which they were closed, and are not open any more.
        """
        for record in self.matching(wanted):
            yield self.close(record)

    def close(self, record: FailedRecord) -> bool:
        """Close a record; False if it was sent again or closed since."""
        client: Any = self.deployed.dynamodb
        try:
            client.update_item(
                TableName=self.deployed.deliveries,
                Key=key_item(record.key),
                UpdateExpression=f"SET dropped_at = :now REMOVE {', '.join(OPEN_KEYS)}",
                ConditionExpression="#state = :failed AND xaction_id = :xaction_id",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={
                    ":failed": {"S": State.FAILED},
                    ":xaction_id": {"S": record.xaction_id},
                    ":now": {"S": self.clock().astimezone(UTC).isoformat()},
                },
            )
        except ClientError as exc:
            if exc.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def _keys(self, source: str) -> Iterator[Key]:
        """The keys of the index, shard by shard."""
        client: Any = self.deployed.dynamodb
        pages = client.get_paginator("query")
        for shard in open_shards():
            query = open_query(shard, State.FAILED)
            for page in pages.paginate(TableName=self.deployed.deliveries, **query):
                for item in page["Items"]:
                    name = source_of(item["source"]["S"])
                    if not source or name == source:
                        yield name, item["delivery_id"]["S"]


def _texts(item: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(next(iter(value.values()))) for name, value in item.items()}


def _failed(texts: Mapping[str, str]) -> FailedRecord:
    reason, pointer = reason_and_pointer(texts.get("failure", ""))
    try:
        received_at = datetime.fromisoformat(texts["received_at"])
        failed_at = datetime.fromisoformat(texts.get("failed_at") or texts["received_at"])
        return FailedRecord(
            key=(source_of(texts["source"]), texts["delivery_id"]),
            delivery_id=texts["id"],
            event_type=texts.get("event_type", ""),
            flow=texts.get("flow", ""),
            received_at=received_at,
            failed_at=failed_at if failed_at.tzinfo else failed_at.replace(tzinfo=UTC),
            reason=reason,
            pointer=pointer,
            batch=texts.get("batch", ""),
            xaction_id=texts.get("xaction_id", ""),
            kept=texts.get("kept", ""),
        )
    except (KeyError, ValueError) as exc:
        raise OperationError(f"a row of the deliveries table cannot be read: {exc}") from exc


def reason_and_pointer(text: str) -> tuple[str, str]:
    """The reason, and the first pointer in it: `#/body/xdmEntity/loyaltyId`."""
    found = _POINTER.search(text)
    return text or _NO_REASON, found[1] if found else ""
