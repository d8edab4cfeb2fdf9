"""Show, pause, resume and count the deliveries of a deployed bridge."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import typer

from bridge.delivery.record import OPEN, State
from bridge.sources.cache import PAUSE_DELAY, SOURCE_LIFETIME
from inlet_bridge.cli.delivery_documents import (
    audit_json,
    logged_json,
    record_json,
    refusal_json,
)
from inlet_bridge.cli.delivery_tables import (
    audit_table,
    deliveries_table,
    logged_table,
    refusals_table,
)
from inlet_bridge.cli.local_stack import is_local
from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.cli.pages import Listed, show_page
from inlet_bridge.cli.paging import Page
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.cli.times import searched_from, start_of
from inlet_bridge.cli.value_advice import known_sources
from inlet_bridge.operations.configuration import pause as pause_module
from inlet_bridge.operations.configuration.former_sources import put_back
from inlet_bridge.operations.configuration.known_sources import require_source
from inlet_bridge.operations.delivery.waits import Waits
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.logs.deliveries import DeliveryLog, LoggedDelivery
from inlet_bridge.operations.logs.refusals import Refusals
from inlet_bridge.operations.records import audit as audit_module
from inlet_bridge.operations.records.table import DeliveryRecord, Records
from inlet_bridge.operations.webhooks.rows import detail_of
from inlet_bridge.plain_text import plain_json

_NOT_IN_LOGS: Final = (
    "They lack the last seconds, and what is older than LogRetentionDays (30); `inlet deliveries"
    " --refused` lists rejected requests."
)

_NEXT_ATTEMPT: Final = "`inlet why ID` shows the next attempt"

_WITHOUT_RECORD: Final = (
    "`inlet dead-letters list` lists also dead letters without a record, such as those of events."
)

_AS_ON_AWS: Final = "The local cloud waits as long as AWS does."


@dataclass(frozen=True, slots=True)
class ListOptions:
    """The arguments of `inlet deliveries`.

    Attributes:
        source: its name; empty for all sources.
    """

    source: str
    state: State | None
    since: datetime | None
    page: Page
    stack: str
    as_json: bool


def show_deliveries(options: ListOptions) -> None:
    """Print the newest deliveries: open ones from the table, others from the logs."""
    with report_operation_errors() as screen:
        deployed = Deployed(options.stack)
        state, of = options.state, f" of {options.source}" if options.source else ""
        if state in OPEN:
            found = Records(deployed).open(options.source, state, options.page.end)
            listed, more = options.page.of(found.newest)
            waits = Waits(deployed, datetime.now(UTC))
            records = [_with_reason(each, waits) for each in listed]
            shown = Listed([record_json(each) for each in records], deliveries_table(records))
            hint = _WITHOUT_RECORD if state is State.DEAD else ""
            nothing = OperationError(f"no deliveries{of} are {state}", hint=hint)
        else:
            with screen.search("Reading the logs") as progress:
                logged = DeliveryLog(deployed, deployed.time.now).newest(
                    options.source,
                    since=start_of(options.since),
                    limit=options.page.end,
                    state=state,
                    progress=progress,
                )
            listed_outcomes, more = options.page.of(logged.found)
            waits = Waits(deployed, datetime.now(UTC))
            outcomes = [_with_logged_reason(each, waits) for each in listed_outcomes]
            documents = [logged_json(each) for each in outcomes]
            shown = Listed(documents, logged_table(outcomes), logged.searched_to)
            outcome = f" as {state}" if state else ""
            nothing = OperationError(
                f"no deliveries{of} are logged{outcome}",
                hint=f"{searched_from(options.since)} {_NOT_IN_LOGS}",
            )
        if options.source and not shown.documents:
            require_source(deployed, options.source)
        show_page(
            screen,
            "deliveries",
            shown,
            options.page,
            more=more,
            nothing=nothing,
            as_json=options.as_json,
        )


def _with_reason(record: DeliveryRecord, waits: Waits) -> DeliveryRecord:
    """The record; one that waits without a reason, or without a source, gets that of its wait."""
    is_current = detail_of(record) and not waits.deleted(record.source)
    if is_current or not (wait := waits.of(record)):
        return record
    return replace(record, details={**record.details, "reason": wait.text})


def _with_logged_reason(outcome: LoggedDelivery, waits: Waits) -> LoggedDelivery:
    """The outcome; one that waits and has no reason, or no source any more, gets that of it."""
    if outcome.state is not State.BUFFERED:
        return outcome
    if outcome.detail and not waits.deleted(outcome.source):
        return outcome
    return replace(outcome, detail=waits.reason_of(outcome.source) or _NEXT_ATTEMPT)


def show_refused(options: ListOptions) -> None:
    """Print the requests that were rejected, with the reason that no sender gets."""
    with report_operation_errors() as screen:
        with screen.search("Reading the logs"):
            deployed = Deployed(options.stack)
            found = Refusals(deployed, deployed.time.now).newest(
                options.source, since=start_of(options.since), limit=options.page.end
            )
        if options.source and not found.found:
            require_source(deployed, options.source)
        refusals, more = options.page.of(found.found)
        documents = [refusal_json(each) for each in refusals]
        shown = Listed(documents, refusals_table(refusals), found.searched_to)
        hint = searched_from(options.since)
        nothing = OperationError("no rejected requests are logged", hint=hint)
        show_page(
            screen,
            "refused",
            shown,
            options.page,
            more=more,
            nothing=nothing,
            as_json=options.as_json,
        )
        if not options.as_json:
            screen.print(Text("`inlet why REQUEST_ID` says what to do about one.", style="dim"))


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
        minutes = PAUSE_DELAY // timedelta(minutes=1)
        result = (
            f"is resumed: new webhooks are sent within {SOURCE_LIFETIME // timedelta(seconds=1)} s,"
            f" those that wait within {minutes} minutes; `inlet why ID` shows the next attempt"
            if paused
            else "was not paused"
        )
        screen.print(Text(f"{source or connection} {result}."))
        if paused and is_local():
            screen.print(Text(_AS_ON_AWS, style="dim"))


def audit(stack: str, *, as_json: bool) -> None:
    """Print the counts of open deliveries, and fail if some are missing."""
    with report_operation_errors() as screen:
        deployed = Deployed(stack)
        counts = audit_module.audit(deployed)
        if as_json:
            screen.write(plain_json(audit_json(counts)) + "\n")
            if counts.missing > 0:
                raise typer.Exit(1)
            return
        screen.print(audit_table(counts))
        for name in sorted(set(counts.states).difference(deployed.sources)):
            line = f"{name} is not a source any more: deleted or renamed. {put_back(name)}"
            screen.print(Text(line, style="yellow"))
        if counts.missing > 0:
            raise OperationError(
                f"{counts.missing} deliveries are recorded as buffered and are not in the buffer",
                hint="Run it again when the buffer is idle; `inlet deliveries SOURCE --state"
                " buffered` lists them.",
            )


def _one_of(source: str, connection: str) -> dict[str, str]:
    if bool(source) == bool(connection):
        hint = "--connection takes all sources of a connection." if source else known_sources()
        raise OperationError("name either a source or a --connection", hint=hint)
    return {"source": source, "connection": connection}
