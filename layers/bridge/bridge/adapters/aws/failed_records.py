"""Record deliveries that Adobe accepted and rejected later."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bridge.adapters.aws.clients import AWS_ERRORS, unavailable
from bridge.adapters.aws.delivery_items import SENT_INDEX, SENT_KEY, epoch, key_item, open_entry
from bridge.delivery.ingestion import Failure
from bridge.delivery.partitions import source_of
from bridge.delivery.record import Key, State
from bridge.ports.process import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_FAILS = "the deliveries table does not respond"
# `state` is a reserved word in DynamoDB expressions.
_AS_SENT = "xaction_id = :xaction_id AND #state = :delivered"


class DynamoDbFailedDeliveries:
    """The port `FailedDeliveries`; finds deliveries by the sparse index `Sent`.

    Args:
        client: of DynamoDB.
        table: its name.
        clock: the time.
        lifetime: of a record after its last change.
    """

    def __init__(
        self, client: "DynamoDBClient", table: str, clock: Clock, lifetime: timedelta
    ) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._lifetime = lifetime
        self._condition_failed = client.exceptions.ConditionalCheckFailedException

    def sent_as(self, xaction_id: str) -> Sequence[Key]:
        """The keys of the deliveries that were accepted under this id. Raises UnavailableError."""
        try:
            answer = self._client.query(TableName=self._table, **sent_query(xaction_id))
        except AWS_ERRORS as exc:
            raise unavailable(_FAILS, exc) from exc
        return [
            (source_of(item["source"]["S"]), item["delivery_id"]["S"]) for item in answer["Items"]
        ]

    def fail(self, key: Key, xaction_id: str, failure: Failure) -> bool:
        """Record a failure, once; False if it was sent again since. Raises UnavailableError."""
        now = self._clock()
        values: dict[str, Any] = {
            "state": {"S": State.FAILED},
            "failed_at": {"S": now.isoformat()},
            "failure": {"S": failure.reason or "Adobe states no reason that is known"},
            "batch": {"S": failure.batch_id},
            "expires_at": epoch(now + self._lifetime),
            # In the order of the failures: the time of receipt is in no index.
            **open_entry(key[1], now, State.FAILED),
        }
        assigned = ", ".join(f"#{name} = :{name}" for name in values)
        try:
            self._client.update_item(
                TableName=self._table,
                Key=key_item(key),
                UpdateExpression=f"SET {assigned}",
                ConditionExpression=_AS_SENT,
                ExpressionAttributeNames={f"#{name}": name for name in values},
                ExpressionAttributeValues={
                    **{f":{name}": value for name, value in values.items()},
                    ":xaction_id": {"S": xaction_id},
                    ":delivered": {"S": State.DELIVERED},
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._condition_failed as exc:
            # The stubs lack the existing item of this error.
            existing: dict[str, Any] = dict(exc.response).get("Item", {})  # type: ignore[assignment]
            state, sent = (existing.get(name, {}).get("S") for name in ("state", "xaction_id"))
            return bool(state == State.FAILED and sent == xaction_id)
        except AWS_ERRORS as exc:
            raise unavailable(_FAILS, exc) from exc
        return True


def sent_query(xaction_id: str) -> dict[str, Any]:
    """The parameters of a query for the keys of the records with this xactionId."""
    return {
        "IndexName": SENT_INDEX,
        "KeyConditionExpression": f"{SENT_KEY} = :sent_as",
        "ExpressionAttributeValues": {":sent_as": {"S": xaction_id}},
    }
