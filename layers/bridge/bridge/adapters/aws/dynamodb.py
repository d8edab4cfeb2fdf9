"""Store deliveries in a DynamoDB table."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING, Any

from bridge.adapters.aws.clients import unavailable_if_it_fails
from bridge.adapters.aws.delivery_items import (
    ACCEPTED_STATES,
    ATTEMPT_ENDED,
    NOT_ACCEPTED,
    OPEN_KEYS,
    as_parameters,
    assignments,
    epoch,
    existing_claim,
    key_item,
    keyed_record,
    open_values,
    our_claim,
    own_values,
    sent_values,
    unique_token,
)
from bridge.adapters.aws.retried_writes import all_written, written
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.delivery.claim import Claim
from bridge.delivery.delivery import Delivery
from bridge.delivery.record import Key, Record, State, key_of
from bridge.errors import UnavailableError
from bridge.ports.process import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef as Value

    from bridge.delivery.dead_letter import DeadLetterInfo

# Never seen, an expired claim, dead (sent again on purpose), or expired and not deleted yet.
_CLAIMABLE = (
    "attribute_not_exists(delivery_id) OR (#state = :claimed AND claimed_until < :now)"
    " OR #state = :dead OR expires_at < :now"
)
_OWN_CLAIM = "#state = :claimed AND received_at = :received_at"
# `state` and `source` are reserved words in DynamoDB expressions.
_STATE_NAME = {"#state": "state"}
_REMOVE_OPEN = f" REMOVE {', '.join(OPEN_KEYS)}"
# Limit of BatchGetItem (Amazon DynamoDB API reference).
_KEYS_PER_CALL = 100
_NO_RETRIES = RetryBudget(remaining=lambda: 0.0)


class DynamoDbDeliveries:
    """The port `Deliveries` on one table; see `delivery_items.key_item` for its keys.

    Args:
        lifetime: of a record after its last change; longer than any provider retries a delivery.
        retries: how long the record of a delivered message is tried, after the client's own
            retries: without it, the claim expires and a repetition is sent again.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        clock: Clock,
        lifetime: timedelta,
        retries: RetryBudget = _NO_RETRIES,
    ) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._lifetime = lifetime
        self._retries = retries
        self._condition_failed = client.exceptions.ConditionalCheckFailedException

    def claim(self, delivery: Delivery, until: datetime) -> Claim:
        """Claim a delivery with one conditional write. Raises UnavailableError."""
        return self._put(delivery, {"claimed_until": epoch(until)}, State.CLAIMED)

    def filtered(self, delivery: Delivery) -> Claim:
        """Record a filtered webhook with one conditional write. Raises UnavailableError."""
        return self._put(delivery, {}, State.FILTERED)

    def _put(self, delivery: Delivery, values: "dict[str, Value]", state: State) -> Claim:
        now, token = self._clock(), unique_token()
        with _translated_errors():
            try:
                self._client.put_item(
                    TableName=self._table,
                    Item={
                        **key_item(key_of(delivery)),
                        **own_values(delivery),
                        "state": {"S": state},
                        "expires_at": epoch(now + self._lifetime),
                        "claim": token,
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
                return existing_claim(exc.response, token)
        return Claim(State.NEW)

    def release(self, delivery: Delivery) -> None:
        """Delete a claim, unless the state has changed or another request holds the claim."""
        with _translated_errors(), suppress(self._condition_failed):
            self._client.delete_item(
                TableName=self._table,
                Key=key_item(key_of(delivery)),
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
        values = open_values(delivery, State.BUFFERED) | (
            {"reason": {"S": reason}} if reason else {}
        )
        assigned = ", ".join(f"{name} = :{name}" for name in values)
        with _translated_errors(), suppress(self._condition_failed):
            self._client.update_item(
                TableName=self._table,
                Key=key_item(key_of(delivery)),
                UpdateExpression=f"SET #state = :buffered, {assigned}",
                ConditionExpression=_OWN_CLAIM,
                ExpressionAttributeNames=_STATE_NAME,
                ExpressionAttributeValues={
                    ":buffered": {"S": State.BUFFERED},
                    **as_parameters(values),
                    **our_claim(delivery),
                },
            )

    def split(self, delivery: Delivery, parts: int) -> None:
        """Record that a webhook became several deliveries, or none. Raises UnavailableError."""
        state = State.SPLIT if parts else State.FILTERED
        self._update(delivery, state, {"parts": {"N": str(parts)}})

    def postponed(
        self, delivery: Delivery, reason: str, until: datetime, attempts: int = 1
    ) -> None:
        """Record why a delivery still waits. Raises UnavailableError."""
        waits: dict[str, Value] = {
            "reason": {"S": reason},
            "next_attempt_at": {"S": until.isoformat()},
            "attempts": {"N": str(attempts)},
        }
        self._update(delivery, State.BUFFERED, waits | ATTEMPT_ENDED)

    def delivered(self, delivery: Delivery, flow_id: str, xaction_id: str) -> None:
        """Record a delivered delivery. Raises UnavailableError."""
        values: dict[str, Value] = {
            "flow_id": {"S": flow_id},
            "delivered_at": {"S": self._clock().isoformat()},
            **sent_values(delivery, xaction_id),
        }
        written(lambda: self._update(delivery, State.DELIVERED, values), self._retries)

    def delivered_all(self, deliveries: Iterable[tuple[Delivery, str]], flow_id: str) -> None:
        """Record the deliveries of one batch, 25 at once. Raises UnavailableError.

        BatchWriteItem has no conditions; of two concurrent copies the later xactionId is recorded.
        """
        now = self._clock()
        common: dict[str, Value] = {
            "state": {"S": State.DELIVERED},
            "flow_id": {"S": flow_id},
            "delivered_at": {"S": now.isoformat()},
            "expires_at": epoch(now + self._lifetime),
        }
        items = [
            {
                **key_item(key_of(delivery)),
                **own_values(delivery),
                **common,
                **sent_values(delivery, xaction_id),
            }
            for delivery, xaction_id in deliveries
        ]
        all_written(items, self._put_all, self._retries)

    def _put_all(self, items: Iterable[Any]) -> list[Any]:
        """Write items; return the unprocessed ones."""
        puts: list[Any] = [{"PutRequest": {"Item": item}} for item in items]
        with _translated_errors():
            answer: Any = self._client.batch_write_item(RequestItems={self._table: puts})
        left = answer.get("UnprocessedItems", {}).get(self._table, [])
        return [put["PutRequest"]["Item"] for put in left]

    def dead(self, delivery: Delivery, info: "DeadLetterInfo") -> None:
        """Record a delivery in the dead-letter queue. Raises UnavailableError."""
        died: dict[str, Value] = {
            "class": {"S": info.kind},
            "reason": {"S": info.reason},
            "attempts": {"N": str(info.attempts)},
            "died_at": {"S": info.died_at.isoformat()},
        }
        self._update(delivery, State.DEAD, died | ATTEMPT_ENDED)

    def _update(self, delivery: Delivery, state: State, values: "dict[str, Value]") -> None:
        """Set values, unless it was accepted; an expired record is created again completely."""
        opened = open_values(delivery, state)
        values |= {
            **own_values(delivery),
            **opened,
            "state": {"S": state},
            "expires_at": epoch(self._clock() + self._lifetime),
        }
        assigned, names = assignments(tuple(values))
        with _translated_errors(), suppress(self._condition_failed):
            self._client.update_item(
                TableName=self._table,
                Key=key_item(key_of(delivery)),
                UpdateExpression=f"SET {assigned}" + ("" if opened else _REMOVE_OPEN),
                ConditionExpression=NOT_ACCEPTED,
                ExpressionAttributeNames=names,
                ExpressionAttributeValues={**as_parameters(values), **ACCEPTED_STATES},
            )


def _translated_errors() -> AbstractContextManager[None]:
    return unavailable_if_it_fails("the deliveries table does not respond")
