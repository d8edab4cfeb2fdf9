"""Deduplication keys: a webhook, an item of it and a copy for one target never share one.

The sender chooses ids, and an unsigned header lets anybody choose one, so a key begins with what
it is the key of: two kinds cannot meet, whatever the ids are.

    id:evt_1                        a webhook, by the id that the provider gave it
    content:5f2c…                   a webhook, by the SHA-256 of what identifies it
    item:4711                       an event of a webhook, by its `ItemId`
    part:0/id:evt_1                 an event of a webhook, by its position there
    target:crm/id:evt_1             one of several messages of an event, by its flow
    message:9f8e…                   an event that was not read, by the id that SQS gave it

A flow's name has no `/` (`chain.identifiers.NAME`), so the key that follows is read unambiguously.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

MAX_ID_BYTES: Final = 256
"""Bytes of an id in UTF-8; a longer one is replaced by its hash. DynamoDB's
sort keys end at 1,024."""

_HASH: Final = "sha256:"

SHARDS: Final = 64
"""Partition keys per source. DynamoDB writes 1,000 times a second to one, and a webhook needs two
writes, so a source has room for 32,000 webhooks a second ("Designing partition keys to distribute
your workload", Amazon DynamoDB developer guide)."""


def id_key(text: str) -> str:
    """The key of a webhook whose provider says which one it is."""
    return f"id:{_bounded(text)}"


def content_key(parts: Sequence[bytes]) -> str:
    """The key of a webhook that its signed content identifies."""
    hashed = hashlib.sha256()
    for part in parts:
        # The length keeps what moves from one part to the next from being the same.
        hashed.update(b"%d:" % len(part))
        hashed.update(part)
    return f"content:{hashed.hexdigest()}"


def item_key(text: str) -> str:
    """The key of an event that a webhook holds beside others, by its own id."""
    return f"item:{_bounded(text)}"


def part_key(webhook: str, position: int) -> str:
    """The key of such an event that has no id of its own."""
    return f"part:{position}/{webhook}"


def target_key(event: str, flow: str) -> str:
    """The key of the message that one of several flows gets of an event."""
    return f"target:{flow}/{event}"


def message_key(message_id: str) -> str:
    """The key of a queue's message of which nothing else is known."""
    return f"message:{_bounded(message_id)}"


def partition(source: str, key: str) -> str:
    """The partition that a record lies in: spread evenly within one source."""
    shard = int.from_bytes(hashlib.sha256(key.encode(errors="surrogatepass")).digest()[:4])
    return f"{source}#{shard % SHARDS:02d}"


def partitions(source: str) -> list[str]:
    """All partitions of a source."""
    return [f"{source}#{shard:02d}" for shard in range(SHARDS)]


def source_of(partition_key: str) -> str:
    """The source that a partition belongs to; a source's name has no `#`."""
    return partition_key.partition("#")[0]


def is_short(text: str) -> bool:
    """Whether an id can be kept as it is: short, and nothing but printable characters."""
    return text.isprintable() and len(text.encode()) <= MAX_ID_BYTES


def hashed(text: str) -> str:
    """What stands for an id that cannot."""
    return f"{_HASH}{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()}"


def _bounded(text: str) -> str:
    """The id or its hash; an id that looks like a hash is hashed, so no id stands for another."""
    return text if is_short(text) and not text.startswith(_HASH) else hashed(text)
