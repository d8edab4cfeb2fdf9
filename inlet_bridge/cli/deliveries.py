"""Show, pause, resume and count the deliveries of a deployed bridge."""

from datetime import timedelta

from bridge.delivery.record import State
from bridge.sources.directory import SOURCE_LIFETIME
from inlet_bridge.cli.delivery_tables import audit_table, deliveries_table, record_table
from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.operations import audit as audit_module
from inlet_bridge.operations import pause as pause_module
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.records import Records


def show_deliveries(source: str, state: State | None, limit: int, stack: str) -> None:
    """Print the newest deliveries of a source."""
    with report_operation_errors() as screen:
        records = [
            record
            for record in Records(Deployed(stack)).of_source(source)
            if state is None or record.state is state
        ]
        if not records:
            raise OperationError(
                f"no deliveries of {source} are recorded" + (f" as {state}" if state else ""),
                hint="Records are kept for RecordDays (8) after their last change.",
            )
        screen.print(deliveries_table(records[:limit]))
        if len(records) > limit:
            screen.print(Text(f"{len(records) - limit} more; see --limit.", style="dim"))


def explain(delivery_id: str, stack: str) -> None:
    """Print the record of a delivery, for each source that has this id."""
    with report_operation_errors() as screen:
        found = Records(Deployed(stack)).find(delivery_id)
        if not found:
            raise OperationError(
                f"no delivery {delivery_id} is recorded",
                hint="It was rejected (see the receiver's log), never arrived, or is older than"
                " RecordDays (8).",
            )
        for record in found:
            screen.print(record_table(record))


def pause(source: str, connection: str, stack: str) -> None:
    """Pause a source or a connection."""
    with report_operation_errors() as screen:
        pause_module.pause(Deployed(stack), **_one_of(source, connection))
        screen.print(
            Text(
                f"{source or connection} is paused; sending stops within"
                f" {SOURCE_LIFETIME // timedelta(seconds=1)} s."
            )
        )


def resume(source: str, connection: str, stack: str) -> None:
    """Resume a source or a connection."""
    with report_operation_errors() as screen:
        paused = pause_module.resume(Deployed(stack), **_one_of(source, connection))
        result = (
            "is resumed; waiting webhooks are sent within minutes" if paused else "was not paused"
        )
        screen.print(Text(f"{source or connection} {result}."))


def audit(stack: str) -> None:
    """Print the counts by source and state, and fail if deliveries are missing."""
    with report_operation_errors() as screen:
        counts = audit_module.audit(Deployed(stack))
        screen.print(audit_table(counts))
        if counts.missing > 0:
            raise OperationError(
                f"{counts.missing} deliveries are recorded as buffered and are not in the buffer",
                hint="Run it again when the buffer is idle; `inlet deliveries SOURCE --state"
                " buffered` lists them.",
            )


def _one_of(source: str, connection: str) -> dict[str, str]:
    if bool(source) == bool(connection):
        raise OperationError("name either a source or a --connection")
    return {"source": source, "connection": connection}
