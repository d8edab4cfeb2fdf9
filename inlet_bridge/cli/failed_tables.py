"""Failed records as tables and as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from inlet_bridge.cli.listing import Listing
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.operations.replay.failed import FailedList, FailedRecord


def failed_table(records: Sequence[FailedRecord]) -> Listing:
    """One line per record."""
    table = Listing("Failed", "Source", "Flow", "Delivery id", "Batch", "Adobe's reason", "Kept")
    for each in records:
        table.add_row(
            each.failed_at.isoformat(sep=" ", timespec="seconds"),
            each.source,
            each.flow,
            each.delivery_id,
            each.batch,
            each.reason,
            Text("yes", style="green") if each.kept else Text("no", style="yellow"),
        )
    return table


def reasons_table(reasons: Mapping[tuple[str, str], int]) -> Listing:
    """One line per source and reason, the most frequent first."""
    table = Listing("Number", "Source", "Adobe's reason")
    ordered = sorted(reasons.items(), key=lambda each: (-each[1], each[0]))
    for (source, reason), times in ordered:
        table.add_row(str(times), source, reason)
    table.add_section()
    table.add_row(str(sum(reasons.values())), "all", "")
    return table


def failed_json(found: FailedList) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "total": found.total,
        "reasons": [
            {"source": source, "reason": reason, "count": times}
            for (source, reason), times in found.reasons.most_common()
        ],
        "failed": [record_json(each) for each in found.newest],
    }


def record_json(record: FailedRecord) -> dict[str, Any]:
    """One record as JSON."""
    return {
        "source": record.source,
        "delivery_id": record.delivery_id,
        "event_type": record.event_type,
        "flow": record.flow,
        "received_at": record.received_at.isoformat(),
        "failed_at": record.failed_at.isoformat(),
        "reason": record.reason,
        "pointer": record.pointer,
        "batch": record.batch,
        "xaction_id": record.xaction_id,
        "kept": bool(record.kept),
    }
