"""Tables of deliveries, dead letters and the audit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.table import Table

from bridge.delivery.record import State
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.operations.audit import Audit
from inlet_bridge.operations.dead_letters import DeadLetter
from inlet_bridge.operations.delivery_log import LoggedDelivery
from inlet_bridge.operations.records import DeliveryRecord

_STYLES: Final = {
    State.DELIVERED: "green",
    State.BUFFERED: "yellow",
    State.DEAD: "bold red",
    State.FAILED: "bold red",
}
_MEANING: Final = {
    State.CLAIMED: "a receiver processes it or failed; the sender retries",
    State.BUFFERED: "it is in the buffer",
    State.DELIVERED: "the inlet accepted it; Platform finds it by its xactionId",
    State.DEAD: "it is a dead letter; `inlet dead-letters show` has its payload",
    State.FILTERED: "no route of its source matches, and the source says `Otherwise: drop`",
    State.SPLIT: "it was split into deliveries whose ids begin with this one",
    State.FAILED: "the inlet accepted it, and Adobe rejected it when it ingested the batch",
    State.ERASED: "an operator erased its message before it was delivered",
}
_COUNTED: Final = (State.BUFFERED, State.DEAD, State.FAILED)


def logged_table(deliveries: Sequence[LoggedDelivery]) -> Table:
    """One line per outcome."""
    table = _table("Logged", "Source", "State", "Delivery id", "xactionId or reason")
    for each in deliveries:
        table.add_row(
            _time(each.at), each.source, _state(each.state), each.delivery_id, each.detail
        )
    return table


def deliveries_table(records: Sequence[DeliveryRecord]) -> Table:
    """One line per delivery."""
    table = _table("Received", "State", "Event", "Delivery id", "xactionId or reason")
    for record in records:
        details = record.details
        table.add_row(
            _time(record.received_at),
            _state(record.state),
            details.get("event_type", ""),
            record.delivery_id,
            details.get("xaction_id") or details.get("reason", ""),
        )
    return table


def record_table(record: DeliveryRecord) -> Table:
    """The record of one delivery."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("delivery", f"{record.source} {record.delivery_id}")
    table.add_row("state", Text.assemble(_state(record.state), f": {_MEANING[record.state]}"))
    table.add_row("received", _time(record.received_at))
    for name, value in record.details.items():
        table.add_row(name.removesuffix("_at").replace("_", " "), value)
    return table


def dead_letters_table(letters: Sequence[DeadLetter]) -> Table:
    """One line per dead letter."""
    table = _table("Dead-lettered", "Class", "Source", "Delivery id", "Attempts", "Reason")
    for letter in letters:
        delivery = letter.delivery
        table.add_row(
            _time(letter.died_at),
            letter.kind,
            delivery.source if delivery else "-",
            delivery.delivery_id if delivery else "-",
            str(letter.attempts or "-"),
            letter.reason,
        )
    return table


def audit_table(audit: Audit) -> Table:
    """Open deliveries by source and state, with totals and the messages in the queues."""
    table = _table("Source", *(state.capitalize() for state in _COUNTED))
    for source, states in sorted(audit.states.items()):
        table.add_row(source, *(str(states[state]) for state in _COUNTED))
    table.add_section()
    table.add_row("all", *(str(audit.total(state)) for state in _COUNTED))
    table.add_row("in the queues", str(audit.waiting), str(audit.dead_letters), "")
    return table


def _table(*columns: str) -> Table:
    table = Table(box=SIMPLE_HEAD)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _state(state: State) -> Text:
    return Text(state, style=_STYLES.get(state, ""))


def _time(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="seconds")
