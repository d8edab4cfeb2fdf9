"""Records of a source and open deliveries are spread over partitions."""

from collections import Counter
from hashlib import sha256

from bridge.delivery.kept import MOST_ITEM_BYTES, SHARDS
from bridge.delivery.partitions import OPEN_SHARDS, open_shard, open_shards, partition
from bridge.idempotency_keys import id_key
from tests.support.sam_template import template

WRITES = 1_000
"""Write units a second of a partition: one for each write of 1 kB."""
WEBHOOKS = int(template()["Parameters"]["RequestsPerSecond"]["Default"])
PARTITIONS = 4
"""Of a new table or index."""


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


def test_outage_at_the_default_rate_does_not_throttle_the_index() -> None:
    """An index that takes no write rejects that to the table. DynamoDB hashes partition keys."""
    shards = Counter(sha256(shard.encode()).digest()[0] % PARTITIONS for shard in open_shards())

    assert max(shards.values()) / OPEN_SHARDS * WEBHOOKS < WRITES


def test_largest_kept_items_at_the_default_rate_do_not_throttle_their_buckets() -> None:
    assert WEBHOOKS * MOST_ITEM_BYTES / 1_024 / SHARDS <= WRITES
