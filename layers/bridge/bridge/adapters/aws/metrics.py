"""Emit counts and measures as CloudWatch metrics, embedded in the log.

The namespace and the service come from POWERTOOLS_METRICS_NAMESPACE and POWERTOOLS_SERVICE_NAME.
Every dimension is a configured name: unauthenticated clients cannot create metrics, which cost
money.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit, single_metric

from bridge.delivery.counts import Count, Measure


class EmbeddedCounts:
    """The port `Counts`; `flush` writes the counts of one invocation. Thread-safe."""

    def __init__(self) -> None:
        # Shared by threads: `append` and `popleft` of a deque are atomic
        # (https://docs.python.org/3/library/collections.html#collections.deque), adding to a
        # number is not. So counts are added up by `flush`, which removes one entry at a time:
        # an entry that another thread appends meanwhile is not lost.
        self._counted: deque[tuple[str, Sequence[Count]]] = deque()
        self._measured: deque[tuple[str, tuple[Measure, float]]] = deque()
        self._ages: deque[timedelta] = deque()

    def count(self, source: str, *names: Count) -> None:
        """One more of each."""
        self._counted.append((source, names))

    def measure(self, connection: str, name: Measure, value: float) -> None:
        """One value of a connection's inlet."""
        self._measured.append((connection, (name, value)))

    def waiting(self, age: timedelta) -> None:
        """The age of a delivery that has to wait."""
        self._ages.append(age)

    def flush(self) -> None:
        """Print a line per source and connection and one for the oldest age; reset all."""
        if ages := list(_drain(self._ages)):
            emit_waiting_age(max(ages))
        by_source: dict[str, Counter[Count]] = defaultdict(Counter)
        for source, names in _drain(self._counted):
            by_source[source].update(names)
        by_connection: dict[str, list[tuple[Measure, float]]] = defaultdict(list)
        for connection, value in _drain(self._measured):
            by_connection[connection].append(value)
        if not by_source and not by_connection:
            return
        line = EphemeralMetrics()
        for source, times in by_source.items():
            _print(line, "source", source, times.items())
        for connection, values in by_connection.items():
            _print(line, "connection", connection, values)


def _drain[T](values: deque[T]) -> Iterator[T]:
    """Remove and yield entries until none is left."""
    while True:
        try:
            value = values.popleft()
        except IndexError:
            return
        yield value


def _print(
    line: EphemeralMetrics,
    dimension: str,
    value: str,
    metrics: Iterable[tuple[Count | Measure, float]],
) -> None:
    """Print a line and clear it: a new one each time costs as much as printing."""
    line.add_dimension(dimension, value)
    for name, number in metrics:
        is_time = name is Measure.INLET_LATENCY
        line.add_metric(name, MetricUnit.Milliseconds if is_time else MetricUnit.Count, number)
    if line.metric_set:
        line.flush_metrics()
    else:  # Powertools has printed the line with the hundredth value.
        line.clear_metrics()


def emit_drift(connection: str, differences: int) -> None:
    """Emit the number of differences, also 0, so that missing data means no check."""
    with single_metric(name="ChainDrift", unit=MetricUnit.Count, value=differences) as metric:
        metric.add_dimension(name="connection", value=connection)


def emit_waiting_age(age: timedelta) -> None:
    """Emit the age of the oldest delivery that has to wait, in seconds."""
    seconds = age / timedelta(seconds=1)
    with single_metric(name="WaitingAge", unit=MetricUnit.Seconds, value=seconds):
        pass


def emit_seen(name: str, number: int) -> None:
    """Emit a number, also 0, so that missing data means no check."""
    with single_metric(name=name, unit=MetricUnit.Count, value=number):
        pass
