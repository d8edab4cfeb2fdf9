"""Batches of a dataset, and what the Catalog returns about them."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from adobe_emulator.arrivals import Arrival
from adobe_emulator.settings import Tenant
from adobe_emulator.violation_report import code_of, description_of

_CORRUPT = "INGEST-1401-400"
_SUMMARY = "INGEST-1212-400"


class Status(StrEnum):
    """The status of a batch, of those that the OpenAPI file lists."""

    STAGING = "staging"
    PROCESSING = "processing"
    SUCCESS = "success"
    FAILED = "failed"


@dataclass(frozen=True)
class Batch:
    """A batch at one moment.

    Attributes:
        created_ms, updated_ms, completed_ms: in milliseconds since 1970; it is complete only if
            its status says so.
        arrivals: the records, also those that fail.
        is_upload: from batch ingestion, so its records have no header.
    """

    id: str
    dataset_id: str
    status: Status
    created_ms: int
    updated_ms: int
    completed_ms: int
    arrivals: tuple[Arrival, ...]
    is_upload: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether all records were validated."""
        return self.status in (Status.SUCCESS, Status.FAILED)

    @cached_property
    def failed(self) -> tuple[Arrival, ...]:
        """The records that failed; empty until the batch is complete."""
        return tuple(each for each in self.arrivals if each.failures) if self.is_complete else ()

    def outcome_of(self, arrival: Arrival) -> str:
        """`ingested` or `failed`, or `pending` until the batch is complete."""
        if not self.is_complete:
            return "pending"
        return "ingested" if arrival.is_ingested else "failed"

    def document(self, tenant: Tenant) -> dict[str, Any]:
        """The batch as the Catalog returns it."""
        author = "acp_foundation_streaming"
        document: dict[str, Any] = {
            "status": self.status,
            "relatedObjects": [{"type": "dataSet", "id": self.dataset_id}],
            "id": self.id,
            "externalId": self.id,
            "imsOrg": tenant.org_id,
            "inputFormat": {"format": "parquet"},
            "created": self.created_ms,
            "createdClient": author,
            "createdUser": f"{author}@AdobeID",
            "updatedUser": f"{author}@AdobeID",
            "updated": self.updated_ms,
            "version": "1.0.0",
            "metrics": {},
        }
        if self.status is not Status.STAGING:
            document["started"] = self.created_ms
        if self.is_complete:
            failed = len(self.failed)
            document["completed"] = self.completed_ms
            document["metrics"] = {
                "inputByteSize": sum(len(each.content) for each in self.arrivals),
                "inputFileCount": 1,
                "inputRecordCount": len(self.arrivals),
                "outputRecordCount": len(self.arrivals) - failed,
                "failedRecordCount": failed,
            }
            if failed:
                document["errors"] = self._errors()
        return document

    def _errors(self) -> list[dict[str, Any]]:
        if self.is_upload:
            return self._errors_of_upload()
        counts = Counter(code_of(arrival.failures[0]) for arrival in self.failed)
        first = {code_of(each.failures[0]): each.failures[0] for each in reversed(self.failed)}
        return [
            {"code": code, "description": description_of(first[code]), "recordCount": count}
            for code, count in counts.items()
        ]

    def _errors_of_upload(self) -> list[dict[str, Any]]:
        """The first one has no count, as in "Retrieving error diagnostics"."""
        failed = len(self.failed)
        errors = f"Encountered {failed} errors in the data."
        rows = len(self.arrivals) - failed
        return [
            {"code": _SUMMARY, "description": f"{errors} Successfully ingested {rows} rows."},
            {"code": _CORRUPT, "description": "The row cannot be read.", "recordCount": failed},
        ]


@dataclass
class Collected:
    """The records of one window of time.

    Attributes:
        failed_id: the id of a batch of its own for failed records.
        closes_ms: from then on it takes no records and is processed.
        delay_ms: how long the processing takes.
    """

    id: str
    failed_id: str
    dataset_id: str
    created_ms: int
    closes_ms: int
    delay_ms: int
    is_upload: bool = False
    arrivals: list[Arrival] = field(default_factory=list)
    _seen: list[Batch] = field(default_factory=list)

    @property
    def completed_ms(self) -> int:
        """When the processing ends."""
        return self.closes_ms + self.delay_ms

    def seen_at(self, now: int, *, separate: bool) -> list[Batch]:
        """The batch at that time; complete, failed records can be a batch of their own."""
        if now < self.closes_ms:
            return [self._batch(self.id, Status.STAGING, self.arrivals, self.created_ms)]
        if now < self.completed_ms:
            return [self._batch(self.id, Status.PROCESSING, self.arrivals, self.closes_ms)]
        if not self._seen:
            self._seen = list(self._complete(separate=separate))
        return self._seen

    def _complete(self, *, separate: bool) -> list[Batch]:
        ingested = [each for each in self.arrivals if each.is_ingested]
        failed = [each for each in self.arrivals if not each.is_ingested]
        end = self.completed_ms
        if not failed:
            return [self._batch(self.id, Status.SUCCESS, ingested, end)]
        if not ingested:
            return [self._batch(self.id, Status.FAILED, failed, end)]
        if separate:
            return [
                self._batch(self.id, Status.SUCCESS, ingested, end),
                self._batch(self.failed_id, Status.FAILED, failed, end),
            ]
        return [self._batch(self.id, Status.SUCCESS, self.arrivals, end)]

    def _batch(self, batch_id: str, status: Status, arrivals: list[Arrival], at: int) -> Batch:
        return Batch(
            id=batch_id,
            dataset_id=self.dataset_id,
            status=status,
            created_ms=self.created_ms,
            updated_ms=at,
            completed_ms=self.completed_ms,
            arrivals=tuple(arrivals),
            is_upload=self.is_upload,
        )
