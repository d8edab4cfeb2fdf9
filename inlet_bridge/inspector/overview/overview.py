"""Arrange what the overview shows of a deployment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bridge.delivery.record import State
from inlet_bridge.inspector.overview.charts import Chart, chart
from inlet_bridge.operations.configuration.topology import SourceState, Topology
from inlet_bridge.operations.delivery.waits import after_resume
from inlet_bridge.operations.monitoring.activity import QUEUES, Activity
from inlet_bridge.operations.monitoring.ingested_activity import DatasetActivity
from inlet_bridge.operations.monitoring.open_summary import OpenReason, OpenSummary
from inlet_bridge.operations.monitoring.time_span import TimeSpan


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source and what of it is open.

    Attributes:
        paused: what is paused, the source or a connection to which it leads: kind, name, and since
            when.
        settling: flows whose messages wait until a time, since they were created or changed.
        waiting, dead, failed: numbers, with `+` if there are more; empty if they are not known.
    """

    name: str
    exists: bool
    paused_since: str
    paused: tuple[tuple[str, str, str], ...]
    settling: tuple[tuple[str, datetime], ...]
    waiting: str = ""
    dead: str = ""
    failed: str = ""


def source_rows(topology: Topology, summary: OpenSummary | None, now: datetime) -> list[SourceRow]:
    """The sources, and those that are deleted and have open records, by name."""
    states = {each.name: each for each in topology.sources}
    names = sorted({*states, *(summary.received if summary else ())})
    return [_row(name, states.get(name), topology, summary, now) for name in names]


def _row(
    name: str,
    state: SourceState | None,
    topology: Topology,
    summary: OpenSummary | None,
    now: datetime,
) -> SourceRow:
    flows = state.flows if state else frozenset()
    since = state.paused_since if state else ""
    connections = state.connections if state else frozenset()
    paused = [("source", name, since)] if since else []
    paused += [
        ("connection", each.name, each.paused_since)
        for each in topology.connections
        if each.name in connections and each.paused_since
    ]
    settling = [
        (f"{connection.name}/{flow.name}", flow.ready_at)
        for connection in topology.connections
        for flow in connection.flows
        if f"{connection.name}/{flow.name}" in flows and flow.ready_at and flow.ready_at > now
    ]
    numbers = [_number(summary, name, each) for each in (State.BUFFERED, State.DEAD, State.FAILED)]
    return SourceRow(name, state is not None, since, tuple(paused), tuple(settling), *numbers)


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """A reason for open records, and when they are tried again.

    Attributes:
        at: of the next attempt; None if only `text` is known.
    """

    reason: OpenReason
    at: datetime | None
    text: str = ""


def reason_rows(summary: OpenSummary, rows: Iterable[SourceRow], now: datetime) -> list[ReasonRow]:
    """The reasons of a summary; what is paused waits until it is resumed."""
    paused = {row.name: row.paused[0] for row in rows if row.paused}
    return [_reason_row(each, paused.get(each.source), now) for each in summary.reasons]


def _reason_row(each: OpenReason, paused: tuple[str, str, str] | None, now: datetime) -> ReasonRow:
    if each.state is not State.BUFFERED:
        return ReasonRow(each, None, "none")
    if paused:
        return ReasonRow(each, None, after_resume(*paused[:2]))
    if each.next_attempt and each.next_attempt > now:
        return ReasonRow(each, each.next_attempt)
    return ReasonRow(each, None, "within minutes")


def _number(summary: OpenSummary | None, source: str, state: State) -> str:
    if summary is None:
        return ""
    number = len(summary.times(source, state))
    return f"{number:,}{'+' if state in summary.partial else ''}"


def queue_chart(activity: Activity) -> Chart | None:
    """The depth of the buffer and of the dead-letter queue; None if it is not known."""
    if not any(each is not None for numbers in activity.depths.values() for each in numbers):
        return None
    names = dict(zip(QUEUES, ("waiting", "dead"), strict=True))
    series = {names[queue]: numbers for queue, numbers in activity.depths.items()}
    return chart("Queues", activity.span, series, adds_up=False)


@dataclass(frozen=True, slots=True)
class DatasetChart:
    """What Adobe ingested into a dataset, and the sources that lead there."""

    chart: Chart
    flows: tuple[str, ...]
    sources: tuple[str, ...]


def dataset_charts(
    datasets: Iterable[DatasetActivity], span: TimeSpan, topology: Topology | None
) -> list[DatasetChart]:
    """A chart for each dataset."""
    leads = _flows_by_dataset(topology)
    sources = topology.sources if topology else ()
    return [
        DatasetChart(
            chart(each.dataset_id, span, {"ingested": each.ingested, "failed": each.failed}),
            tuple(flows := sorted(leads.get(each.dataset_id, ()))),
            tuple(source.name for source in sources if source.flows & set(flows)),
        )
        for each in datasets
    ]


def _flows_by_dataset(topology: Topology | None) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for connection in topology.connections if topology else ():
        for flow in connection.flows:
            found.setdefault(flow.dataset, set()).add(f"{connection.name}/{flow.name}")
    return found
