"""Say that a webhook that `inlet send` sent to the local cloud repeats an earlier delivery."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bridge.sources.source import Source
from inlet_bridge.operations.records.table import DeliveryRecord

# The receiver runs on this machine, with the same clock; it may round the time of a request.
_ROUNDING: Final = timedelta(seconds=1)
_BODY: Final = "json:"


def repetition(source: Source, record: DeliveryRecord, began: datetime) -> str:
    """A sentence about a webhook whose ID was recorded before it was sent; else empty.

    Empty also for a source that recognizes content, whose records are not found by an ID.

    Args:
        source: that received it.
        record: of the delivery with its ID.
        began: before it was sent.
    """
    is_by_content = source.by_content or source.content_seconds
    if is_by_content or record.received_at >= began - _ROUNDING:
        return ""
    former = record.received_at.isoformat(sep=" ", timespec="seconds")
    return (
        f"It repeats the delivery of {former}, which has the same ID: the bridge sent nothing."
        f" To send it as another one, change {_changed(source.delivery_id)}."
    )


def _changed(extractors: Sequence[str]) -> str:
    """What has another value in another delivery, by the extractors of the ID."""
    if not extractors:
        return "the body"
    paths = [part for each in extractors for part in each.split("+")]
    if not all(each.startswith(_BODY) for each in paths):
        return f"its ID ({' or '.join(extractors)})"
    return f"{' or '.join(dict.fromkeys(each.removeprefix(_BODY) for each in paths))} in the body"
