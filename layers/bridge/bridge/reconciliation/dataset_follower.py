"""List the batches of a dataset, and read the failed records of those that have some.

A listing continues by time, not by position: batches that are deleted meanwhile move no page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from bridge.delivery.ingestion import BatchRecord, DatasetProgress, Stage
from bridge.errors import AdobeError
from bridge.ports.ingestion import Batch, Batches, IngestionRecords
from bridge.reconciliation.batch_reader import BatchReader, ConcurrentRunError
from bridge.reconciliation.batch_status import is_read_again, observed

OVERLAP: Final = timedelta(hours=3)
"""How far before the newest batch a listing begins: batches may appear late."""

FIRST: Final = timedelta(days=1)
"""How far back the first listing of a dataset begins."""

SKEW: Final = timedelta(days=1)
"""How far ahead of ours Adobe's clock may be. A batch of a later time moves no window: the batches
before it would be in no listing."""

_MILLISECOND: Final = timedelta(milliseconds=1)


_REFUSALS: Final = frozenset(
    {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}
)
# Of batches in one run; a single one may be broken.
_MOST_FAILURES: Final = 3


class TimeUpError(Exception):
    """The invocation has no time for another batch."""


@dataclass(slots=True)
class DatasetFollower:
    """Follows the batches of datasets in one run.

    Attributes:
        has_time: whether the invocation has time for another batch.
        unsettled: the batches that are not read or have unjoined records, by dataset and id.
        finished: batches whose failed records were read to the end in this run.
        refused: why no more failed records are read in this run: they may not be read, Adobe
            throttles, or it fails repeatedly.
        listed: the progress of the datasets that were listed in this run.
        windows: where their listings began.
        broken: why a batch cannot be looked at again, by dataset.
    """

    batches: Batches
    records: IngestionRecords
    reader: BatchReader
    has_time: Callable[[], bool]
    unsettled: dict[tuple[str, str], BatchRecord] = field(default_factory=dict)
    finished: list[BatchRecord] = field(default_factory=list)
    refused: str = ""
    listed: dict[str, DatasetProgress] = field(default_factory=dict)
    windows: dict[str, int] = field(default_factory=dict)
    failures: int = 0
    broken: dict[str, str] = field(default_factory=dict)

    def follow(self, progress: DatasetProgress, now: datetime) -> None:
        """List a dataset to its newest batch.

        Raises:
            AdobeError: Adobe refuses, or does not respond.
            OutOfCallsError: see `CallLimit`.
            TimeUpError: it continues in the next run.
            UnavailableError: what is found cannot be stored.
            ConcurrentRunError: another run does the same.
        """
        after, start = progress.after, progress.start
        if not after:
            first = int((now - FIRST).timestamp() * 1_000)
            after = progress.newest - OVERLAP // _MILLISECOND - 1 if progress.newest else first
        self.windows[progress.dataset_id] = after
        latest = int((now + SKEW).timestamp() * 1_000)
        known = self.records.batches(progress.dataset_id, after)
        while True:
            if not self.has_time():
                raise TimeUpError
            page, more = self.batches.created_after(progress.dataset_id, after, start)
            if any(batch.created < after for batch in page):
                # Adobe states no time of creation: they are stored before all others.
                known = {**self.records.batches(progress.dataset_id, 0), **known}
            for batch in page:
                record = known.get(batch.batch_id)
                # The next page begins with the last batches of this one.
                known[batch.batch_id] = self._observe(progress.dataset_id, batch, record)
            created = (batch.created for batch in page if batch.created <= latest)
            newest = max([progress.newest, *created])
            after, start = _next(page, after, start) if more else (0, 0)
            progress = replace(progress, newest=newest, after=after, start=start)
            self.records.save_dataset(progress)
            self.listed[progress.dataset_id] = progress
            if not more:
                return

    def resume_reading(self, may_go_on: Callable[[], bool]) -> None:
        """Continue with batches that an earlier run did not read to the end. Raises as `follow`."""
        for record in self._pending(Stage.READING):
            if not may_go_on():
                return
            self._read(record)

    def look_again(self) -> None:
        """Look at open batches that are in no listing any more. Raises as `follow`."""
        for record in self._pending(Stage.OPEN):
            if record.created > self.windows.get(record.dataset_id, record.created):
                continue
            if not self.has_time():
                raise TimeUpError
            try:
                batch = self.batches.get(record.batch_id)
            except AdobeError as exc:
                if exc.retryable or exc.status in _REFUSALS:
                    raise
                self.broken[record.dataset_id] = str(exc)
                continue
            gone = Batch(record.batch_id, "deleted", record.created)
            self._observe(record.dataset_id, batch or gone, record)

    def _pending(self, stage: Stage) -> list[BatchRecord]:
        found = (each for each in self.unsettled.values() if each.stage is stage)
        return sorted(found, key=lambda each: each.created)

    def _observe(self, dataset_id: str, batch: Batch, known: BatchRecord | None) -> BatchRecord:
        """Store what Adobe states of a batch, and read it if something has failed."""
        record = known or BatchRecord(dataset_id, batch.batch_id, batch.created)
        if record.stage is Stage.READ and not is_read_again(record, batch):
            return record
        values: Any = observed(record, batch)
        seen = replace(record, **values)
        if seen != record:
            seen = self._stored(seen)
        return self._read(seen) if seen.stage is Stage.READING else seen

    def _read(self, record: BatchRecord) -> BatchRecord:
        if self.refused:
            return record
        if not self.has_time():
            raise TimeUpError
        try:
            return self._keep(self.reader.read(record))
        except AdobeError as exc:
            # What was read before the error is stored.
            latest = self.unsettled[record.dataset_id, record.batch_id]
            self.failures += 1
            if exc.status in _REFUSALS or self.failures >= _MOST_FAILURES:
                self.refused = str(exc)
            return latest if exc.status in _REFUSALS else self._keep(self.reader.postpone(latest))

    def _stored(self, record: BatchRecord) -> BatchRecord:
        stored = self.records.save_batch(record)
        if stored is None:
            raise ConcurrentRunError(record.batch_id)
        return self._keep(stored)

    def _keep(self, record: BatchRecord) -> BatchRecord:
        """Remember a stored batch for the number of rejected records."""
        self.unsettled[record.dataset_id, record.batch_id] = record
        if record.stage is Stage.READ and record.failed:
            self.finished.append(record)
        return record


def _next(page: Sequence[Batch], after: int, start: int) -> tuple[int, int]:
    """The time and the position of the next page."""
    last = max((batch.created for batch in page), default=0) - 1
    # All batches of the page have the same time.
    return (last, 0) if last > after else (after, start + len(page))
