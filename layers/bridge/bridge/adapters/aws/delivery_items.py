"""Convert items of the deliveries table to and from DynamoDB's typed values."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from bridge.deduplication import partition, source_of
from bridge.delivery.delivery import Delivery
from bridge.delivery.record import Claim, Key, Record, State

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef as Value

# Earlier than any claim.
_NEVER = datetime.min.replace(tzinfo=UTC)

ATTEMPT_ENDED: "Final[dict[str, Value]]" = {"sending_until": {"N": "0"}}
"""Ends the reservation of `DynamoDbAttempts`."""


def key_item(key: Key) -> "dict[str, Value]":
    """The table's key: `source` is a partition of the source, `delivery_id` the whole key."""
    source, text = key
    return {"source": {"S": partition(source, text)}, "delivery_id": {"S": text}}


def our_claim(delivery: Delivery) -> "dict[str, Value]":
    """The values that identify a claim of this delivery."""
    return {
        ":claimed": {"S": State.CLAIMED},
        ":received_at": {"S": delivery.received_at.isoformat()},
    }


def existing_claim(item: Mapping[str, Any]) -> Claim:
    """The existing claim; one that expired since the write counts as in flight."""
    return Claim(State(_text(item, "state") or State.CLAIMED), _text(item, "xaction_id"))


def keyed_record(item: Mapping[str, Any]) -> tuple[Key, Record]:
    """An item as a record with its key."""
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
    """Whole seconds, as DynamoDB's TTL requires."""
    return {"N": str(int(moment.timestamp()))}
