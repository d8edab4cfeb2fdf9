"""Read from CloudWatch how many webhooks each source got over time, and what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from typing import Any, Final

from bridge.delivery.counts import Count
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.monitoring.source_counts import MOST_QUERIES, sum_of
from inlet_bridge.operations.monitoring.time_span import TimeSpan

NAMES: Final = (Count.ACCEPTED, Count.DELIVERED, Count.DEAD_LETTERED)
"""The metrics of a source that are shown over time."""

QUEUES: Final = ("Buffer", "DeadLetters")
"""The logical IDs of the queues whose depth is shown over time."""

_MOST_SOURCES: Final = (MOST_QUERIES - len(QUEUES)) // len(NAMES)

type Numbers = Sequence[int | None]
"""One for each period; None if nothing is known of it."""


@dataclass(frozen=True, slots=True)
class Activity:
    """Counts over time.

    Attributes:
        counts: by source and metric.
        depths: the largest number of visible messages, by the queue's logical ID.
        left_out: how many sources were not read.
        since: what is older was not counted.
        from_logs: whether logged counts were added up, since there are no metrics.
    """

    span: TimeSpan
    counts: Mapping[str, Mapping[Count, Numbers]]
    since: datetime
    depths: Mapping[str, Numbers] = field(default_factory=dict)
    left_out: int = 0
    from_logs: bool = False


def activity(deployed: Deployed, sources: Sequence[str], span: TimeSpan) -> Activity:
    """Read the counts of sources, 166 at most, and the depth of the queues, in one call.

    Raises:
        ClientError, BotoCoreError, OperationError: the metrics cannot be read.
    """
    read = sources[:_MOST_SOURCES]
    asked = list(product(read, NAMES))
    stats = [sum_of(deployed, source, name, span.period) for source, name in asked]
    stats += [_depth(deployed, queue, span.period) for queue in QUEUES]
    cloudwatch: Any = deployed.client("cloudwatch")
    answer = cloudwatch.get_metric_data(
        StartTime=span.start,
        EndTime=span.end,
        ScanBy="TimestampAscending",
        MetricDataQueries=[
            {"Id": f"q{number}", "MetricStat": stat} for number, stat in enumerate(stats)
        ],
    )
    results = {found["Id"]: found for found in answer["MetricDataResults"]}
    found = [results.get(f"q{number}") for number in range(len(stats))]
    counts: dict[str, dict[Count, Numbers]] = {source: {} for source in read}
    for (source, name), result in zip(asked, found, strict=False):
        # No datapoint of a count is none of it.
        counts[source][name] = [each or 0 for each in _numbers(result, span)]
    depths = {
        queue: _numbers(result, span)
        for queue, result in zip(QUEUES, found[len(asked) :], strict=True)
    }
    return Activity(span, counts, span.start, depths, len(sources) - len(read))


def _numbers(result: Any, span: TimeSpan) -> list[int | None]:
    numbers: list[int | None] = [None] * span.number
    if result:
        for at, value in zip(result["Timestamps"], result["Values"], strict=True):
            if (index := span.index(at)) is not None:
                numbers[index] = round(value)
    return numbers


def _depth(deployed: Deployed, queue: str, period: int) -> dict[str, Any]:
    name = deployed.resource(queue).rpartition("/")[2]
    return {
        "Metric": {
            "Namespace": "AWS/SQS",
            "MetricName": "ApproximateNumberOfMessagesVisible",
            "Dimensions": [{"Name": "QueueName", "Value": name}],
        },
        "Period": period,
        "Stat": "Maximum",
    }
