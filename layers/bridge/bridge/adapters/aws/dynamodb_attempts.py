"""Reserve attempts to send in the deliveries table."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bridge.adapters.aws.clients import AWS_ERRORS, unavailable
from bridge.adapters.aws.delivery_items import (
    as_parameters,
    epoch,
    key_item,
    open_values,
    own_values,
    unique_token,
)
from bridge.delivery.delivery import Delivery
from bridge.delivery.record import DONE, State, key_of
from bridge.ports.process import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef as Value

_NOT_BEING_SENT = "attribute_not_exists(sending_until) OR sending_until < :now"
_SETTLED: "dict[str, Value]" = {f":{state}": {"S": state} for state in sorted(DONE)}
_NOT_SETTLED = f"NOT #state IN ({', '.join(_SETTLED)})"


class DynamoDbAttempts:
    """The port `Attempts`, with one conditional write per attempt.

    Args:
        lifetime: see `DynamoDbDeliveries`.
    """

    def __init__(
        self, client: "DynamoDBClient", table: str, clock: Clock, lifetime: timedelta
    ) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._lifetime = lifetime
        self._condition_failed = client.exceptions.ConditionalCheckFailedException

    def begin(self, delivery: Delivery, until: datetime) -> bool:
        """Reserve a delivery; a missing record is created. Raises UnavailableError."""
        now = self._clock()
        attempt = unique_token()
        # Of a record that exists, only the reservation changes.
        initial: dict[str, Value] = {
            **own_values(delivery),
            **open_values(delivery, State.BUFFERED),
            "state": {"S": State.BUFFERED},
            "expires_at": epoch(now + self._lifetime),
        }
        kept = ", ".join(f"#{name} = if_not_exists(#{name}, :{name})" for name in initial)
        try:
            self._client.update_item(
                TableName=self._table,
                Key=key_item(key_of(delivery)),
                UpdateExpression=f"SET sending_until = :until, attempt = :attempt, {kept}",
                ConditionExpression=(
                    f"({_NOT_BEING_SENT}) AND (attribute_not_exists(#state) OR {_NOT_SETTLED})"
                ),
                ExpressionAttributeNames={f"#{name}": name for name in initial},
                ExpressionAttributeValues={
                    **as_parameters(initial),
                    ":until": epoch(until),
                    ":now": epoch(now),
                    ":attempt": attempt,
                    **_SETTLED,
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._condition_failed as exc:
            # The stubs lack the existing item, which is this one if its response was lost and
            # the client repeated the write.
            existing: dict[str, Any] = dict(exc.response).get("Item", {})  # type: ignore[assignment]
            return existing.get("attempt") == attempt
        except AWS_ERRORS as exc:
            raise unavailable("the deliveries table does not respond", exc) from exc
        return True
