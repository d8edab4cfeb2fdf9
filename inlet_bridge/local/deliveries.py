"""Read the deliveries table of the deployed bridge."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from bridge.delivery.partitions import source_of
from bridge.delivery.record import State
from inlet_bridge.local.cloud import Cloud
from inlet_bridge.operations.records.open_counts import OpenCounts, open_counts


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the deliveries table.

    Attributes:
        xaction_id: the inlet's id of the message; empty until it is delivered.
        reason: of a dead letter, else empty.
    """

    state: str
    xaction_id: str
    reason: str


class Deliveries:
    """The deployed deliveries table."""

    def __init__(self, cloud: Cloud, table: str) -> None:
        self._dynamodb: Any = cloud.client("dynamodb")
        self._table = table

    def waiting(self) -> OpenCounts | None:
        """How many wait in the buffer, by source; None if that cannot be read."""
        try:
            return open_counts(self._dynamodb, self._table, State.BUFFERED)
        except (ClientError, BotoCoreError):
            return None

    def records(self) -> dict[tuple[str, str], Record]:
        """All records by source and delivery id."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table, ConsistentRead=True
        )
        return {
            (source_of(_text(item, "source")), _text(item, "id")): Record(
                _text(item, "state"), _text(item, "xaction_id"), _text(item, "reason")
            )
            for page in pages
            for item in page["Items"]
        }


def _text(item: dict[str, dict[str, str]], name: str) -> str:
    return item.get(name, {}).get("S", "")
