"""Items of the deliveries table in DynamoDB's typed values, and the parameters that write them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from os import urandom
from typing import TYPE_CHECKING, Any, Final

from bridge.delivery.claim import Claim
from bridge.delivery.delivery import Delivery
from bridge.delivery.partitions import open_shard, partition, source_of
from bridge.delivery.record import OPEN, Key, Record, State, key_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef as Value

OPEN_INDEX: Final = "Open"
"""The index of records whose delivery waits or is dead. It has only their keys, so that a write
which changes other attributes, such as the reason, costs nothing in the index."""
OPEN_KEYS: Final = ("open_shard", "open_since")
"""The index's keys. Other records lack them, so DynamoDB does not copy them to the index:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-indexes-general-sparse-indexes.html"""

SENT_INDEX: Final = "Sent"
"""The index of delivered records whose body is kept, by the inlet's id of their message. It has
only keys."""
SENT_KEY: Final = "sent_as"
"""The index's key. Records of deliveries whose body is not kept lack it, so that they cost no write
to the index."""

STATE_NAME: "Final[Mapping[str, str]]" = {"#state": "state"}
"""`state` and `source` are reserved words in DynamoDB expressions."""

# Never seen, an expired claim, dead (sent again on purpose), or expired and not deleted yet.
_CLAIMABLE: Final = (
    "attribute_not_exists(delivery_id) OR (#state = :claimed AND claimed_until < :now)"
    " OR #state = :dead OR expires_at < :now"
)
_REMOVE_OPEN: Final = f" REMOVE {', '.join(OPEN_KEYS)}"
_TOKEN_BYTES: Final = 8

# Earlier than any claim.
_NEVER = datetime.min.replace(tzinfo=UTC)

NOT_ACCEPTED: Final = "attribute_not_exists(#state) OR NOT #state IN (:accepted, :rejected)"
"""The condition that the inlet has accepted no other copy of the message."""
ACCEPTED_STATES: "Final[dict[str, Value]]" = {
    ":accepted": {"S": State.DELIVERED},
    ":rejected": {"S": State.FAILED},
}
"""The values of the condition."""

ATTEMPT_ENDED: "Final[dict[str, Value]]" = {"sending_until": {"N": "0"}}
"""Ends the reservation of `DynamoDbAttempts`."""


# A record is read or claimed before it is written, a batch of the forwarder for each message.
@lru_cache(maxsize=256)
def key_item(key: Key) -> "Mapping[str, Value]":
    """The table's key: `source` is a partition of the source, `delivery_id` the whole key."""
    source, text = key
    return {"source": {"S": partition(source, text)}, "delivery_id": {"S": text}}


def own_values(delivery: Delivery) -> "dict[str, Value]":
    """What a record says of its delivery, in every state."""
    values: dict[str, Value] = {
        "id": {"S": delivery.delivery_id},
        "event_type": {"S": delivery.event_type},
        "flow": {"S": delivery.flow},
        "received_at": {"S": delivery.received_at.isoformat()},
    }
    if delivery.kept:
        values["kept"] = {"S": delivery.kept}
    if delivery.replay:
        values["replay"] = {"S": delivery.replay}
        # A replay restarts the retry period.
        values["replayed_at"] = {"S": delivery.buffered_at.isoformat()}
    return values


def sent_values(delivery: Delivery, xaction_id: str) -> "dict[str, Value]":
    """What a record says of the message of a delivered delivery.

    The xactionId is a key of the index too if the body is kept.
    """
    values: dict[str, Value] = {"xaction_id": {"S": xaction_id}}
    # An empty text is no valid key of an index.
    if delivery.kept and xaction_id:
        values[SENT_KEY] = {"S": xaction_id}
    if delivery.note:
        values["note"] = {"S": delivery.note}
    return values


def open_values(delivery: Delivery, state: State) -> "dict[str, Value]":
    """The index's keys of a record in this state; empty if it is not open."""
    return open_entry(delivery.key, delivery.received_at, state)


def open_entry(key: str, received_at: datetime, state: State) -> "dict[str, Value]":
    """As `open_values`, by the idempotency key and the time of receipt of a delivery."""
    if state not in OPEN:
        return {}
    values = (open_shard(key), open_sort_key(state, received_at))
    return {name: {"S": value} for name, value in zip(OPEN_KEYS, values, strict=True)}


def open_sort_key(state: State, moment: datetime) -> str:
    """The sort key in the index of open deliveries of one that was received at this moment."""
    return f"{state} {moment.astimezone(UTC).isoformat()}"


