"""Count the buffered deliveries in the deliveries table."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from bridge.adapters.aws.clients import unavailable_if_it_fails
from bridge.adapters.aws.delivery_items import epoch
from bridge.delivery.record import State
from bridge.ports.process import Clock
from bridge.telemetry import logger

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# For the work after the count.
_RESERVE_SECONDS = 30.0


class DynamoDbWaiting:
    """The port `WaitingRecords`, by a scan, since no index has the state.

    Args:
        remaining: seconds until the deadline, at which the count stops.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        clock: Clock,
        remaining: Callable[[], float],
    ) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._remaining = remaining

    def waiting_since(self, moment: datetime) -> int:
        """How many buffered deliveries were accepted before. Raises UnavailableError."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table,
            Select="COUNT",
            FilterExpression="#state = :buffered AND received_at < :moment AND expires_at > :now",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={
                ":buffered": {"S": State.BUFFERED},
                ":moment": {"S": moment.isoformat()},
                ":now": epoch(self._clock()),
            },
        )
        counted = 0
        with unavailable_if_it_fails("the deliveries table does not respond"):
            for page in pages:
                counted += page["Count"]
                if "LastEvaluatedKey" in page and self._remaining() < _RESERVE_SECONDS:
                    logger.warning("the deliveries table was not counted completely")
                    break
        return counted
