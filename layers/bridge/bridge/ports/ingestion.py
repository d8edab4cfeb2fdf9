"""Ports of reconciliation: batches at Adobe, and what is stored of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bridge.delivery.ingestion import BatchRecord, DatasetProgress, Failure, RunState
from bridge.delivery.record import Key


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch in Adobe's Catalog; numbers that it does not state are None.

    Attributes:
        created: in milliseconds since 1970.
        codes: the error codes of the batch, with the number of records.
    """

    batch_id: str
    status: str
    created: int
    received: int | None = None
    ingested: int | None = None
    failed: int | None = None
    codes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file with the failed records of a batch.

    Attributes:
        path: identifies the file within its batch.
        length: in bytes; None if Adobe does not state it.
    """

    path: str
    length: int | None = None


class Batches(Protocol):
    """Adobe's Catalog and Data Access. Every method raises AdobeError and OutOfCallsError."""

    def created_after(
        self, dataset_id: str, after: int, start: int
    ) -> tuple[Sequence[Batch], bool]:
        """Return a page of the batches created after a time, oldest first, and whether more follow.

        Args:
            dataset_id: of the dataset.
            after: in milliseconds since 1970.
            start: how many batches to skip.
        """

    def get(self, batch_id: str) -> Batch | None:
        """Read a batch, or None if it does not exist."""

    def failed_files(self, batch_id: str) -> Sequence[FailedFile]:
        """Return the files with failed records, by path; none if there are none or no more."""

    def lines(self, batch_id: str, file: FailedFile, skip: int = 0) -> Iterator[bytes | None]:
        """Yield the lines of a file; None for one that is too long.

        Args:
            batch_id: of its batch.
            file: one of `failed_files`.
            skip: how many lines not to yield.

        Raises:
            AdobeError: also after some lines, if the file is cut.
        """


class IngestionRecords(Protocol):
    """What is stored of batches. Every method raises UnavailableError."""

    def load(self) -> tuple[RunState, Sequence[DatasetProgress]]:
        """Return the state of the last run, and the datasets."""

    def save_run(self, state: RunState) -> bool:
        """Store a state; False if another run has stored one since."""

    def save_dataset(self, progress: DatasetProgress) -> None:
        """Store the progress of a dataset."""

    def batches(self, dataset_id: str, after: int) -> dict[str, BatchRecord]:
        """Return the stored batches of a dataset that were created after a time, by id."""

    def unsettled(self) -> Sequence[BatchRecord]:
        """Return all batches that are not read, or have unjoined records; oldest first."""

    def save_batch(self, record: BatchRecord) -> BatchRecord | None:
        """Store a batch with its next version; None if another run has stored it since."""

    def failed_deliveries(self) -> int:
        """Count the deliveries that are recorded as failed."""


class FailedDeliveries(Protocol):
    """The records of deliveries that Adobe rejected. Every method raises UnavailableError."""

    def sent_as(self, xaction_id: str) -> Sequence[Key]:
        """Return the keys of the deliveries that the inlet accepted under this id."""

    def fail(self, key: Key, xaction_id: str, failure: Failure) -> bool:
        """Record a delivered delivery as failed, also again; False if it was sent again since."""
