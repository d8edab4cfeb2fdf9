"""Count the buffered deliveries in the deliveries table."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from bridge.adapters.aws.clients import AWS_ERRORS, unavailable
from bridge.adapters.aws.open_deliveries import open_query
from bridge.delivery.partitions import open_shards
from bridge.delivery.record import State
from bridge.telemetry import logger

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# For the work after the count.
_RESERVE_SECONDS = 30.0


class DynamoDbWaiting:
    """The port `WaitingRecords`, by queries of the index of open deliveries.

    The index lags behind the table, usually by less than a second, so a delivery that has just
    been sent may still be counted:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html

    Args:
        remaining: seconds until the deadline, at which the count stops.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        remaining: Callable[[], float],
    ) -> None:
        self._client = client
        self._table = table
        self._remaining = remaining

    def waiting_since(self, moment: datetime) -> int:
        """How many buffered deliveries were accepted before. Raises UnavailableError."""
        counted = 0
        pages = self._client.get_paginator("query")
        try:
            for shard in open_shards():
                query = open_query(shard, State.BUFFERED, until=moment)
                for page in pages.paginate(TableName=self._table, Select="COUNT", **query):
                    counted += page["Count"]
                    if self._remaining() < _RESERVE_SECONDS:
                        logger.warning("the waiting deliveries were not counted completely")
                        return counted
        except AWS_ERRORS as exc:
            raise unavailable("the deliveries table does not respond", exc) from exc
        return counted
