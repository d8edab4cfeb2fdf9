"""The chart of a source has what was counted, what is open, and what Adobe ingested of it."""

from copy import replace
from datetime import UTC, datetime, timedelta

from bridge.delivery.counts import Count
from bridge.delivery.record import State
from inlet_bridge.inspector.overview.charts import Chart
from inlet_bridge.inspector.overview.source_charts import read_until, source_charts
from inlet_bridge.operations.configuration.topology import (
    ConnectionState,
    FlowState,
    SourceState,
    Topology,
)
from inlet_bridge.operations.monitoring.activity import Activity
from inlet_bridge.operations.monitoring.ingested_activity import DatasetActivity
from inlet_bridge.operations.monitoring.open_summary import OpenSummary
from inlet_bridge.operations.monitoring.time_span import TimeSpan
from tests.support.sample_webhooks import routed

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
SPAN = TimeSpan(START, 60, 4)
END = SPAN.end


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def activity(*delivered: int) -> Activity:
    counts = {Count.ACCEPTED: delivered, Count.DELIVERED: delivered}
    return Activity(SPAN, {"github": counts}, START)


def summary(
    *, waiting: tuple[datetime, ...] = (), failed: tuple[datetime, ...] = (), more: bool = False
) -> OpenSummary:
    states = {State.BUFFERED: waiting, State.FAILED: failed}
    partial = frozenset({State.FAILED}) if more else frozenset[State]()
    return OpenSummary({"github": states}, partial, (), 0, 0)


def numbers(chart: Chart, name: str) -> list[int | None]:
    """The numbers of a line, oldest first, of the periods that have any."""
    index = [line.name for line in chart.lines].index(name)
    return [row[index] for _, row in reversed(chart.rows)]


def names(chart: Chart) -> set[str]:
    return {line.name for line in chart.lines}


def test_open_records_are_in_the_period_of_their_receipt() -> None:
    found = summary(waiting=(at(0.5), at(3.5), at(3.9)), failed=(at(1),))

    [chart] = source_charts(activity(1, 1, 1, 1), found, {})

    assert numbers(chart, "waiting") == [1, 0, 0, 2]
    assert numbers(chart, "failed") == [0, 1, 0, 0]


def test_open_records_before_the_first_period_are_left_out() -> None:
    [chart] = source_charts(activity(1, 1, 1, 1), summary(waiting=(at(-0.1),)), {})

    assert numbers(chart, "waiting") == [0, 0, 0, 0]


def test_a_source_that_only_waits_has_a_chart() -> None:
    [chart] = source_charts(Activity(SPAN, {}, START), summary(waiting=(at(1),)), {})

    assert chart.summary == "github: 0 accepted, 0 delivered, 0 dead, 1 waiting, 0 failed."


def test_what_was_rejected_was_not_ingested() -> None:
    found = summary(failed=(at(0), at(2)))

    [chart] = source_charts(activity(5, 5, 5, 5), found, {"github": END})

    assert numbers(chart, "ingested") == [4, 5, 4, 5]


def test_a_rejected_webhook_counts_where_it_was_delivered_later() -> None:
    found = summary(failed=(at(0), at(0)))

    [chart] = source_charts(activity(1, 0, 3, 1), found, {"github": END})

    assert numbers(chart, "ingested") == [0, 2, 1]


def test_nothing_is_said_of_periods_that_were_not_read_to_their_end() -> None:
    [chart] = source_charts(activity(5, 5, 5, 5), summary(), {"github": at(2.5)})

    assert numbers(chart, "ingested") == [5, 5, None, None]


def test_without_all_rejections_there_is_no_line_of_the_ingested() -> None:
    known = {"github": END}

    assert "ingested" in names(source_charts(activity(1, 1, 1, 1), summary(), known)[0])
    assert "ingested" not in names(source_charts(activity(1, 1, 1, 1), summary(), {})[0])
    partial = summary(more=True)
    assert "ingested" not in names(source_charts(activity(1, 1, 1, 1), partial, known)[0])
    assert names(source_charts(activity(1, 1, 1, 1), None, known)[0]) == {
        "accepted",
        "delivered",
        "dead",
    }


def topology(*, keep_bodies: int) -> Topology:
    source = replace(routed("github", "webhooks", "events"), keep_bodies=keep_bodies)
    flow = FlowState("events", "", "", "", "one", None)
    connection = ConnectionState("webhooks", "", "", "", "", usable=True, flows=(flow,))
    return Topology((connection,), (SourceState("github", source), SourceState("odd", None)))


def test_rejections_are_known_until_the_dataset_was_read() -> None:
    listed = DatasetActivity("one", (), (), at(1))

    assert read_until([listed], topology(keep_bodies=3)) == {"github": at(1)}


def test_rejections_are_not_known_without_kept_bodies_or_before_the_first_reading() -> None:
    listed = DatasetActivity("one", (), (), at(1))

    assert read_until([listed], topology(keep_bodies=0)) == {}
    assert read_until([DatasetActivity("one", (), ())], topology(keep_bodies=3)) == {}
    assert read_until([], topology(keep_bodies=3)) == {}
