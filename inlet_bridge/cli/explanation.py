"""Explain what became of one delivery, or why a request was rejected."""

from datetime import UTC, datetime
from typing import Any, Final

from bridge.delivery.record import State
from inlet_bridge.cli.delivery_documents import explained_json, logged_json, record_json
from inlet_bridge.cli.delivery_tables import logged_table, record_lines, refusal_lines
from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.cli.times import searched_from, start_of
from inlet_bridge.mapping.unmet_conditions import event_type_hint
from inlet_bridge.operations.configuration.known_sources import refuse_source
from inlet_bridge.operations.configuration.sources import Configuration
from inlet_bridge.operations.delivery.refusal_advice import refusal_advice
from inlet_bridge.operations.delivery.waits import wait_of
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.logs.bounded import CallBudget
from inlet_bridge.operations.logs.deliveries import DeliveryLog
from inlet_bridge.operations.logs.refusals import Refusal, Refusals
from inlet_bridge.operations.records.table import DeliveryRecord, Records
from inlet_bridge.plain_text import plain_json

# Of FilterLogEvents: a page has up to 1 MB, or ends after CloudWatch has scanned for some time.
_MOST_CALLS: Final = 1_000


def explain(
    delivery_id: str, source: str, since: datetime | None, stack: str, *, as_json: bool
) -> None:
    """Print the record of a delivery, for each source that has this ID, or else its log.

    Or else the reason why the request with this ID was rejected.
    """
    with report_operation_errors() as screen:
        deployed = Deployed(stack)
        found = Records(deployed).find(delivery_id, [source] if source else deployed.sources)
        documents: list[dict[str, Any]] = []
        for record in found:
            wait = wait_of(deployed, record, datetime.now(UTC))
            waits = wait.as_texts() if wait else _filter(deployed, record)
            documents.append(record_json(record) | waits)
            if not as_json:
                screen.print(*record_lines(record, waits))
        if not found:
            start = start_of(since)
            with screen.search("Reading the logs"):
                logged = DeliveryLog(deployed, deployed.time.now).of(delivery_id, since=start)
                refused = [] if logged else _refused(deployed, delivery_id, start)
            if not logged and not refused:
                refuse_source(
                    deployed,
                    delivery_id,
                    f"`inlet deliveries {delivery_id}` lists its deliveries, with --refused its"
                    " rejected requests.",
                )
                raise OperationError(
                    f"no delivery and no rejected request {delivery_id} is recorded or logged",
                    hint="It was rejected (`inlet deliveries --refused` has the IDs of such"
                    " requests), never arrived, is older than RecordDays (8), or its source was"
                    f" deleted (see --source). {searched_from(since)}",
                )
            advised = [(each, refusal_advice(deployed, each)) for each in refused]
            documents = [*map(logged_json, logged), *(explained_json(*each) for each in advised)]
            if not as_json:
                parts = [logged_table(logged)] if logged else []
                screen.print(*parts, *(line for each in advised for line in refusal_lines(*each)))
        if as_json:
            screen.write(plain_json({"found": documents}) + "\n")


def _filter(deployed: Deployed, record: DeliveryRecord) -> dict[str, str]:
    """Which types of events the routes of a filtered delivery's source select, if it is known."""
    if record.state is not State.FILTERED:
        return {}
    try:
        source = Configuration(deployed).source(record.source)
    except OperationError:
        return {}
    hint = event_type_hint(source, record.details.get("event_type", ""))
    return {"reason": hint} if hint else {}


def _refused(deployed: Deployed, request_id: str, since: datetime) -> list[Refusal]:
    """The rejected request with this ID. Raises OperationError if not all lines could be read."""
    budget = CallBudget(_MOST_CALLS)
    found = Refusals(deployed, deployed.time.now).of(request_id, since=since, budget=budget)
    if not found and budget.ran_out:
        raise OperationError(
            "the receiver logged too much to search it completely",
            hint="Name a later time with --since.",
        )
    return found
