"""What Adobe ingested and rejected, from what the reconciler has stored."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bridge.adapters.aws.ingestion_records import DynamoDbIngestion
from bridge.adapters.clock import utc_now
from bridge.delivery.ingestion import BatchRecord, DatasetProgress, Stage
from bridge.errors import UnavailableError
from bridge.reconciliation.producers import Producers, producers_of
from inlet_bridge.operations.configuration.sources import Configuration
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.ingestion.flow_counts import flow_counts
from inlet_bridge.operations.invocation import invoke
from inlet_bridge.operations.monitoring.source_counts import SourceCounts


@dataclass(frozen=True, slots=True)
class DatasetSummary:
    """The batches of a dataset in a period.

    Attributes:
        flows: our failed records by `CONNECTION/FLOW`, also 0.
        open: batches that Adobe has not finished, or that are not read to the end.
    """

    progress: DatasetProgress
    flows: dict[str, int]
    batches: int = 0
    open: int = 0
    received: int = 0
    ingested: int = 0
    failed: int = 0
    joined: int = 0
    resent: int = 0
    foreign: int = 0
    unjoined: int = 0


@dataclass(frozen=True, slots=True)
class Ingestion:
    """What is known of a period.

    Attributes:
        accepted, delivered: webhooks and messages of all sources; None if CloudWatch does not tell.
        flows: the same, `Accepted` and `Delivered`, by `CONNECTION/FLOW`, as far as it is known.
        unsettled: batches with failed records that are not joined and not settled, of any time.
        rejected: deliveries that are recorded as failed now, and those records.
    """

    since: datetime
    datasets: tuple[DatasetSummary, ...]
    unsettled: tuple[BatchRecord, ...]
    rejected: int
    accepted: int | None = None
    delivered: int | None = None
    flows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def unknown(self) -> int | None:
        """Delivered messages of which Adobe has stated nothing yet.

        None if it cannot be computed: batches do not tell how many ingested records are ours if
        there are other producers.
        """
        if self.delivered is None or any(each.foreign for each in self.datasets):
            return None
        stated = sum(each.ingested + each.failed for each in self.datasets)
        return max(self.delivered - stated, 0)


class IngestionReports:
    """Reads the state of the reconciler of one deployment. Methods raise OperationError."""

    def __init__(self, deployed: Deployed) -> None:
        self._deployed = deployed
        self._records = DynamoDbIngestion(deployed.dynamodb, deployed.deliveries, utc_now)

    def since(self, moment: datetime) -> Ingestion:
        """Summarize the batches that were created since a moment."""
        try:
            _, datasets = self._records.load()
            after = int(moment.timestamp() * 1_000)
            producers = self._producers()
            summaries = tuple(
                _summary(each, producers, self._records.batches(each.dataset_id, after).values())
                for each in sorted(datasets, key=lambda each: each.dataset_id)
            )
            unsettled = tuple(
                each for each in self._records.unsettled() if each.unjoined and not each.is_settled
            )
            failed = self._records.failed_deliveries()
        except UnavailableError as exc:
            raise OperationError(str(exc)) from exc
        by_source = SourceCounts(self._deployed).since(moment)
        counts = sum(by_source.values(), Counter())
        sources = Configuration(self._deployed).sources() if by_source else []
        return Ingestion(
            since=moment,
            datasets=summaries,
            unsettled=unsettled,
            rejected=failed + sum(each.unjoined for each in unsettled),
            accepted=counts.get("Accepted"),
            delivered=counts.get("Delivered"),
            flows=flow_counts(sources, by_source),
        )

    def settle(self, batch_id: str) -> BatchRecord:
        """End the notice of the failed records of a batch that were not joined."""
        try:
            for record in self._records.unsettled():
                if record.batch_id == batch_id:
                    stored = self._records.save_batch(replace(record, is_settled=True))
                    if stored is None:
                        raise OperationError("the batch is being read; run it again in a minute")
                    return stored
        except UnavailableError as exc:
            raise OperationError(str(exc)) from exc
        raise OperationError(
            f"there is no batch {batch_id} with failed records that are not joined"
        )

    def run_now(self) -> dict[str, Any]:
        """Run the reconciler and return its counts."""
        return invoke(self._deployed, "reconciler", {"action": "reconcile"})

    def copy(self, batch_id: str) -> Iterator[str]:
        """Yield the lines of Adobe's copy of the failed records of a batch."""
        request = {"action": "copy", "batch": batch_id}
        files = invoke(self._deployed, "reconciler", request)["files"]
        if not files:
            raise OperationError(
                f"Adobe has no failed records of batch {batch_id}",
                hint="It keeps them for 30 days. `inlet doctor` checks the permission.",
            )
        for file in files:
            line: int | None = 0
            while line is not None:
                found = invoke(self._deployed, "reconciler", request | {"file": file, "line": line})
                yield from found["lines"]
                line = found["next"]

    def _producers(self) -> Producers:
        path = f"{self._deployed.prefix}/connections"
        pages = self._deployed.client("ssm").get_paginator("get_parameters_by_path")
        found = {
            each["Name"]: each["Value"]
            for page in pages.paginate(Path=path, Recursive=True)
            for each in page["Parameters"]
        }
        return producers_of(self._deployed.parameters["Stage"], found)


def _summary(
    progress: DatasetProgress, producers: Producers, found: Sequence[BatchRecord] | Any
) -> DatasetSummary:
    records = list(found)
    flows: Counter[str] = Counter()
    for name, dataset_id in producers.written.items():
        if dataset_id == progress.dataset_id:
            flows[name] += 0
    for record in records:
        flows.update(record.flows)

    def total(name: str) -> int:
        return sum(getattr(record, name) for record in records)

    return DatasetSummary(
        progress=progress,
        flows=dict(sorted(flows.items())),
        batches=len(records),
        open=sum(record.stage is not Stage.READ for record in records),
        received=total("received"),
        ingested=total("ingested"),
        failed=total("failed"),
        joined=total("joined"),
        resent=total("resent"),
        foreign=total("foreign"),
        unjoined=total("unjoined"),
    )
