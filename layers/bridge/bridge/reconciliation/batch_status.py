"""The status of a batch in Adobe's Catalog.

The statuses are those of Catalog's OpenAPI file (`batchStatus`) and of the table in
https://experienceleague.adobe.com/en/docs/experience-platform/ingestion/batch/troubleshooting.
"""

from typing import Final

from bridge.delivery.ingestion import BatchRecord, Stage
from bridge.ports.ingestion import Batch

# `failure` and `active` are other names of `failed` and `success`. Of an abandoned or aborted batch
# nothing reaches the data lake.
_FAILED: Final = frozenset({"failed", "failure", "aborted", "abandoned"})
# An inactive batch was promoted and has been reverted or has expired; so was one that was archived.
_INGESTED: Final = frozenset({"success", "active", "inactive", "archived", "retained", "deleted"})


def is_final(status: str) -> bool:
    """Whether Adobe has finished a batch. An unknown status, and `stalled`, are looked at again."""
    return status.lower() in _FAILED | _INGESTED


def observed(record: BatchRecord, batch: Batch) -> dict[str, object]:
    """The values of a stored batch that change because of what Adobe states.

    Metrics may be missing if a batch was not promoted (the page above): then the records of its
    error codes, those that it received or, if nothing is known, one record has failed. An alarm
    must not stay silent because Adobe states no number.
    """
    status = batch.status.lower()
    failed = batch.failed or 0
    if status in _FAILED and not failed:
        failed = sum(batch.codes.values()) or batch.received or 1
    values: dict[str, object] = {
        "status": batch.status,
        "received": batch.received or 0,
        "ingested": batch.ingested or 0,
        "failed": max(failed, record.failed),
        "reasons": record.reasons or batch.codes,
    }
    if record.stage is Stage.OPEN and is_final(status):
        values["stage"] = Stage.READING if failed else Stage.READ
    return values
