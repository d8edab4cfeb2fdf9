"""Query the index of open deliveries."""

from datetime import datetime
from typing import Any

from bridge.adapters.aws.delivery_items import OPEN_INDEX, OPEN_KEYS, open_sort_key
from bridge.delivery.record import State


def open_query(shard: str, state: State, until: datetime | None = None) -> dict[str, Any]:
    """The parameters of a query for a shard's records in a state, oldest first.

    Args:
        shard: of `delivery.partitions.open_shards`.
        state: one of `OPEN`.
        until: the latest time at which they were received; None for no limit.
    """
    # `!` is the character after the space.
    last = open_sort_key(state, until) if until else f"{state}!"
    return {
        "IndexName": OPEN_INDEX,
        "KeyConditionExpression": "#shard = :shard AND #since BETWEEN :first AND :last",
        "ExpressionAttributeNames": {"#shard": OPEN_KEYS[0], "#since": OPEN_KEYS[1]},
        "ExpressionAttributeValues": {
            ":shard": {"S": shard},
            ":first": {"S": f"{state} "},
            ":last": {"S": last},
        },
    }


def open_since(value: str) -> datetime:
    """When a record was received, from its sort key in the index of open deliveries."""
    return datetime.fromisoformat(value.partition(" ")[2])
