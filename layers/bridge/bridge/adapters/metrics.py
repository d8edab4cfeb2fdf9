"""Counts and measures as CloudWatch metrics, embedded in the log.

The namespace and the service come from POWERTOOLS_METRICS_NAMESPACE and POWERTOOLS_SERVICE_NAME.
Every dimension is a name of the deployment's own: a stranger cannot make metrics, which cost money.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from bridge.delivery.counts import Count, Measure


class EmbeddedCounts:
    """The port `Counts`; `flush` writes what one invocation counted.

    `measure` may be called by several threads.
    """

    def __init__(self) -> None:
        self._counted: dict[str, Counter[Count]] = defaultdict(Counter)
        self._measured: list[tuple[str, tuple[Measure, float]]] = []

    def count(self, source: str, *names: Count) -> None:
        """One more of each."""
        self._counted[source].update(names)

    def measure(self, connection: str, name: Measure, value: float) -> None:
        """One value of a connection's inlet."""
        # An append is atomic (Python's FAQ, "Library and Extension").
        self._measured.append((connection, (name, value)))

    def flush(self) -> None:
        """Print one line per source and one per connection, for CloudWatch, and begin anew."""
        counted, self._counted = self._counted, defaultdict(Counter)
        measured, self._measured = self._measured, []
        if not counted and not measured:
            return
        line = EphemeralMetrics()
        for source, times in counted.items():
            _print(line, "source", source, times.items())
        by_connection: dict[str, list[tuple[Measure, float]]] = defaultdict(list)
        for connection, value in measured:
            by_connection[connection].append(value)
        for connection, values in by_connection.items():
            _print(line, "connection", connection, values)


def _print(
    line: EphemeralMetrics,
    dimension: str,
    value: str,
    metrics: Iterable[tuple[Count | Measure, float]],
) -> None:
    """Print a line, which is empty again then: a new one each time costs as much as printing."""
    line.add_dimension(dimension, value)
    for name, number in metrics:
        is_time = name is Measure.INLET_LATENCY
        line.add_metric(name, MetricUnit.Milliseconds if is_time else MetricUnit.Count, number)
    line.flush_metrics()
