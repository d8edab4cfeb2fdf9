"""Store deliveries in a DynamoDB table."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import batched, count
from typing import TYPE_CHECKING, Any

from bridge.adapters.aws.clients import AWS_ERRORS, unavailable
from bridge.adapters.aws.delivery_items import (
    ATTEMPT_ENDED,
    STATE_NAME,
    as_parameters,
    claim_parameters,
    delivered_parameters,
    epoch,
    existing_claim,
    key_item,
    keyed_record,
    open_values,
    own_values,
    sent_values,
    update_parameters,
)
from bridge.adapters.aws.retried_writes import all_written
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

_OWN_CLAIM = "#state = :claimed AND received_at = :received_at"
# Limit of BatchGetItem (Amazon DynamoDB API reference).
_KEYS_PER_CALL = 100
_FAILS = "the deliveries table does not respond"
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
        return self._put(delivery, State.CLAIMED, until)

    def claim_filtered(self, delivery: Delivery, until: datetime) -> Claim:
        """Claim a filtered webhook with one conditional write. Raises UnavailableError."""
        return self._put(delivery, State.CLAIMED, until, former=State.FILTERED)

    def filtered(self, delivery: Delivery) -> Claim:
        """Record a filtered webhook with one conditional write. Raises UnavailableError."""
        return self._put(delivery, State.FILTERED)

    def _put(
        self,
        delivery: Delivery,
        state: State,
        until: datetime | None = None,
        former: State = State.DEAD,
    ) -> Claim:
        now = self._clock()
        expires_at = now + self._lifetime
        parameters = claim_parameters(delivery, state, now, expires_at, until, former=former)
        try:
            self._client.put_item(TableName=self._table, **parameters)
        except self._condition_failed as exc:
            return existing_claim(exc.response, parameters["Item"])
        except AWS_ERRORS as exc:
            raise unavailable(_FAILS, exc) from exc
        return Claim(State.NEW)

    def release(self, delivery: Delivery) -> None:
        """Delete a claim, unless the state has changed or another request holds the claim."""
        try:
            self._client.delete_item(
                TableName=self._table,
                Key=key_item(key_of(delivery)),
                ConditionExpression=_OWN_CLAIM,
                ExpressionAttributeNames=STATE_NAME,
                ExpressionAttributeValues=_our_claim(delivery),
            )
        except self._condition_failed:
            return
        except AWS_ERRORS as exc:
            raise unavailable(_FAILS, exc) from exc

    def find(self, deliveries: Iterable[Delivery]) -> Mapping[Key, Record]:
        """The records that exist, as they are now. Raises UnavailableError."""
        records: dict[Key, Record] = {}
        keys = dict.fromkeys(map(key_of, deliveries))
        for some in batched(keys, _KEYS_PER_CALL, strict=False):
            try:
                answer = self._client.batch_get_item(
                    RequestItems={
                        self._table: {"Keys": list(map(key_item, some)), "ConsistentRead": True}
                    }
                )
            except AWS_ERRORS as exc:
                raise unavailable(_FAILS, exc) from exc
            if answer["UnprocessedKeys"]:
                raise UnavailableError(f"{_FAILS}: throttled")
            records |= map(keyed_record, answer["Responses"].get(self._table, []))
        return records

    def buffered(self, delivery: Delivery, reason: str = "") -> None:
        """Record a buffered delivery, unless the forwarder has already changed the record."""
        values = open_values(delivery, State.BUFFERED) | (
            {"reason": {"S": reason}} if reason else {}
        )
        assigned = ", ".join(f"{name} = :{name}" for name in values)
        self._update_if(
            Key=key_item(key_of(delivery)),
            UpdateExpression=f"SET #state = :buffered, {assigned}",
            ConditionExpression=_OWN_CLAIM,
            ExpressionAttributeNames=STATE_NAME,
            ExpressionAttributeValues={
                ":buffered": {"S": State.BUFFERED},
                **as_parameters(values),
                **_our_claim(delivery),
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
        now = self._clock()
        expires_at = now + self._lifetime
        parameters = delivered_parameters(delivery, flow_id, xaction_id, now, expires_at)
        for attempt in count(1):
            try:
                return self._update_if(**parameters)
            except UnavailableError:
                if not self._retries.pause(attempt):
                    raise
        return None

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
        try:
            answer: Any = self._client.batch_write_item(RequestItems={self._table: puts})
        except AWS_ERRORS as exc:
            raise unavailable(_FAILS, exc) from exc
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
        expires_at = self._clock() + self._lifetime
        self._update_if(**update_parameters(delivery, state, values, expires_at))

    def _update_if(self, **parameters: Any) -> None:
        """Update a record if its condition holds. Raises UnavailableError."""
        try:
            self._client.update_item(TableName=self._table, **parameters)
        except self._condition_failed:
            return
        except AWS_ERRORS as exc:
            raise unavailable(_FAILS, exc) from exc


def _our_claim(delivery: Delivery) -> "dict[str, Value]":
    """The values that identify a claim of this delivery."""
    return {
        ":claimed": {"S": State.CLAIMED},
        ":received_at": {"S": delivery.received_at.isoformat()},
    }