def claim_parameters(
    delivery: Delivery,
    state: State,
    now: datetime,
    expires_at: datetime,
    until: datetime | None = None,
    *,
    former: State = State.DEAD,
) -> dict[str, Any]:
    """The parameters of PutItem that claims a delivery until a time, or records a filtered one.

    Args:
        delivery: to be claimed.
        state: the new one.
        now: the time.
        expires_at: of the record.
        until: of the claim.
        former: the state of a record that may be replaced, besides an expired one.
    """
    return {
        "Item": {
            **key_item(key_of(delivery)),
            **own_values(delivery),
            "state": {"S": state},
            "expires_at": epoch(expires_at),
            "claim": unique_token(),
            **({"claimed_until": epoch(until)} if until else {}),
        },
        "ConditionExpression": _CLAIMABLE,
        "ExpressionAttributeNames": STATE_NAME,
        "ExpressionAttributeValues": {
            ":claimed": {"S": State.CLAIMED},
            ":dead": {"S": former},  # Nearly always: such claims are the most writes.
            ":now": epoch(now),
        },
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def update_parameters(
    delivery: Delivery, state: State, values: "Mapping[str, Value]", expires_at: datetime
) -> dict[str, Any]:
    """The parameters of UpdateItem that sets a state and values, unless it was accepted.

    An expired record is created again completely.
    """
    opened = open_values(delivery, state)
    whole = {
        **values,
        **own_values(delivery),
        **opened,
        "state": {"S": state},
        "expires_at": epoch(expires_at),
    }
    assigned, names = _assignments(tuple(whole))
    return {
        "Key": key_item(key_of(delivery)),
        "UpdateExpression": f"SET {assigned}" + ("" if opened else _REMOVE_OPEN),
        "ConditionExpression": NOT_ACCEPTED,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": {**as_parameters(whole), **ACCEPTED_STATES},
    }


def delivered_parameters(
    delivery: Delivery, flow_id: str, xaction_id: str, now: datetime, expires_at: datetime
) -> dict[str, Any]:
    """The parameters of UpdateItem that records a delivered delivery."""
    values: dict[str, Value] = {
        "flow_id": {"S": flow_id},
        "delivered_at": {"S": now.isoformat()},
        **sent_values(delivery, xaction_id),
    }
    return update_parameters(delivery, State.DELIVERED, values, expires_at)


@lru_cache(maxsize=64)  # The combinations of attributes that are written are few.
def _assignments(names: tuple[str, ...]) -> "tuple[str, Mapping[str, str]]":
    """The assignments of an update of these attributes, and the names that it refers to."""
    return ", ".join([f"#{name} = :{name}" for name in names]), {f"#{name}": name for name in names}


def as_parameters(values: "dict[str, Value]") -> "dict[str, Value]":
    """Values for an expression, in which their names begin with a colon."""
    return {f":{name}": value for name, value in values.items()}


def unique_token() -> "Value":
    """What no other write has: a write that the client repeats recognizes itself in the record."""
    return {"S": urandom(_TOKEN_BYTES).hex()}


def existing_claim(failed: Mapping[str, Any], ours: Mapping[str, Any]) -> Claim:
    """The existing claim; one that expired since the write counts as in flight.

    Args:
        failed: the response with the existing item, of a write whose condition failed.
        ours: the item of this write. If the existing one has its token, the write was done and its
            response was lost, so the claim is NEW.
    """
    item = failed.get("Item", {})
    if item.get("claim") == ours["claim"]:
        return Claim(State.NEW)
    return Claim(State(_text(item, "state") or State.CLAIMED), _text(item, "xaction_id"))


def keyed_record(item: Mapping[str, Any]) -> tuple[Key, Record]:
    """An item as a record with its key."""
    record = Record(
        state=State(_text(item, "state")),
        received_at=datetime.fromisoformat(_text(item, "received_at")),
        claimed_until=datetime.fromtimestamp(int(item["claimed_until"]["N"]), UTC)
        if "claimed_until" in item
        else _NEVER,
        replay=_text(item, "replay"),
    )
    return (source_of(_text(item, "source")), _text(item, "delivery_id")), record


def _text(item: Mapping[str, Any], name: str) -> str:
    return str(item.get(name, {}).get("S", ""))


def epoch(moment: datetime) -> "Value":
    """Whole seconds, as DynamoDB's TTL requires."""
    return {"N": str(int(moment.timestamp()))}
