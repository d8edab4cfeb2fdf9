"""Store deliveries in a DynamoDB table."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING, Any

from bridge.adapters.aws.clients import unavailable_if_it_fails
from bridge.adapters.aws.delivery_items import (
    epoch,
    existing_claim,
    key_item,
    keyed_record,
    our_claim,
)
from bridge.delivery.dead_letter import DeadLetterInfo
from bridge.delivery.delivery import Delivery
from bridge.delivery.record import Claim, Key, Record, State, key_of
from bridge.errors import UnavailableError
from bridge.ports.process import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef as Value

# Never seen, an expired claim, dead (so that it can be sent again on purpose), or expired and not
# yet deleted by DynamoDB.
_CLAIMABLE = (
    "attribute_not_exists(delivery_id) OR (#state = :claimed AND claimed_until < :now)"
    " OR #state = :dead OR expires_at < :now"
)
_OWN_CLAIM = "#state = :claimed AND received_at = :received_at"
# Another copy of the message was delivered first: its xactionId is returned.
_NOT_DELIVERED = "attribute_not_exists(#state) OR #state <> :delivered"
# `state` and `source` are reserved words in DynamoDB expressions.
_STATE_NAME = {"#state": "state"}
# Limit of BatchGetItem (Amazon DynamoDB API reference).
_KEYS_PER_CALL = 100
# Limit of BatchWriteItem.
_PUTS_PER_CALL = 25


class DynamoDbDeliveries:
    """The port `Deliveries` on one table; see `delivery_items.key_item` for its keys.

    Args:
        lifetime: how long a record exists after its last change; longer than any provider
            retries a delivery.
    """

    def __init__(
        self, client: "DynamoDBClient", table: str, clock: Clock, lifetime: timedelta
    ) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._lifetime = lifetime
        self._condition_failed = client.exceptions.ConditionalCheckFailedException

    def claim(self, delivery: Delivery, until: datetime) -> Claim:
        """Claim a delivery with one conditional write. Raises UnavailableError."""
        return self._put(delivery, {"claimed_until": epoch(until)}, State.CLAIMED)

    def filtered(self, delivery: Delivery) -> Claim:
        """Record a filtered webhook with one conditional write. Raises UnavailableError."""
        return self._put(delivery, {}, State.FILTERED)

    def _put(self, delivery: Delivery, values: "dict[str, Value]", state: State) -> Claim:
        now = self._clock()
        with _translated_errors():
            try:
                self._client.put_item(
                    TableName=self._table,
                    Item={
                        **key_item((delivery.source, delivery.key)),
                        "id": {"S": delivery.delivery_id},
                        "state": {"S": state},
                        "event_type": {"S": delivery.event_type},
                        "flow": {"S": delivery.flow},
                        "received_at": {"S": delivery.received_at.isoformat()},
                        "expires_at": epoch(now + self._lifetime),
                        **values,
                    },
                    ConditionExpression=_CLAIMABLE,
                    ExpressionAttributeNames=_STATE_NAME,
                    ExpressionAttributeValues={
                        ":claimed": {"S": State.CLAIMED},
                        ":dead": {"S": State.DEAD},
                        ":now": epoch(now),
                    },
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            except self._condition_failed as exc:
                # The stubs lack the existing item of this error.
                existing: dict[str, Any] = dict(exc.response).get("Item", {})  # type: ignore[assignment]
                return existing_claim(existing)
        return Claim(State.NEW)

    def release(self, delivery: Delivery) -> None:
        """Delete a claim, unless the state has changed or another request holds the claim."""
        with _translated_errors(), suppress(self._condition_failed):
            self._client.delete_item(
                TableName=self._table,
                Key=key_item((delivery.source, delivery.key)),
                ConditionExpression=_OWN_CLAIM,
                ExpressionAttributeNames=_STATE_NAME,
                ExpressionAttributeValues=our_claim(delivery),
            )

    def find(self, deliveries: Iterable[Delivery]) -> Mapping[Key, Record]:
        """The records that exist, as they are now. Raises UnavailableError."""
        records: dict[Key, Record] = {}
        keys = dict.fromkeys(map(key_of, deliveries))
        for some in batched(keys, _KEYS_PER_CALL, strict=False):
            with _translated_errors():
                answer = self._client.batch_get_item(
                    RequestItems={
                        self._table: {"Keys": list(map(key_item, some)), "ConsistentRead": True}
                    }
                )
            if answer["UnprocessedKeys"]:
                raise UnavailableError("the deliveries table does not respond: throttled")
            records |= map(keyed_record, answer["Responses"].get(self._table, []))
        return records

    def buffered(self, delivery: Delivery, reason: str = "") -> None:
        """Record a buffered delivery, unless the forwarder has already changed the record."""
        reason_value = {":reason": {"S": reason}} if reason else {}
        with _translated_errors(), suppress(self._condition_failed):
            self._client.update_item(
                TableName=self._table,
                Key=key_item((delivery.source, delivery.key)),
                UpdateExpression="SET #state = :buffered"
                + (", reason = :reason" if reason else ""),
                ConditionExpression=_OWN_CLAIM,
                ExpressionAttributeNames=_STATE_NAME,
                ExpressionAttributeValues={
                    ":buffered": {"S": State.BUFFERED},
                    **reason_value,
                    **our_claim(delivery),
                },
            )

    def split(self, delivery: Delivery, parts: int) -> None:
        """Record that a webhook became several deliveries, or none. Raises UnavailableError."""
        state = State.SPLIT if parts else State.FILTERED
        self._update(delivery, state, {"parts": {"N": str(parts)}})

    def postponed(self, delivery: Delivery, reason: str, until: datetime) -> None:
        """Record why a delivery still waits. Raises UnavailableError."""
        self._update(
            delivery,
            State.BUFFERED,
            {
                "reason": {"S": reason},
                "next_attempt_at": {"S": until.isoformat()},
            },
        )

    def delivered(self, delivery: Delivery, flow_id: str, xaction_id: str) -> None:
        """Record a delivered delivery. Raises UnavailableError."""
        self._update(
            delivery,
            State.DELIVERED,
            {
                "flow_id": {"S": flow_id},
                "xaction_id": {"S": xaction_id},
                "delivered_at": {"S": self._clock().isoformat()},
            },
        )

    def delivered_all(self, deliveries: Iterable[tuple[Delivery, str]], flow_id: str) -> None:
        """Record the deliveries of one batch, 25 at once. Raises UnavailableError.

        BatchWriteItem supports no conditions. None is needed: the forwarder reads the records just
        before it sends, and of two concurrent copies the later xactionId is recorded.
        """
        now = self._clock()
        common: dict[str, Value] = {
            "state": {"S": State.DELIVERED},
            "flow_id": {"S": flow_id},
            "delivered_at": {"S": now.isoformat()},
            "expires_at": epoch(now + self._lifetime),
        }
        puts: list[Any] = [
            {"PutRequest": {"Item": {**_own_values(delivery, xaction_id), **common}}}
            for delivery, xaction_id in deliveries
        ]
        for some in batched(puts, _PUTS_PER_CALL, strict=False):
            unprocessed = self._put_all(some)
            if unprocessed and self._put_all(unprocessed):
                raise UnavailableError("the deliveries table does not respond: throttled")

    def _put_all(self, puts: Iterable[Any]) -> list[Any]:
        """Write items; return the unprocessed ones."""
        with _translated_errors():
            answer = self._client.batch_write_item(RequestItems={self._table: list(puts)})
        return list(answer.get("UnprocessedItems", {}).get(self._table, []))

    def dead(self, delivery: Delivery, info: DeadLetterInfo) -> None:
        """Record a delivery in the dead-letter queue. Raises UnavailableError."""
        self._update(
            delivery,
            State.DEAD,
            {
                "class": {"S": info.kind},
                "reason": {"S": info.reason},
                "attempts": {"N": str(info.attempts)},
                "died_at": {"S": info.died_at.isoformat()},
            },
        )

    def _update(self, delivery: Delivery, state: State, values: "dict[str, Value]") -> None:
        """Set values, unless it is delivered; an expired record is created again completely."""
        values |= {
            "id": {"S": delivery.delivery_id},
            "state": {"S": state},
            "event_type": {"S": delivery.event_type},
            "flow": {"S": delivery.flow},
            "received_at": {"S": delivery.received_at.isoformat()},
            "expires_at": epoch(self._clock() + self._lifetime),
        }
        with _translated_errors(), suppress(self._condition_failed):
            self._client.update_item(
                TableName=self._table,
                Key=key_item((delivery.source, delivery.key)),
                UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
                ConditionExpression=_NOT_DELIVERED,
                ExpressionAttributeNames={f"#{name}": name for name in values},
                ExpressionAttributeValues={
                    **{f":{name}": value for name, value in values.items()},
                    ":delivered": {"S": State.DELIVERED},
                },
            )


def _own_values(delivery: Delivery, xaction_id: str) -> "dict[str, Value]":
    """The values of a delivered delivery that differ within its batch."""
    return {
        **key_item((delivery.source, delivery.key)),
        "id": {"S": delivery.delivery_id},
        "event_type": {"S": delivery.event_type},
        "flow": {"S": delivery.flow},
        "received_at": {"S": delivery.received_at.isoformat()},
        "xaction_id": {"S": xaction_id},
    }


def _translated_errors() -> AbstractContextManager[None]:
    return unavailable_if_it_fails("the deliveries table does not respond")
