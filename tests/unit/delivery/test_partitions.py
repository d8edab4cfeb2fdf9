"""Records of a source and open deliveries are spread over partitions."""

from collections import Counter
from hashlib import sha256

from bridge.delivery.partitions import OPEN_SHARDS, open_shard, open_shards, partition
from bridge.idempotency_keys import id_key


def test_records_of_one_source_are_spread_over_all_partitions_of_the_table() -> None:
    """A new table has four partitions of 1,000 writes a second; DynamoDB hashes partition keys."""
    writes = Counter(
        sha256(partition("github", id_key(f"evt_{number}")).encode()).digest()[0] % 4
        for number in range(40_000)
    )

    assert max(writes.values()) < 1.05 * 10_000


def test_open_deliveries_are_distributed_evenly_over_shards() -> None:
    found = Counter(open_shard(id_key(f"evt_{number}")) for number in range(64_000))

    assert set(found) == set(open_shards())
    assert len(found) == OPEN_SHARDS
    assert max(found.values()) < 1.2 * 64_000 / OPEN_SHARDS
