"""The deliveries table on DynamoDB."""

from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bridge.adapters.aws import unavailable_if_it_fails
from bridge.delivery.record import Claim, State
from bridge.ports import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef as Value

# A record outlives the longest time over which a provider repeats a delivery (Hook0: 8 days).
RECORD_LIFETIME = timedelta(days=8)

# Free to take: never seen, given up by whoever held it, dead (so that a deliberate repetition
# works), or past its time and not yet swept up by DynamoDB.
_FREE = (
    "attribute_not_exists(delivery_id) OR (#state = :claimed AND claimed_until < :now)"
    " OR #state = :dead OR expires_at < :now"
)
_OURS = "#state = :claimed"
# `state` is a reserved word of DynamoDB's expressions.
_STATE_NAME = {"#state": "state"}


class DynamoDbDeliveries:
    """The port `Deliveries` on one table: partition key `source`, sort key `delivery_id`."""

    def __init__(self, client: "DynamoDBClient", table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._condition_failed = client.exceptions.ConditionalCheckFailedException

    def claim(self, source: str, delivery_id: str, until: datetime) -> Claim:
        """Take a delivery on with one conditional write. Raises UnavailableError."""
        now = self._clock()
        with _recording():
            try:
                self._client.put_item(
                    TableName=self._table,
                    Item={
                        **_key(source, delivery_id),
                        "state": {"S": State.CLAIMED},
                        "claimed_until": _epoch(until),
                        "received_at": {"S": now.isoformat()},
                        "expires_at": _epoch(now + RECORD_LIFETIME),
                    },
                    ConditionExpression=_FREE,
                    ExpressionAttributeNames=_STATE_NAME,
                    ExpressionAttributeValues={
                        ":claimed": {"S": State.CLAIMED},
                        ":dead": {"S": State.DEAD},
                        ":now": _epoch(now),
                    },
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            except self._condition_failed as exc:
                # The stubs do not know that this error carries the former item.
                former: dict[str, Any] = dict(exc.response).get("Item", {})  # type: ignore[assignment]
                return _former_claim(former)
        return Claim(State.NEW)

    def buffered(self, source: str, delivery_id: str) -> None:
        """Record a buffered delivery, unless the forwarder was faster and knows more."""
        with _recording(), suppress(self._condition_failed):
            self._client.update_item(
                TableName=self._table,
                Key=_key(source, delivery_id),
                UpdateExpression="SET #state = :buffered",
                ConditionExpression=_OURS,
                ExpressionAttributeNames=_STATE_NAME,
                ExpressionAttributeValues={
                    ":buffered": {"S": State.BUFFERED},
                    ":claimed": {"S": State.CLAIMED},
                },
            )

    def delivered(self, source: str, delivery_id: str, flow_id: str, xaction_id: str) -> None:
        """Record a delivered delivery. Raises UnavailableError."""
        self._update(
            source,
            delivery_id,
            {
                "state": {"S": State.DELIVERED},
                "flow_id": {"S": flow_id},
                "xaction_id": {"S": xaction_id},
                "delivered_at": {"S": self._clock().isoformat()},
            },
        )

    def dead(self, source: str, delivery_id: str, reason: str) -> None:
        """Record a delivery that went to the dead letters. Raises UnavailableError."""
        self._update(source, delivery_id, {"state": {"S": State.DEAD}, "reason": {"S": reason}})

    def release(self, source: str, delivery_id: str) -> None:
        """Give a claim back, unless it has become more than a claim meanwhile."""
        with _recording(), suppress(self._condition_failed):
            self._client.delete_item(
                TableName=self._table,
                Key=_key(source, delivery_id),
                ConditionExpression=_OURS,
                ExpressionAttributeNames=_STATE_NAME,
                ExpressionAttributeValues={":claimed": {"S": State.CLAIMED}},
            )

    def _update(self, source: str, delivery_id: str, values: "dict[str, Value]") -> None:
        values["expires_at"] = _epoch(self._clock() + RECORD_LIFETIME)
        with _recording():
            self._client.update_item(
                TableName=self._table,
                Key=_key(source, delivery_id),
                UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
                ExpressionAttributeNames={f"#{name}": name for name in values},
                ExpressionAttributeValues={f":{name}": value for name, value in values.items()},
            )


def _recording() -> AbstractContextManager[None]:
    return unavailable_if_it_fails("the deliveries table does not answer")


def _former_claim(item: dict[str, Any]) -> Claim:
    """What the record says; one that vanished between write and answer is still in flight."""
    state = item.get("state", {}).get("S", State.CLAIMED)
    return Claim(State(state), item.get("xaction_id", {}).get("S", ""))


def _key(source: str, delivery_id: str) -> "dict[str, Value]":
    return {"source": {"S": source}, "delivery_id": {"S": delivery_id}}


def _epoch(moment: datetime) -> "Value":
    return {"N": str(int(moment.timestamp()))}
