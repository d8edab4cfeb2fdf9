"""Read what receiver and forwarder logged of one delivery, within bounds of time and calls."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.logs.bounded import CallBudget, bounded_lines, lines_with
from inlet_bridge.operations.logs.deliveries import outcomes_in
from inlet_bridge.operations.logs.lines import LogLine
from inlet_bridge.operations.records.table import DeliveryRecord

RECEIVER: Final = "receiver"
FORWARDER: Final = "forwarder"

_BEFORE: Final = timedelta(seconds=30)
_FIRST: Final = timedelta(minutes=15)
"""Repetitions and first attempts come within this time."""
_AROUND: Final = timedelta(minutes=2)
_WITHOUT_RECORD: Final = timedelta(days=1)
_MOST_CALLS: Final = 30
_MOST_LINES: Final = 200
# Details of a record that are times at which a function logged something.
_LOGGED_AT: Final = ("delivered_at", "died_at", "replayed_at")

type Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One line about a delivery.

    Attributes:
        function: `receiver` or `forwarder`.
        message: of the line, such as `delivered`.
        fields: of the line; in that of a batch, those of the delivery have precedence.
        is_outcome: whether it names the delivery; else it is of the same invocation.
    """

    at: datetime
    function: str
    message: str
    fields: Mapping[str, Any]
    is_outcome: bool = True

    def text(self, name: str) -> str:
        """A field as a text; empty if there is none."""
        value = self.fields.get(name)
        return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class DeliveryLines:
    """What was found.

    Attributes:
        lines: oldest first.
        spans: the times that were searched.
        is_complete: whether all lines of these times were read.
    """

    lines: tuple[DeliveryLine, ...]
    spans: tuple[Span, ...]
    is_complete: bool


def spans_of(record: DeliveryRecord | None, now: datetime) -> tuple[Span, ...]:
    """The times in which lines of a delivery are expected: not all of the days that it waited."""
    if record is None:
        return ((now - _WITHOUT_RECORD, now),)
    begin = record.received_at - _BEFORE
    found = [(begin, record.received_at + _FIRST)]
    times = (time_in(record.details, name) for name in _LOGGED_AT)
    found += [(at - _AROUND, at + _AROUND) for at in times if at]
    if "next_attempt_at" in record.details:
        found.append((now - _FIRST, now))
    return tuple(_merged((max(start, begin), min(end, now)) for start, end in sorted(found)))


def time_in(details: Mapping[str, str], name: str) -> datetime | None:
    """A time of a record; None if it has none that can be read."""
    try:
        time = datetime.fromisoformat(details.get(name, ""))
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def read_lines(
    deployed: Deployed,
    source: str,
    delivery_id: str,
    spans: tuple[Span, ...],
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> DeliveryLines:
    """The lines of a delivery, and those of the invocation of the receiver that accepted it.

    Args:
        deployed: the stack.
        source: its name.
        delivery_id: as it is shown.
        spans: the times to search, see `spans_of`.
        clock: the time.
    """
    budget = CallBudget(_MOST_CALLS)
    now = clock()
    found: list[DeliveryLine] = []
    for start, end in spans:
        until = min(end, now) + timedelta(seconds=1)
        for function, group in (
            (RECEIVER, deployed.receiver_logs),
            (FORWARDER, deployed.forwarder_logs),
        ):
            pattern = lines_with("delivery_id", delivery_id)
            for line in bounded_lines(deployed, group, pattern, (start, until), budget):
                found += _own(line, function, source, delivery_id)
                if len(found) >= _MOST_LINES:
                    budget.ran_out = True
                    break
    found += _same_invocation(deployed, found, budget)
    found.sort(key=lambda line: line.at)
    return DeliveryLines(tuple(found), spans, not budget.ran_out)


def _own(line: LogLine, function: str, source: str, delivery_id: str) -> Iterator[DeliveryLine]:
    """The line for this delivery, if it is about it: as its only one, or as one of a batch."""
    message, several = str(line.fields.get("message")), line.fields.get("deliveries")
    for each in several if isinstance(several, list) else [line.fields]:
        if not isinstance(each, dict):
            continue
        if (each.get("source"), each.get("delivery_id")) == (source, delivery_id):
            is_outcome = any(True for _ in outcomes_in(line)) or message == "already settled"
            yield DeliveryLine(line.at, function, message, {**line.fields, **each}, is_outcome)


def _same_invocation(
    deployed: Deployed, own: Iterable[DeliveryLine], budget: CallBudget
) -> list[DeliveryLine]:
    """Why the receiver did not deliver at once: lines that do not name the delivery."""
    first = next((line for line in own if line.function == RECEIVER and line.is_outcome), None)
    request = first.text("function_request_id") if first else ""
    if first is None or not request:
        return []
    lines = bounded_lines(
        deployed,
        deployed.receiver_logs,
        lines_with("function_request_id", request),
        (first.at - _BEFORE, first.at + timedelta(seconds=1)),
        budget,
    )
    return [
        DeliveryLine(line.at, RECEIVER, str(line.fields.get("message")), line.fields, False)
        for line in lines
        if line.fields.get("function_request_id") == request and "delivery_id" not in line.fields
    ]


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans of time without overlaps."""
    last: Span | None = None
    for span in spans:
        if last and span[0] <= last[1]:
            last = (last[0], max(last[1], span[1]))
            continue
        if last:
            yield last
        last = span
    if last:
        yield last
