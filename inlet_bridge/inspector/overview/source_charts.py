"""Chart what became of the webhooks of each source over time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from bridge.delivery.counts import Count
from bridge.delivery.record import State
from inlet_bridge.inspector.overview.charts import Chart, Numbers, chart
from inlet_bridge.operations.configuration.topology import Topology
from inlet_bridge.operations.monitoring.activity import Activity
from inlet_bridge.operations.monitoring.ingested_activity import DatasetActivity
from inlet_bridge.operations.monitoring.open_summary import OpenSummary
from inlet_bridge.operations.monitoring.time_span import TimeSpan

_OPEN: Final = {"waiting": State.BUFFERED, "failed": State.FAILED}


def source_charts(
    activity: Activity, summary: OpenSummary | None, read_until: Mapping[str, datetime]
) -> list[Chart]:
    """A chart for each source, those with webhooks first.

    `waiting` and `failed` are the open records of `summary`, at the time of receipt.

    Args:
        activity: what was counted; a chart for each of its sources, and each with open records.
        summary: the open records; None if they could not be read.
        read_until: as `read_until` returns it. The other sources have no line `ingested`.
    """
    names = sorted({*activity.counts, *(summary.received if summary else ())})
    charts = [_chart(name, activity, summary, read_until.get(name)) for name in names]
    return sorted(charts, key=lambda each: (not each.rows, each.title))


def read_until(datasets: Iterable[DatasetActivity], topology: Topology) -> dict[str, datetime]:
    """Until when a rejection of a source's webhooks would be recorded, by source.

    Without those whose webhooks cannot be found among the failed records, since their bodies are
    not kept, and those with a dataset that was never read.
    """
    listed = {each.dataset_id: each.listed_at for each in datasets}
    dataset_of = {
        f"{connection.name}/{flow.name}": flow.dataset
        for connection in topology.connections
        for flow in connection.flows
    }
    found: dict[str, datetime] = {}
    for state in topology.sources:
        times = [listed.get(dataset_of.get(flow, "")) for flow in state.flows]
        known = [each for each in times if each]
        if state.source and state.source.keep_bodies and known and len(known) == len(times):
            found[state.name] = min(known)
    return found


def _chart(
    name: str, activity: Activity, summary: OpenSummary | None, until: datetime | None
) -> Chart:
    span, counts = activity.span, activity.counts.get(name, {})
    none: Numbers = [0] * span.number
    series: dict[str, Numbers] = {
        "accepted": counts.get(Count.ACCEPTED, none),
        "delivered": counts.get(Count.DELIVERED, none),
        "dead": counts.get(Count.DEAD_LETTERED, none),
    }
    if summary:
        for title, state in _OPEN.items():
            series[title] = _by_period(span, summary.times(name, state))
        if until and State.FAILED not in summary.partial:
            series["ingested"] = _ingested(series["delivered"], series["failed"], span, until)
    return chart(name, span, series)


def _by_period(span: TimeSpan, times: Iterable[datetime]) -> list[int]:
    numbers = [0] * span.number
    for each in times:
        if (index := span.index(each)) is not None:
            numbers[index] += 1
    return numbers


def _ingested(
    delivered: Numbers, failed: Sequence[int | None], span: TimeSpan, until: datetime
) -> list[int | None]:
    """The deliveries that Adobe did not reject; None for periods that were not read completely.

    A webhook is delivered in the period of its receipt or in a later one.
    """
    numbers: list[int | None] = []
    left = 0
    for index, (sent, rejected) in enumerate(zip(delivered, failed, strict=True)):
        left += rejected or 0
        taken = min(left, sent or 0)
        left -= taken
        is_read = span.begin(index + 1) <= until
        numbers.append((sent or 0) - taken if is_read else None)
    return numbers
