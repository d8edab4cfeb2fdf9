"""Partition keys of the deliveries table and of its index of open deliveries."""

from typing import Final
from zlib import crc32

OPEN_SHARDS: Final = 64
"""Partition keys of the index of open deliveries. DynamoDB allows 1,000 writes a second to each
partition of an index, and an index that cannot take a write rejects the write to the table:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/gsi-throttling.html. Each reader
of the index makes one query per shard, half a read unit if the shard is empty."""


def partition(source: str, key: str) -> str:
    """The partition key of a record: the source and 32 bits of a hash of the key.

    DynamoDB allows 1,000 writes a second to each partition, and a webhook needs two, so the
    records of one source must be spread over all partitions of the table:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html.
    """
    return f"{source}#{_hash_of(key):08x}"


def source_of(partition_key: str) -> str:
    """The source of a partition key; a source's name contains no `#`."""
    return partition_key.partition("#")[0]


def open_shard(key: str) -> str:
    """The shard of a record in the index of open deliveries."""
    return _shard(_hash_of(key) % OPEN_SHARDS)


def open_shards() -> list[str]:
    """All shards of the index of open deliveries."""
    return list(map(_shard, range(OPEN_SHARDS)))


def _hash_of(key: str) -> int:
    return crc32(key.encode(errors="surrogatepass"))


def _shard(number: int) -> str:
    return f"{number:02d}"
