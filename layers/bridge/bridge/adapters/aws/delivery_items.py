"""Items of the deliveries table, to and from DynamoDB's typed values."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bridge.deduplication import partition, source_of
from bridge.delivery.delivery import Delivery
from bridge.delivery.record import Claim, Key, Record, State

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef as Value

# Before the first claim of all.
_NEVER = datetime.min.replace(tzinfo=UTC)


def key_item(key: Key) -> "dict[str, Value]":
    """The table's key: `source` is a partition of the source, `delivery_id` the whole key."""
    source, text = key
    return {"source": {"S": partition(source, text)}, "delivery_id": {"S": text}}


def our_claim(delivery: Delivery) -> "dict[str, Value]":
    """The values by which a claim is known as this delivery's own."""
    return {
        ":claimed": {"S": State.CLAIMED},
        ":received_at": {"S": delivery.received_at.isoformat()},
    }


def former_claim(item: Mapping[str, Any]) -> Claim:
    """What the record says; one that vanished between write and answer is still in flight."""
    return Claim(State(_text(item, "state") or State.CLAIMED), _text(item, "xaction_id"))


def keyed_record(item: Mapping[str, Any]) -> tuple[Key, Record]:
    """An item as it was read."""
    record = Record(
        state=State(_text(item, "state")),
        received_at=datetime.fromisoformat(_text(item, "received_at")),
        claimed_until=datetime.fromtimestamp(int(item["claimed_until"]["N"]), UTC)
        if "claimed_until" in item
        else _NEVER,
    )
    return (source_of(_text(item, "source")), _text(item, "delivery_id")), record


def _text(item: Mapping[str, Any], name: str) -> str:
    return str(item.get(name, {}).get("S", ""))


def epoch(moment: datetime) -> "Value":
    """Whole seconds, as DynamoDB's TTL wants them."""
    return {"N": str(int(moment.timestamp()))}
