"""Read the bodies that a deployment keeps, in the order of their receipt."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from typing import Any, Final

from botocore.exceptions import ClientError

from bridge.delivery.delivery import Delivery
from bridge.delivery.kept import (
    SHARDS,
    KeptKey,
    bounds,
    buckets,
    days,
    kept_delivery,
    kept_key,
    key_in,
    source_in,
)
from inlet_bridge.operations.bodies.damaged_body import DamagedBody, DamagedBodyError
from inlet_bridge.operations.deployed import Deployed

_KEYS: Final = ("bucket", "at", "expires_at")

type _Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KeptBody:
    """A kept body with its place.

    Attributes:
        name: of its object in S3; empty if the item has it.
    """

    key: KeptKey
    name: str
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class _Survey:
    """The keys in a span of time.

    Attributes:
        total: how many webhooks are kept.
        repeated: sort keys of items of which a later one has the same idempotency key: a receiver
            ended after it had kept the body, so that the sender repeated the webhook. The record
            of a delivery names the last one.
    """

    total: int
    repeated: frozenset[str]


class KeptBodies:
    """The kept bodies of one deployment. Every method raises OperationError if it has none.

    What reads many returns a damaged one in its place, so that it does not end the others.
    """

    def __init__(
        self, deployed: Deployed, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._deployed = deployed
        self._clock = clock
        self._surveys: dict[tuple[str, datetime, datetime], _Survey] = {}

    def between(
        self, source: str, since: datetime, until: datetime
    ) -> Iterator[Delivery | DamagedBody]:
        """The webhooks that were received in a span of time, oldest first, each once.

        Bodies are read one after the other; before the first one, all keys are read.

        Args:
            source: its name.
            since: the begin of the span, aware.
            until: its end, which is part of it.
        """
        repeated = self._survey(source, since, until).repeated
        for item in self._items(source, since, until):
            if _at(item) not in repeated and (body := self._read_or_damaged(item)):
                yield body.delivery if isinstance(body, KeptBody) else body

    def count(self, source: str, since: datetime, until: datetime) -> int:
        """How many webhooks `between` yields, from their keys."""
        return self._survey(source, since, until).total

    def find(self, source: str, received_at: datetime, key: str) -> Delivery | None:
        """The kept webhook of a record, by its `received_at` and `kept`; None if it is gone.

        Raises DamagedBodyError.
        """
        bucket, at = kept_key(source, received_at, key)
        answer = self._client.get_item(
            TableName=self._table,
            Key={"bucket": {"S": bucket}, "at": {"S": at}},
            ConsistentRead=True,
        )
        item = answer.get("Item")
        body = self._read(item) if item and not self._is_expired(item) else None
        return body.delivery if body else None

    def stored(self) -> Iterator[KeptBody | DamagedBody]:
        """All bodies that are still stored, also repeated and expired ones, in any order.

        A scan: the sources of some may be deleted, and each day of each source would be sixteen
        queries.
        """
        for page in self._client.get_paginator("scan").paginate(TableName=self._table):
            for item in page["Items"]:
                if body := self._read_or_damaged(item):
                    yield body

    def erase(self, body: KeptBody) -> None:
        """Delete a body: its object first, since only its item names it."""
        if body.name:
            self._objects.delete_object(Bucket=self._bucket, Key=body.name)
        bucket, at = body.key
        self._client.delete_item(
            TableName=self._table, Key={"bucket": {"S": bucket}, "at": {"S": at}}
        )

    def _survey(self, source: str, since: datetime, until: datetime) -> _Survey:
        """Read the keys: a shard after the other, since equal keys are in the same shard."""
        span = (source, since, until)
        if span not in self._surveys:
            total, repeated = 0, set()
            for shard in range(SHARDS):
                seen: set[str] = set()
                for item in self._keys(shard, *span):
                    key = key_in(_at(item))
                    if key in seen:
                        repeated.add(_at(item))
                    seen.add(key)
                total += len(seen)
            self._surveys[span] = _Survey(total, frozenset(repeated))
        return self._surveys[span]

    def _keys(self, shard: int, source: str, since: datetime, until: datetime) -> Iterator[_Item]:
        """The keys of a shard, newest first."""
        for day in reversed([*days(since, until)]):
            bucket = buckets(source, day)[shard]
            for item in self._query(bucket, since, until, newest_first=True, names=_KEYS):
                if not self._is_expired(item):
                    yield item

    def _items(self, source: str, since: datetime, until: datetime) -> Iterator[_Item]:
        """The items of all shards, oldest first."""
        for day in days(since, until):
            shards = (self._query(bucket, since, until) for bucket in buckets(source, day))
            for item in merge(*shards, key=_at):
                if not self._is_expired(item):
                    yield item

    def _query(
        self,
        bucket: str,
        since: datetime,
        until: datetime,
        *,
        newest_first: bool = False,
        names: tuple[str, ...] = (),
    ) -> Iterator[_Item]:
        first, last = bounds(since, until)
        asked: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "#bucket = :bucket AND #at BETWEEN :first AND :last",
            "ExpressionAttributeNames": {"#bucket": "bucket", "#at": "at"},
            "ExpressionAttributeValues": {
                ":bucket": {"S": bucket},
                ":first": {"S": first},
                ":last": {"S": last},
            },
            "ScanIndexForward": not newest_first,
        }
        if names:
            asked["ProjectionExpression"] = ", ".join(f"#{name}" for name in names)
            asked["ExpressionAttributeNames"] = {f"#{name}": name for name in names}
        for page in self._client.get_paginator("query").paginate(**asked):
            yield from page["Items"]

    def _read_or_damaged(self, item: _Item) -> KeptBody | DamagedBody | None:
        try:
            return self._read(item)
        except DamagedBodyError as exc:
            return DamagedBody(source_in(item["bucket"]["S"]), key_in(_at(item)), str(exc))

    def _read(self, item: _Item) -> KeptBody | None:
        """An item with its body; None if its object does not exist (any more)."""
        name = item["object"]["S"] if "object" in item else ""
        try:
            value = self._object(name) if name else item["body"]["B"]
            if value is None:
                return None
            key = KeptKey(item["bucket"]["S"], _at(item))
            return KeptBody(key, name, kept_delivery(value))
        except (KeyError, ValueError) as exc:
            raise DamagedBodyError(_at(item), exc) from exc

    def _object(self, name: str) -> bytes | None:
        try:
            answer = self._objects.get_object(Bucket=self._bucket, Key=name)
        except ClientError as exc:
            if exc.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise
        content: bytes = answer["Body"].read()
        return content

    def _is_expired(self, item: _Item) -> bool:
        return int(item["expires_at"]["N"]) <= self._clock().timestamp()

    @property
    def _client(self) -> Any:
        return self._deployed.dynamodb

    @property
    def _objects(self) -> Any:
        return self._deployed.s3

    @property
    def _table(self) -> str:
        return self._deployed.kept_bodies

    @property
    def _bucket(self) -> str:
        return self._deployed.kept_bodies_bucket


def _at(item: _Item) -> str:
    return str(item["at"]["S"])
