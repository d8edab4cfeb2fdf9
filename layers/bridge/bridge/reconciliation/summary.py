"""What a run logs and returns: counts and ids, no values of messages."""

from typing import Any

from bridge.delivery.ingestion import BatchRecord
from bridge.reconciliation.reconciler import Outcome
from bridge.telemetry import logger

# A run may finish many batches at once; `inlet ingested` shows them all.
_MOST_LINES = 50


def logged(outcome: Outcome) -> dict[str, Any]:
    """Log a run and the batches with rejected records; return the counts of the run.

    A hint that started no run is not logged: there may be many.
    """
    if outcome.is_skipped:
        return {"skipped": True}
    rejected = [record for record in outcome.finished if record.joined or record.unjoined]
    for record in rejected[:_MOST_LINES]:
        logger.warning("rejected by Adobe", extra=_batch_fields(record))
    for dataset, problem in outcome.problems.items():
        logger.warning("not reconciled", extra={"dataset": dataset, "reason": problem})
    document = _run_document(outcome)
    logger.info("reconciled", extra=document)
    return document


def _batch_fields(record: BatchRecord) -> dict[str, Any]:
    """The log fields of a batch with rejected records."""
    return {
        "dataset": record.dataset_id,
        "batch": record.batch_id,
        "failed": record.failed,
        "joined": record.joined,
        "unjoined": record.unjoined,
        "foreign": record.foreign,
        "flows": dict(record.flows),
        "reasons": dict(record.reasons),
    }


def _run_document(outcome: Outcome) -> dict[str, Any]:
    """The counts of a run."""
    return {
        "rejected": outcome.rejected,
        "batches": len(outcome.finished),
        "calls": outcome.calls,
        "complete": outcome.is_complete,
        "problems": dict(outcome.problems),
    }
