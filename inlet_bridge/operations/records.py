"""Read the deliveries table."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from bridge.adapters.aws.delivery_items import epoch, key_item
from bridge.deduplication import partitions, source_of
from bridge.delivery.delivery import Delivery
from bridge.delivery.record import State, key_of
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef as Value

_DETAILS: Final = (
    "event_type",
    "flow",
    "flow_id",
    "xaction_id",
    "class",
    "reason",
    "attempts",
    "parts",
    "next_attempt_at",
    "delivered_at",
    "died_at",
)


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """One row of the table.

    Attributes:
        details: the other attributes by name, in display order.
    """

    source: str
    delivery_id: str
    state: State
    received_at: datetime
    details: Mapping[str, str]


class Records:
    """The deliveries table of one deployment."""

    def __init__(self, deployed: Deployed) -> None:
        self._deployed = deployed

    def of_source(self, source: str) -> list[DeliveryRecord]:
        """All deliveries of a source, newest first."""
        client: Any = self._deployed.dynamodb
        records = [
            _record(item)
            for partition in partitions(source)
            for page in client.get_paginator("query").paginate(
                TableName=self._deployed.deliveries,
                KeyConditionExpression="#source = :partition",
                ExpressionAttributeNames={"#source": "source"},
                ExpressionAttributeValues={":partition": {"S": partition}},
            )
            for item in page["Items"]
        ]
        return sorted(records, key=lambda record: record.received_at, reverse=True)

    def find(self, delivery_id: str) -> list[DeliveryRecord]:
        """The deliveries with this id, of all sources."""
        client: Any = self._deployed.dynamodb
        pages = client.get_paginator("scan").paginate(
            TableName=self._deployed.deliveries,
            FilterExpression="id = :id OR delivery_id = :id",
            ExpressionAttributeValues={":id": {"S": delivery_id}},
        )
        return [_record(item) for page in pages for item in page["Items"]]

    def states(self) -> dict[str, Counter[State]]:
        """Number of deliveries by source and state."""
        found: dict[str, Counter[State]] = {}
        for item in self._all():
            texts = _texts(item)
            with _readable():
                found.setdefault(source_of(texts["source"]), Counter())[State(texts["state"])] += 1
        return found

    def revive(self, delivery: Delivery) -> bool:
        """Record a delivery as buffered, such as a redriven one; False if it was delivered.

        The record is complete also if there was none, as in the table of a new deployment.
        """
        expires = datetime.now(UTC) + timedelta(days=int(self._deployed.parameters["RecordDays"]))
        values: dict[str, Value] = {
            "state": {"S": State.BUFFERED},
            "id": {"S": delivery.delivery_id},
            "event_type": {"S": delivery.event_type},
            "flow": {"S": delivery.flow},
            "received_at": {"S": delivery.received_at.isoformat()},
            "expires_at": epoch(expires),
        }
        try:
            self._deployed.dynamodb.update_item(
                TableName=self._deployed.deliveries,
                Key=key_item(key_of(delivery)),
                UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
                ConditionExpression="attribute_not_exists(#state) OR #state <> :delivered",
                ExpressionAttributeNames={f"#{name}": name for name in values},
                ExpressionAttributeValues={
                    **{f":{name}": value for name, value in values.items()},
                    ":delivered": {"S": State.DELIVERED},
                },
            )
        except ClientError as exc:
            if exc.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def _all(self) -> Iterator[Mapping[str, Any]]:
        client: Any = self._deployed.dynamodb
        pages = client.get_paginator("scan").paginate(
            TableName=self._deployed.deliveries,
            ProjectionExpression="#source, #state",
            ExpressionAttributeNames={"#source": "source", "#state": "state"},
        )
        for page in pages:
            yield from page["Items"]


def _record(item: Mapping[str, Any]) -> DeliveryRecord:
    texts = _texts(item)
    with _readable():
        return DeliveryRecord(
            source=source_of(texts["source"]),
            delivery_id=texts["id"],
            state=State(texts["state"]),
            received_at=datetime.fromisoformat(texts["received_at"]),
            details={name: texts[name] for name in _DETAILS if texts.get(name)},
        )


def _texts(item: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(next(iter(value.values()))) for name, value in item.items()}


@contextmanager
def _readable() -> Iterator[None]:
    """Parse a row; raise OperationError for one that the bridge did not write."""
    try:
        yield
    except (KeyError, ValueError) as exc:
        raise OperationError(f"a row of the deliveries table cannot be read: {exc}") from exc
