"""Show one failed record, its kept webhook and the message that it becomes today."""

from typing import Final

from rich.padding import Padding
from rich.table import Table

from bridge.delivery.delivery import Delivery
from bridge.errors import MappingError
from bridge.strict_json import read_json
from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.cli.payloads import payload
from inlet_bridge.cli.styled_text import Text, text_of_json
from inlet_bridge.cli.unknown_records import unknown_record
from inlet_bridge.operations.bodies.kept_bodies import KeptBodies
from inlet_bridge.operations.configuration.known_sources import refuse_source, require_source
from inlet_bridge.operations.configuration.sources import Configuration
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.replay.failed import FailedFilter, FailedRecord, FailedRecords
from inlet_bridge.operations.replay.outcomes import Tally
from inlet_bridge.operations.replay.routing import Routing

UNCHANGED: Final = (
    "the source {} was not changed since. Unless the dataset's schema was, correct its Map and"
    " deploy it first, or Adobe rejects it again."
)
"""Why a message is the one that was rejected; with the name of the source."""


def show(selection: FailedFilter, stack: str, *, values: bool) -> None:
    """Print the records with an ID, of each source that has one."""
    with report_operation_errors() as screen:
        deployed = Deployed(stack)
        found = FailedRecords(deployed).named(selection.delivery_id, selection.source)
        if not found:
            name = selection.delivery_id
            if selection.source:
                require_source(deployed, selection.source)
            refuse_source(deployed, name, f"`inlet failed list --source {name}` lists them.")
            raise unknown_record(FailedRecords(deployed), selection)
        for record in found:
            screen.print(_table(record))
            _show_message(screen, deployed, record, values=values)


def _table(record: FailedRecord) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in (
        ("delivery", f"{record.source} {record.delivery_id}"),
        ("event type", record.event_type),
        ("flow", record.flow),
        ("received", record.received_at.isoformat(sep=" ", timespec="seconds")),
        ("failed", record.failed_at.isoformat(sep=" ", timespec="seconds")),
        ("Adobe's reason", record.reason),
        ("pointer", record.pointer),
        ("batch", record.batch),
        ("xactionId", record.xaction_id),
    ):
        if text:
            table.add_row(name, text)
    return table


def _show_message(
    screen: Screen, deployed: Deployed, record: FailedRecord, *, values: bool
) -> None:
    kept = KeptBodies(deployed)
    webhook = kept.find(record.source, record.received_at, record.kept) if record.kept else None
    if webhook is None:
        screen.print(Text("Its webhook is not kept, or not any more; see `KeepBodies`."))
        if record.batch:
            command = f"inlet ingested --batch {record.batch} --save FILE --stack {deployed.stack}"
            screen.print(Text(f"Adobe has its own copy for 30 days: {command}"))
        return
    if values:
        screen.print(Text("The webhook as it is kept:"), payload(webhook))
    try:
        routing = _routing(deployed, record)
    except OperationError as exc:
        screen.print(Text(f"Today it cannot be sent: {exc}. {exc.hint}", style="yellow"))
        return
    tally = Tally()
    deliveries = {each.key: each for each in routing.of(webhook, tally)}
    delivery = deliveries.get(record.key[1])
    if delivery is None:
        why = next(iter(tally.reasons), "the routes lead to other deliveries, or to none")
        screen.print(Text(f"Today it cannot be sent: {why}.", style="yellow"))
        return
    _show_delivery(screen, routing, delivery, values=values)
    changed_at = Configuration(deployed).changed_at(record.source)
    if changed_at and changed_at < record.received_at:
        text = f"That is what Adobe rejected: {UNCHANGED.format(record.source)}"
        screen.print(Text(text, style="yellow"))


def _show_delivery(screen: Screen, routing: Routing, delivery: Delivery, *, values: bool) -> None:
    try:
        content = routing.message(delivery).content
    except MappingError as exc:
        screen.print(Text(f"Today it cannot be sent: {exc}.", style="yellow"))
        return
    screen.print(Text(f"Today it becomes a message of {len(content)} bytes to {delivery.flow}."))
    if values:
        screen.print(Padding(text_of_json(read_json(content.decode())), (0, 2)))
    else:
        screen.print(Text("--values prints the webhook and the message.", style="dim"))


def _routing(deployed: Deployed, record: FailedRecord) -> Routing:
    configuration = Configuration(deployed)
    to = record.flow if "/" in record.flow else ""
    return Routing(
        configuration.source(record.source),
        to,
        configuration.destination(to) if to else None,
        read_schema=configuration.schema_reader(),
    )
