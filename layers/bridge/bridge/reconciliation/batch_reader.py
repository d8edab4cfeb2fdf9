"""Read the failed records of a batch, and record the deliveries that they belong to as failed.

The position in the batch, a file and a line, is stored with the counts after every chunk: what is
read again after a crash is recorded again and counted once.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from bridge.delivery.ingestion import BatchRecord, Failure, Stage
from bridge.errors import AdobeError, UnavailableError
from bridge.ports.ingestion import Batches, FailedDeliveries, FailedFile, IngestionRecords
from bridge.ports.process import Concurrently
from bridge.reconciliation.failed_records import FailedRecord, Producer, failed_record
from bridge.reconciliation.producers import Producers

CHUNK: Final = 100
"""Lines after which the position is stored."""

LINES_PER_RUN: Final = 20_000
"""Lines of one batch in one run, so that a large batch does not delay the others."""

LINES_PER_BATCH: Final = 200_000
"""Lines that are joined; further failed records of a batch are only counted."""

MOST_TRIES: Final = 6
"""Runs in which the files of a batch may be missing or cut, before the rest is only counted."""

_MOST_REASONS: Final = 5
_MOST_REASON_CHARACTERS: Final = 200
_OTHER: Final = "other"


class Joined(StrEnum):
    """What became of one failed record."""

    FAILED = "failed"
    RESENT = "resent"
    FOREIGN = "foreign"
    NOT_FOUND = "not found"


class ConcurrentRunError(Exception):
    """Another run has stored the batch since."""


@dataclass(frozen=True, slots=True)
class BatchReader:
    """Reads the failed records of batches.

    Attributes:
        has_time: whether the invocation has time for another chunk.
    """

    batches: Batches
    records: IngestionRecords
    failures: FailedDeliveries
    producers: Producers
    concurrently: Concurrently
    has_time: Callable[[], bool]

    def read(self, record: BatchRecord) -> BatchRecord:
        """Read a batch from where the last run ended; return it as it is stored now.

        It stays at the stage READING if the time or the lines of one run are used up, or if files
        are missing or cut: they may be complete in a later run.

        Raises:
            AdobeError: Adobe refuses, or does not respond.
            OutOfCallsError: see `CallLimit`.
            UnavailableError: the result cannot be stored.
            ConcurrentRunError: another run reads the same batch.
        """
        files = self._files(record)
        if not files:
            return self._tried(record)
        left = LINES_PER_RUN
        for file in files:
            try:
                for chunk in self._chunks(record, file):
                    record = self._recorded(record, file, chunk)
                    left -= len(chunk)
                    if record.lines >= LINES_PER_BATCH:
                        return self._stored(replace(record, stage=Stage.READ))
                    if left <= 0 or not self.has_time():
                        return record
            except AdobeError as exc:
                if not _is_about_batch(exc):
                    raise
                return self._tried(record)
        return self._stored(replace(record, stage=Stage.READ))

    def _files(self, record: BatchRecord) -> list[FailedFile]:
        """The files of a batch in the order in which they are read; none if it is refused."""
        try:
            files = self.batches.failed_files(record.batch_id)
        except AdobeError as exc:
            if exc.status is None or not _is_about_batch(exc):
                raise
            return []
        return sorted(
            (each for each in files if each.path >= record.file), key=lambda each: each.path
        )

    def _chunks(self, record: BatchRecord, file: FailedFile) -> Iterator[list[bytes | None]]:
        """The lines that are left, also those before an error, which is raised after them."""
        skip = record.line if file.path == record.file else 0
        chunk: list[bytes | None] = []
        error: AdobeError | None = None
        try:
            for line in self.batches.lines(record.batch_id, file, skip):
                chunk.append(line)
                if len(chunk) == CHUNK:
                    yield chunk
                    chunk = []
        except AdobeError as exc:
            error = exc
        if chunk:
            yield chunk
        if error:
            raise error

    def _tried(self, record: BatchRecord) -> BatchRecord:
        tries = record.tries + 1
        stage = Stage.READ if tries >= MOST_TRIES else record.stage
        return self._stored(replace(record, tries=tries, stage=stage))

    def _recorded(
        self, record: BatchRecord, file: FailedFile, chunk: Sequence[bytes | None]
    ) -> BatchRecord:
        """Record the deliveries of some lines as failed, then count the lines."""
        parsed = [failed_record(line, self.producers) for line in chunk]
        outcomes = self.concurrently(lambda each: self._join(each, record.batch_id), parsed)
        for outcome in outcomes:
            if isinstance(outcome, UnavailableError):
                raise outcome
        counts = Counter(outcomes)
        flows = Counter(record.flows)
        flows.update(each.flow for each in parsed if each.flow)
        # Until lines are read, they are the error codes of the batch.
        reasons = Counter(record.reasons if record.lines else ())
        for each, outcome in zip(parsed, outcomes, strict=True):
            if outcome is Joined.NOT_FOUND:
                reasons[_short(each.reason, reasons)] += 1
        line = record.line if file.path == record.file else 0
        return self._stored(
            replace(
                record,
                joined=record.joined + counts[Joined.FAILED],
                resent=record.resent + counts[Joined.RESENT],
                foreign=record.foreign + counts[Joined.FOREIGN],
                unknown=record.unknown + counts[Joined.NOT_FOUND],
                failed=max(record.failed, record.lines + len(chunk)),
                flows=dict(flows),
                reasons=dict(reasons),
                file=file.path,
                line=line + len(chunk),
            )
        )

    def _join(self, each: FailedRecord, batch_id: str) -> Joined | UnavailableError:
        """Record the delivery of a failed record as failed; threads must not raise."""
        if each.producer is Producer.FOREIGN:
            return Joined.FOREIGN
        if not each.xaction_id:
            return Joined.NOT_FOUND
        failure = Failure(batch_id, each.reason)
        try:
            keys = self.failures.sent_as(each.xaction_id)
            failed = [self.failures.fail(key, each.xaction_id, failure) for key in keys]
        except UnavailableError as exc:
            return exc
        if not keys:
            return Joined.NOT_FOUND
        return Joined.FAILED if any(failed) else Joined.RESENT

    def _stored(self, record: BatchRecord) -> BatchRecord:
        stored = self.records.save_batch(record)
        if stored is None:
            raise ConcurrentRunError(record.batch_id)
        return stored


def _is_about_batch(error: AdobeError) -> bool:
    """Whether only this batch cannot be read: a file is cut, has expired or is refused."""
    if error.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return False
    return error.status is None or not error.retryable


def _short(reason: str, known: Counter[str]) -> str:
    """A reason as it is counted; a batch has a few kinds."""
    text = reason[:_MOST_REASON_CHARACTERS] or "no known reason"
    return text if text in known or len(known) < _MOST_REASONS else _OTHER
