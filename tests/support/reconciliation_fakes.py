"""Fakes of what reconciliation calls: batches, stored records and deliveries."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bridge.adapters.aws.ingestion_items import batch_open_values
from bridge.delivery.ingestion import BatchRecord, DatasetProgress, Failure, RunState
from bridge.delivery.record import Key
from bridge.errors import AdobeError
from bridge.ports.ingestion import Batch, FailedFile
from bridge.reconciliation.call_limit import CallLimit
from tests.support.fakes import FakeClock

DATASET = "65f0c1a2b3d4e5f60718293a"
FLOW_ID = "d8a6f005-7eaf-4153-983e-e8574508b877"
SOURCE_ID = "inlet-bridge-dev-orders-1a2b3c4d5e"
CHAIN = {
    "/inlet-bridge/dev/connections/orders/source_id": SOURCE_ID,
    "/inlet-bridge/dev/connections/orders/flows/events/flow_id": FLOW_ID,
    "/inlet-bridge/dev/connections/orders/flows/events/dataset_id": DATASET,
}


def ms(moment: datetime) -> int:
    """A time as Adobe states it."""
    return int(moment.timestamp() * 1_000)


def line(xaction_id: str, flow_id: str = FLOW_ID, keyword: str = "required") -> bytes:
    """A failed record of an XDM flow."""
    violation = {"keyword": keyword, "pointerToViolation": "#/_acme", "message": "CANARY"}
    document = {
        "header": {"xactionId": xaction_id, "flowId": flow_id, "source": {"name": "x"}},
        "body": {"xdmEntity": {"email": "canary@example.com"}},
        "_errors": {"_streamingValidation": [violation]},
    }
    return json.dumps(document).encode()


@dataclass
class FakeBatches:
    """The batches of datasets, with their files.

    Attributes:
        limit: counts the calls, as the platform does.
        batches: by dataset.
        files: by batch and path.
        errors: raised instead of an answer: by method, or `lines/{path}` after as many lines.
    """

    limit: CallLimit
    clock: FakeClock
    batches: dict[str, list[Batch]] = field(default_factory=dict)
    files: dict[str, dict[str, list[bytes | None]]] = field(default_factory=dict)
    errors: dict[str, Exception] = field(default_factory=dict)
    cut_after: dict[str, int] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    per_page: int = 100

    def add(
        self,
        batch_id: str,
        lines: Sequence[bytes | None] = (),
        *,
        dataset: str = DATASET,
        ago: timedelta = timedelta(minutes=30),
        status: str = "success",
        ingested: int = 0,
        failed: int | None = None,
        files: int = 1,
    ) -> None:
        """Add a batch whose failed records are in so many files."""
        count = len(lines) if failed is None else failed
        created = ms(self.clock() - ago)
        batch = Batch(batch_id, status, created, ingested + count, ingested, count)
        self.batches.setdefault(dataset, []).append(batch)
        size = -(-len(lines) // files) or 1
        self.files[batch_id] = {
            f"part-{number}.json": list(lines[number * size : (number + 1) * size])
            for number in range(files if lines else 0)
        }

    def change(self, batch_id: str, **changes: Any) -> None:
        """Change a batch."""
        for batches in self.batches.values():
            for index, each in enumerate(batches):
                if each.batch_id == batch_id:
                    batches[index] = replace(each, **changes)

    def created_after(self, dataset_id: str, after: int, start: int) -> tuple[list[Batch], bool]:
        self._call("list", dataset_id)
        found = sorted(
            (each for each in self.batches.get(dataset_id, []) if each.created > after),
            key=lambda each: (each.created, each.batch_id),
        )
        page = found[start : start + self.per_page]
        return page, len(page) == self.per_page

    def get(self, batch_id: str) -> Batch | None:
        self._call("get", batch_id)
        every = (each for batches in self.batches.values() for each in batches)
        return next((each for each in every if each.batch_id == batch_id), None)

    def failed_files(self, batch_id: str) -> list[FailedFile]:
        self._call("files", batch_id)
        return [FailedFile(path) for path in reversed(self.files.get(batch_id, {}))]

    def lines(self, batch_id: str, file: FailedFile, skip: int = 0) -> Iterator[bytes | None]:
        self._call("lines", f"{batch_id}/{file.path}")
        end = self.cut_after.get(f"{batch_id}/{file.path}")
        yield from self.files[batch_id][file.path][skip:end]
        if end is not None:
            raise AdobeError("the file is cut", status=None, retryable=True)

    def _call(self, method: str, what: str) -> None:
        self.limit.spend()
        self.calls.append(f"{method} {what}")
        self.times.append(self.clock())
        for name in (method, f"{method} {what}"):
            if error := self.errors.get(name):
                raise error


@dataclass
class FakeIngestion:
    """What is stored of batches; `deliveries` are those that can be joined."""

    deliveries: "FakeSent"
    state: RunState = field(default_factory=RunState)
    datasets: dict[str, DatasetProgress] = field(default_factory=dict)
    stored: dict[tuple[str, str], BatchRecord] = field(default_factory=dict)

    def load(self) -> tuple[RunState, list[DatasetProgress]]:
        return self.state, list(self.datasets.values())

    def save_run(self, state: RunState) -> bool:
        if state.version != self.state.version:
            return False
        self.state = replace(state, version=state.version + 1)
        return True

    def save_dataset(self, progress: DatasetProgress) -> None:
        self.datasets[progress.dataset_id] = progress

    def batches(self, dataset_id: str, after: int) -> dict[str, BatchRecord]:
        return {
            batch_id: record
            for (dataset, batch_id), record in self.stored.items()
            if dataset == dataset_id and record.created >= after
        }

    def unsettled(self) -> list[BatchRecord]:
        found = (record for record in self.stored.values() if batch_open_values(record))
        return sorted(found, key=lambda record: (record.created, record.batch_id))

    def save_batch(self, record: BatchRecord) -> BatchRecord | None:
        key = (record.dataset_id, record.batch_id)
        before = self.stored.get(key)
        if (before.version if before else 0) != record.version:
            return None
        self.stored[key] = replace(record, version=record.version + 1)
        return self.stored[key]

    def failed_deliveries(self) -> int:
        return len(self.deliveries.failed)


@dataclass
class FakeSent:
    """Deliveries by the id under which the inlet accepted them."""

    keys: dict[str, Key] = field(default_factory=dict)
    sent_again: set[Key] = field(default_factory=set)
    failed: dict[Key, Failure] = field(default_factory=dict)
    writes: int = 0

    def deliver(self, *xaction_ids: str) -> None:
        for each in xaction_ids:
            self.keys[each] = ("github", f"id:{each}")

    def sent_as(self, xaction_id: str) -> list[Key]:
        return [self.keys[xaction_id]] if xaction_id in self.keys else []

    def fail(self, key: Key, xaction_id: str, failure: Failure) -> bool:
        assert self.keys[xaction_id] == key
        if key in self.sent_again:
            return False
        self.writes += key not in self.failed
        self.failed.setdefault(key, failure)
        return True
