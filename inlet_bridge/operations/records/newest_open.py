"""Read the newest open deliveries from their index, in a bounded number of requests."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bridge.adapters.aws.delivery_items import OPEN_KEYS
from bridge.adapters.aws.open_deliveries import open_query
from bridge.delivery.partitions import open_shards, source_of
from bridge.delivery.record import State
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.records.table import DeliveryRecord, Records, record_of, texts_of

# Of one page of each shard.
_ENTRIES: Final = 100
MOST_ENTRIES: Final = 500
"""Entries that are returned."""
# The default number of connections of a client (botocore, `max_pool_connections`).
_CONCURRENT_QUERIES: Final = 10


@dataclass(frozen=True, slots=True)
class OpenEntries:
    """Entries of the index.

    Attributes:
        entries: newest first.
        complete_to: entries before this time may be missing; None if none are.
    """

    entries: Sequence[Mapping[str, str]]
    complete_to: datetime | None = None


def newest_open(
    deployed: Deployed, source: str, state: str, until: datetime | None = None
) -> OpenEntries:
    """The newest entries of a state: one query for each shard, however many there are.

    Args:
        deployed: the stack.
        source: its name; empty for all.
        state: one of `bridge.delivery.record.OPEN`.
        until: the latest time of receipt; None for no limit.
    """
    client: Any = deployed.dynamodb
    table = deployed.deliveries

    def query(shard: str) -> Any:
        asked = open_query(shard, State(state), until)
        return client.query(TableName=table, **asked, ScanIndexForward=False, Limit=_ENTRIES)

    with ThreadPoolExecutor(_CONCURRENT_QUERIES) as pool:
        answers = list(pool.map(query, open_shards()))
    ends = [texts_of(one["LastEvaluatedKey"]) for one in answers if "LastEvaluatedKey" in one]
    complete_to = max(map(_time, ends), default=None)
    mine = (
        entry
        for answer in answers
        for entry in map(texts_of, answer["Items"])
        if source in ("", source_of(entry["source"]))
        and (complete_to is None or _time(entry) >= complete_to)
    )
    entries = sorted(mine, key=_time)[::-1]
    if len(entries) > MOST_ENTRIES:
        entries = entries[:MOST_ENTRIES]
        complete_to = _time(entries[-1])
    return OpenEntries(entries, complete_to)


def open_records(
    records: Records, entries: Sequence[Mapping[str, str]]
) -> Iterator[DeliveryRecord]:
    """The records of entries, newest first; those that cannot be read are left out."""
    keys = ({name: {"S": each[name]} for name in ("source", "delivery_id")} for each in entries)
    found = []
    for item in records.read(keys):
        with suppress(OperationError):
            found.append(record_of(item))
    yield from sorted(found, key=lambda record: record.received_at)[::-1]


def _time(entry: Mapping[str, str]) -> datetime:
    """Of the receipt."""
    return datetime.fromisoformat(entry[OPEN_KEYS[1]].partition(" ")[2])
