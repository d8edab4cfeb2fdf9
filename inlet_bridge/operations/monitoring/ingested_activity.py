"""Read how many records Adobe ingested and rejected over time, from what the reconciler stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bridge.adapters.aws.ingestion_records import DynamoDbIngestion
from bridge.adapters.clock import utc_now
from bridge.delivery.ingestion import DatasetProgress
from bridge.errors import UnavailableError
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.monitoring.time_span import TimeSpan

_MOST_DATASETS: Final = 20


@dataclass(frozen=True, slots=True)
class DatasetActivity:
    """The batches of a dataset by the time of their creation, with all their producers.

    Attributes:
        ingested, failed: numbers of records for each period.
        listed_at: when the batches were listed last; None if they never were.
    """

    dataset_id: str
    ingested: Sequence[int]
    failed: Sequence[int]
    listed_at: datetime | None = None


def ingested_activity(deployed: Deployed, span: TimeSpan) -> list[DatasetActivity]:
    """The datasets to which flows lead, by ID, 20 at most.

    A query for each; what it reads grows with the batches of the span, not with their records.

    Raises:
        OperationError: the table cannot be read.
    """
    records = DynamoDbIngestion(deployed.dynamodb, deployed.deliveries, utc_now)
    after = int(span.start.timestamp() * 1_000)
    try:
        _, datasets = records.load()
        first = sorted(datasets, key=lambda each: each.dataset_id)[:_MOST_DATASETS]
        return [_of(each, records, after, span) for each in first]
    except UnavailableError as exc:
        raise OperationError(str(exc)) from exc


def _of(
    dataset: DatasetProgress, records: DynamoDbIngestion, after: int, span: TimeSpan
) -> DatasetActivity:
    ingested, failed = [0] * span.number, [0] * span.number
    for batch in records.batches(dataset.dataset_id, after).values():
        index = span.index(datetime.fromtimestamp(batch.created / 1_000, UTC))
        if index is not None:
            ingested[index] += batch.ingested
            failed[index] += batch.failed
    listed_at = dataset.listed_at if dataset.listed_at.year > 1 else None
    return DatasetActivity(dataset.dataset_id, ingested, failed, listed_at)
