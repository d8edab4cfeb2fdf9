"""Tables of what Adobe ingested and rejected."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bridge.delivery.ingestion import BatchRecord
from inlet_bridge.cli.listing import Listing
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.operations.ingestion.ingestion import DatasetSummary, Ingestion

_OF_FLOWS = ("accepted", "delivered")
_COUNTS = ("received", "ingested", "failed", "joined", "resent", "unjoined", "foreign", "open")


def datasets_table(found: Ingestion) -> Listing:
    """A line per dataset."""
    table = Listing("Dataset", *(name.capitalize() for name in _COUNTS), "Listed to")
    for each in found.datasets:
        counts = (_count(name, getattr(each, name)) for name in _COUNTS)
        problem = each.progress.problem
        listed = Text(problem, style="yellow") if problem else Text(_time(each.progress.newest))
        table.add_row(Text(each.progress.dataset_id), *counts, listed)
    return table


def flows_table(found: Ingestion) -> Listing:
    """A line per flow: what was accepted for it and delivered, and what failed at Adobe."""
    table = Listing("Flow", "Dataset", "Accepted", "Delivered", "Failed")
    for each in found.datasets:
        for flow, counts in _flows(found, each).items():
            shown = ("-" if counts[name] is None else str(counts[name]) for name in _OF_FLOWS)
            failed = _count("failed", counts["failed"] or 0)
            table.add_row(Text(flow), Text(each.progress.dataset_id), *shown, failed)
    return table


def batches_table(records: Sequence[BatchRecord]) -> Listing:
    """A line per batch with failed records that were not joined."""
    table = Listing("Batch", "Created", "Dataset", "Unjoined", "Adobe's reasons")
    for each in records:
        reasons = "; ".join(f"{number} × {reason}" for reason, number in each.reasons.items())
        table.add_row(
            Text(each.batch_id),
            _time(each.created),
            Text(each.dataset_id),
            _count("unjoined", each.unjoined),
            Text(reasons),
        )
    return table


def totals(found: Ingestion) -> Text:
    """The totals of all flows."""
    shown = {
        "accepted": found.accepted,
        "delivered": found.delivered,
        "ingested": sum(each.ingested for each in found.datasets),
        "failed": sum(each.failed - each.foreign for each in found.datasets),
        "still unknown": found.unknown,
    }
    parts = (f"{name} {'-' if number is None else number}" for name, number in shown.items())
    begins = f"{found.since:%Y-%m-%d %H:%M} UTC"
    rejected = f"{found.rejected} rejected messages need attention."
    if found.rejected == 1:
        rejected = "1 rejected message needs attention."
    return Text(f"Since {begins}: {', '.join(parts)}. {rejected}")


def as_document(found: Ingestion, problems: Mapping[str, str]) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "since": found.since.isoformat(),
        "accepted": found.accepted,
        "delivered": found.delivered,
        "unknown": found.unknown,
        "rejected": found.rejected,
        "datasets": [_dataset(found, each) for each in found.datasets],
        "batches": [
            {
                "batch": each.batch_id,
                "dataset": each.dataset_id,
                "created": _time(each.created),
                "unjoined": each.unjoined,
                "reasons": dict(each.reasons),
            }
            for each in found.unsettled
        ],
        "problems": dict(problems),
    }


def _flows(found: Ingestion, each: DatasetSummary) -> dict[str, dict[str, int | None]]:
    """The counts of each flow; None is unknown."""
    return {
        flow: {
            **{
                name: found.flows[flow].get(name.capitalize(), 0) if flow in found.flows else None
                for name in _OF_FLOWS
            },
            "failed": failed,
        }
        for flow, failed in each.flows.items()
    }


def _dataset(found: Ingestion, each: DatasetSummary) -> dict[str, Any]:
    return {
        "dataset": each.progress.dataset_id,
        "listed_to": _time(each.progress.newest),
        "problem": each.progress.problem,
        "batches": each.batches,
        **{name: getattr(each, name) for name in _COUNTS},
        "flows": _flows(found, each),
    }


def _count(name: str, number: int) -> Text:
    bad = number and name in {"failed", "unjoined"}
    return Text(str(number), style="bold red" if bad else "")


def _time(milliseconds: int) -> str:
    """A time of Adobe's; empty before the first batch."""
    if not milliseconds:
        return ""
    return datetime.fromtimestamp(milliseconds / 1_000, UTC).isoformat(sep=" ", timespec="seconds")
