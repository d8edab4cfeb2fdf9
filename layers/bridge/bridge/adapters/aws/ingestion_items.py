"""Convert what is stored of batches to and from items of the deliveries table.

    source                   delivery_id
    #ingestion               run                          the state that a run leaves to the next
    #ingestion               dataset/65f0…                how far a dataset was listed
    #batches/65f0…           1732800000000/01GKQ…         a batch, by its time and id

No source's name begins with `#`. A batch that is not read, or has failed records that could not be
joined, also has the keys of the index `Open`, in a shard of its own.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from bridge.adapters.aws.delivery_items import OPEN_KEYS, epoch
from bridge.delivery.ingestion import BatchRecord, DatasetProgress, RunState, Stage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef as Value

STATES: Final = "#ingestion"
RUN: Final = "run"
BATCHES: Final = "#batches/"
OPEN_SHARD: Final = "#"
"""Of the index `Open`; the shards of deliveries are numbers."""

LIFETIME: Final = timedelta(days=31)
"""Longer than the 30 days for which Adobe keeps failed records
(https://experienceleague.adobe.com/en/docs/experience-platform/ingestion/quality/error-diagnostics)."""

_DATASET: Final = "dataset/"
# Milliseconds of a time before the year 2286; sorted as texts they are in order.
_DIGITS: Final = 13
_NUMBERS: Final = (
    *("created", "received", "ingested", "failed", "joined", "resent", "foreign", "unknown"),
    *("line", "tries", "version"),
)

type Item = Mapping[str, Any]


def key(partition: str, name: str) -> "dict[str, Value]":
    """The table's key."""
    return {"source": {"S": partition}, "delivery_id": {"S": name}}


def run_key() -> "dict[str, Value]":
    """The key of the state of the last run."""
    return key(STATES, RUN)


def run_values(state: RunState) -> "dict[str, Value]":
    """The attributes of a state."""
    return {
        "until": _time(state.until),
        "calls": {"N": str(round(state.calls))},
        "counted_at": _time(state.counted_at),
        "reported_at": _time(state.reported_at),
        "rejected": _number(state.rejected),
        "version": _number(state.version),
    }


def run_state(item: Item) -> RunState:
    """The inverse of `run_values`."""
    return RunState(
        until=_moment(item, "until"),
        calls=float(_int(item, "calls")),
        counted_at=_moment(item, "counted_at"),
        reported_at=_moment(item, "reported_at"),
        rejected=_int(item, "rejected"),
        version=_int(item, "version"),
    )


def dataset_key(dataset_id: str) -> "dict[str, Value]":
    """The key of the progress of a dataset."""
    return key(STATES, f"{_DATASET}{dataset_id}")


def dataset_values(progress: DatasetProgress) -> "dict[str, Value]":
    """The attributes of a progress."""
    return {
        "newest": _number(progress.newest),
        "after": _number(progress.after),
        "start": _number(progress.start),
        "seen_at": _time(progress.seen_at),
        "listed_at": _time(progress.listed_at),
        "problem": {"S": progress.problem},
        "expires_at": epoch(progress.listed_at + LIFETIME),
    }


def dataset_progress(item: Item) -> DatasetProgress | None:
    """The inverse of `dataset_values`; None for another item."""
    name = _text(item, "delivery_id")
    if not name.startswith(_DATASET):
        return None
    return DatasetProgress(
        dataset_id=name.removeprefix(_DATASET),
        newest=_int(item, "newest"),
        after=_int(item, "after"),
        start=_int(item, "start"),
        seen_at=_moment(item, "seen_at"),
        listed_at=_moment(item, "listed_at"),
        problem=_text(item, "problem"),
    )


def batch_sort(created: int, batch_id: str = "") -> str:
    """The sort key of a batch; without an id, it is before all of its time."""
    return f"{max(created, 0):0{_DIGITS}d}/{batch_id}"


def batch_key(record: BatchRecord) -> "dict[str, Value]":
    """The key of a batch."""
    return key(f"{BATCHES}{record.dataset_id}", batch_sort(record.created, record.batch_id))


def batch_values(record: BatchRecord, now: datetime) -> "dict[str, Value]":
    """The attributes of a batch, without the keys of the index."""
    return {
        **{name: _number(getattr(record, name)) for name in _NUMBERS},
        "status": {"S": record.status},
        "stage": {"S": record.stage},
        "file": {"S": record.file},
        "flows": _counts(record.flows),
        "reasons": _counts(record.reasons),
        "is_settled": {"BOOL": record.is_settled},
        "expires_at": epoch(now + LIFETIME),
    }


def batch_open_values(record: BatchRecord) -> "dict[str, Value]":
    """The keys of the index; empty for a batch with which nothing is left to do."""
    if record.stage is Stage.READ and (record.is_settled or not record.unjoined):
        return {}
    since = f"{record.stage} {batch_sort(record.created, record.batch_id)}"
    return dict(zip(OPEN_KEYS, ({"S": OPEN_SHARD}, {"S": since}), strict=True))


def batch_record(item: Item) -> BatchRecord:
    """The inverse of `batch_key` and `batch_values`."""
    return BatchRecord(
        dataset_id=_text(item, "source").removeprefix(BATCHES),
        batch_id=_text(item, "delivery_id").partition("/")[2],
        status=_text(item, "status"),
        stage=Stage(_text(item, "stage")),
        file=_text(item, "file"),
        flows=_mapping(item, "flows"),
        reasons=_mapping(item, "reasons"),
        is_settled=bool(item.get("is_settled", {}).get("BOOL")),
        **{name: _int(item, name) for name in _NUMBERS},
    )


def _counts(counts: Mapping[str, int]) -> "Value":
    return {"M": {name: {"N": str(number)} for name, number in counts.items()}}


def _mapping(item: Item, name: str) -> dict[str, int]:
    found = item.get(name, {}).get("M", {})
    return {text: int(value["N"]) for text, value in found.items()}


def _number(number: int) -> "Value":
    return {"N": str(number)}


def _int(item: Item, name: str) -> int:
    return int(item.get(name, {}).get("N", 0))


def _text(item: Item, name: str) -> str:
    return str(item.get(name, {}).get("S", ""))


def _time(moment: datetime) -> "Value":
    return {"S": moment.isoformat()}


def _moment(item: Item, name: str) -> datetime:
    return datetime.fromisoformat(_text(item, name))
