"""Lists of deliveries, rejected requests and dead letters, and the audit."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from bridge.delivery.record import State
from inlet_bridge.cli.listing import Listing
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.mapping.conversions import with_conversion
from inlet_bridge.operations.delivery.refusal_reasons import Advice
from inlet_bridge.operations.logs.deliveries import LoggedDelivery
from inlet_bridge.operations.logs.refusals import Refusal
from inlet_bridge.operations.queues.dead_letter import DeadLetter
from inlet_bridge.operations.records.audit import Audit
from inlet_bridge.operations.records.table import DeliveryRecord
from inlet_bridge.operations.webhooks.rows import detail_of

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


def logged_table(deliveries: Sequence[LoggedDelivery]) -> Listing:
    """One line per outcome."""
    table = Listing("Logged", "Source", "State", "Delivery id", "xactionId or reason")
    for each in deliveries:
        table.add_row(
            _time(each.at), each.source, state_text(each.state), each.delivery_id, each.detail
        )
    return table


def deliveries_table(records: Sequence[DeliveryRecord]) -> Listing:
    """One line per open delivery."""
    table = Listing("Received", "Source", "State", "Event", "Delivery id", "Reason")
    for record in records:
        table.add_row(
            _time(record.received_at),
            record.source,
            state_text(record.state),
            record.details.get("event_type", ""),
            record.delivery_id,
            detail_of(record),
        )
    return table


def record_lines(
    record: DeliveryRecord, waits: Mapping[str, str], next_step: str
) -> Iterator[Text]:
    """The record of one delivery.

    Args:
        record: of it.
        waits: why a buffered one is not sent yet.
        next_step: what to do; may be empty.
    """
    yield _line("delivery", f"{record.source} {record.delivery_id}")
    yield _line("state", Text.assemble(state_text(record.state), f": {_MEANING[record.state]}"))
    yield _line("received", _time(record.received_at))
    for name, value in record.details.items():
        shown = name.removesuffix("_at").replace("_", " ")
        if shown not in waits:
            yield _line(shown, with_conversion(value) if name == "reason" else value)
    for name, value in waits.items():
        yield _line(name, Text(value, style="yellow"))
    if next_step:
        yield _line("what to do", Text(next_step, style="yellow"))


def refusals_table(refusals: Sequence[Refusal]) -> Listing:
    """One line per rejected request."""
    table = Listing("Rejected", "Source", "Status", "Request id", "Reason")
    for each in refusals:
        status = Text(each.status, style="magenta")
        table.add_row(_time(each.at), each.source, status, each.request_id, each.reason)
    return table


def refusal_lines(refusal: Refusal, advice: Advice | None) -> Iterator[Text]:
    """One rejected request, and what to do."""
    yield _line("request", f"{refusal.source} {refusal.request_id}")
    yield _line("state", Text.assemble(("refused", "magenta"), f" with {refusal.status}"))
    yield _line("received", _time(refusal.at))
    yield _line("reason", refusal.reason)
    if advice:
        yield _line("what to do", Text(advice.text, style="yellow"))
        yield _line("more", advice.where)


def dead_letters_table(letters: Sequence[DeadLetter]) -> Listing:
    """One line per dead letter."""
    table = Listing("Dead-lettered", "Class", "Source", "Delivery id", "Attempts", "Reason")
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


def audit_table(audit: Audit) -> Listing:
    """Open deliveries by source and state, with totals and the messages in the queues."""
    table = Listing("Source", *(state.capitalize() for state in _COUNTED))
    for source, states in sorted(audit.states.items()):
        table.add_row(source, *(str(states[state]) for state in _COUNTED))
    table.add_section()
    table.add_row("all", *(str(audit.total(state)) for state in _COUNTED))
    table.add_row("in the queues", str(audit.waiting), str(audit.dead_letters), "")
    return table


def _line(name: str, value: str | Text) -> Text:
    return Text.assemble((f"{name:<13} ", "cyan"), value)


def state_text(state: State) -> Text:
    """A state in its color."""
    return Text(state, style=_STYLES.get(state, ""))


def _time(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="seconds")
