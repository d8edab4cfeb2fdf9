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

    A batch that was read to the end is read again if Adobe counts more failed records since then:
    its metrics may follow its status.
    """
    status = batch.status.lower()
    failed = _failed(batch, status)
    values: dict[str, object] = {
        "status": batch.status,
        "received": batch.received or 0,
        "ingested": batch.ingested or 0,
        "failed": max(failed, record.failed),
        "reasons": record.reasons or batch.codes,
    }
    if record.stage is Stage.OPEN and is_final(status):
        values["stage"] = Stage.READING if failed else Stage.READ
    if record.stage is Stage.READ and is_read_again(record, batch):
        values |= {"stage": Stage.READING, "tries": 0, "is_settled": False}
    return values


def is_read_again(record: BatchRecord, batch: Batch) -> bool:
    """Whether Adobe counts more failed records of a batch than when it was read."""
    return _failed(batch, batch.status.lower()) > record.failed


def _failed(batch: Batch, status: str) -> int:
    """How many records failed, as far as Adobe states it; 0 while it is unknown.

    Metrics may be missing, such as those of a batch that was not promoted (the page above): then
    the records of its error codes, those that were received and not ingested or, of a failed batch
    or one with errors, one record. An alarm must not stay silent because Adobe states no number.
    """
    if batch.failed or not is_final(status):
        return batch.failed or 0
    counted = sum(batch.codes.values())
    if status in _FAILED:
        return counted or batch.received or 1
    if batch.failed is not None:
        return counted
    missing = (batch.received or 0) - batch.ingested if batch.ingested is not None else 0
    return counted or max(missing, 1 if batch.codes else 0)
