"""Charts end now, and titles of the chain fit their boxes."""

from datetime import UTC, datetime

import pytest

from inlet_bridge.inspector.overview.chain_picture import Box
from inlet_bridge.inspector.overview.charts import chart
from inlet_bridge.operations.monitoring.time_span import TimeRange, time_span

NOW = datetime(2026, 11, 29, 13, 10, 40, tzinfo=UTC)


@pytest.mark.parametrize("chosen", TimeRange)
def test_axis_does_not_end_in_the_future(chosen: TimeRange) -> None:
    span = time_span(chosen, NOW)
    drawn = chart("github", span, {"accepted": [0] * span.number})

    assert span.end > NOW
    assert drawn.end == NOW


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("", "Source connection"),
        ("events", "Source connection · events"),
        ("events-of-the-shop", "Source connection · events-…"),
    ],
)
def test_title_of_a_box_has_room(name: str, title: str) -> None:
    box = Box(0, 0, "Source connection", name, "id", drifted=False)

    assert box.title == title
    assert len(title) <= 28
