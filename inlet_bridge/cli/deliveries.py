"""Show, pause, resume and count the deliveries of a deployed bridge."""

from datetime import UTC, datetime, timedelta
from typing import Final

from bridge.delivery.record import OPEN, State
from bridge.sources.directory import SOURCE_LIFETIME
from inlet_bridge.cli.delivery_tables import (
    audit_table,
    deliveries_table,
    logged_table,
    record_table,
)
from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.operations import audit as audit_module
from inlet_bridge.operations import pause as pause_module
from inlet_bridge.operations.delivery_log import LOGGED, DeliveryLog
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.records import Records

_NOT_IN_LOGS: Final = (
    "The logs show what was accepted since --since (a day) and is not older than LogRetentionDays"
    " (30). They lack rejected requests and the last seconds."
)


def show_deliveries(
    source: str, state: State | None, since: datetime | None, limit: int, stack: str
) -> None:
    """Print the newest deliveries of a source: open ones from the table, others from the logs."""
    with report_operation_errors() as screen:
        deployed = Deployed(stack)
        if state in OPEN:
            found = Records(deployed).open(source, state, limit)
            if not found.newest:
                raise OperationError(f"no deliveries of {source} are {state}")
            screen.print(deliveries_table(found.newest))
            if found.more:
                screen.print(Text(f"{found.more} more; see --limit.", style="dim"))
            return
        if state not in {None, *LOGGED}:
            raise OperationError(f"deliveries in the state {state} are not listed")
        with screen.search("Reading the logs") as progress:
            logged = DeliveryLog(deployed).newest(
                source, since=_start(since), limit=limit, state=state, progress=progress
            )
        if not logged:
            outcome = f" as {state}" if state else ""
            raise OperationError(
                f"no deliveries of {source} are logged{outcome}", hint=_NOT_IN_LOGS
            )
        screen.print(logged_table(logged))
        if len(logged) == limit:
            screen.print(Text("There may be more; see --limit.", style="dim"))


def explain(delivery_id: str, source: str, since: datetime | None, stack: str) -> None:
    """Print the record of a delivery, for each source that has this ID, or else its log."""
    with report_operation_errors() as screen:
        deployed = Deployed(stack)
        found = Records(deployed).find(delivery_id, [source] if source else deployed.sources)
        for record in found:
            screen.print(record_table(record))
        if found:
            return
        with screen.search("Reading the logs"):
            logged = DeliveryLog(deployed).of(delivery_id, since=_start(since))
        if not logged:
            raise OperationError(
                f"no delivery {delivery_id} is recorded or logged",
                hint="It was rejected (see the receiver's log), never arrived, is older than"
                " RecordDays (8), or its source was deleted (see --source). The logs are searched"
                " back to --since (a day).",
            )
        screen.print(logged_table(logged))


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
    """Print the counts of open deliveries, and fail if some are missing."""
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


def _start(since: datetime | None) -> datetime:
    """The start of a search of the logs, in UTC."""
    return since.replace(tzinfo=UTC) if since else datetime.now(UTC) - timedelta(days=1)
