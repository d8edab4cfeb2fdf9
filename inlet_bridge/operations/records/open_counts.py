"""Count the open deliveries of each source in one state, in a bounded number of reads."""

from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple

from bridge.adapters.aws.open_deliveries import open_query
from bridge.delivery.partitions import open_shards, source_of
from bridge.delivery.record import State
from inlet_bridge.operations.records.table import texts_of

_ENTRIES_PER_SHARD: Final = 100
"""Of each of 64 shards: 6,400 entries of about 150 bytes are read at most."""
# The default number of connections of a client (botocore, `max_pool_connections`).
_CONCURRENT_QUERIES: Final = 10


class OpenCounts(NamedTuple):
    """Open deliveries by source.

    Attributes:
        by_source: the oldest of each shard of the index.
        is_complete: whether there are no others.
    """

    by_source: Counter[str]
    is_complete: bool

    def text(self, sources: Iterable[str]) -> str:
        """How many deliveries of these sources, such as `at least 3 deliveries`; empty for none."""
        number = sum(self.by_source[each] for each in sources)
        if not number:
            return ""
        least = "" if self.is_complete else "at least "
        return f"{least}{number:,} {'delivery' if number == 1 else 'deliveries'}"


def open_counts(client: Any, table: str, state: State) -> OpenCounts:
    """Count the entries of the index in a state: one query for each shard.

    Args:
        client: of DynamoDB.
        table: name of the deliveries table.
        state: one of `bridge.delivery.record.OPEN`.

    Raises:
        ClientError, BotoCoreError: the table cannot be read.
    """
    entries, is_complete = oldest_entries(client, table, state)
    return OpenCounts(Counter(source_of(each["source"]) for each in entries), is_complete)


def oldest_entries(client: Any, table: str, state: State) -> tuple[list[Mapping[str, str]], bool]:
    """The oldest entries of each shard in a state, and whether these are all. As above."""

    def page(shard: str) -> Any:
        query = open_query(shard, state)
        return client.query(TableName=table, Limit=_ENTRIES_PER_SHARD, **query)

    with ThreadPoolExecutor(_CONCURRENT_QUERIES) as pool:
        pages = list(pool.map(page, open_shards()))
    entries: list[Mapping[str, str]] = [texts_of(item) for page in pages for item in page["Items"]]
    return entries, not any("LastEvaluatedKey" in page for page in pages)
