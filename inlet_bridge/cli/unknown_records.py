"""Say that there is no failed record with an ID, and which one may be meant."""

from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.records.shortened_ids import meant_by
from inlet_bridge.operations.replay.failed import FailedFilter, FailedRecords


def unknown_record(records: FailedRecords, wanted: FailedFilter) -> OperationError:
    """The error.

    Args:
        records: of the deployment.
        wanted: has the ID.
    """
    ids = (each.delivery_id for each in records.matching(FailedFilter(wanted.source)))
    name = wanted.delivery_id
    return OperationError(
        f"there is no failed record {name}{meant_by(name, ids)}",
        hint="`inlet failed list` lists them; `inlet why` shows any delivery.",
    )
