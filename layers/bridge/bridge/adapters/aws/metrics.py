"""Add counts and measures to log lines as CloudWatch metrics, in the embedded metric format.

A metric is a field of a line that is logged anyway, since logs are billed by the byte. The
namespace and the service come from POWERTOOLS_METRICS_NAMESPACE and POWERTOOLS_SERVICE_NAME. Every
dimension is a configured name: unauthenticated clients cannot create metrics, which cost money.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import os
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from itertools import zip_longest
from typing import Any

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from bridge.delivery.counts import Count, Measure
from bridge.telemetry import logger

type Fields = dict[str, Any]
"""Fields of a log line. Those that `_aws` names are metrics and their dimensions."""

# The variables with the namespace and the service.
_NAMES = ("POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_SERVICE_NAME")
# Of a line that has no other purpose.
_MESSAGE = "metrics"


class EmbeddedCounts:
    """The port `Counts`; `log` and `flush` write the counts of one invocation. Thread-safe.

    Args:
        of_connections: whether faults of an inlet are metrics. Those that the receiver meets are
            not: the forwarder meets them again if they last, and each would be a second metric.
    """

    def __init__(self, *, of_connections: bool = True) -> None:
        self._of_connections = of_connections
        # Shared by threads: `append` and `popleft` of a deque are atomic
        # (https://docs.python.org/3/library/collections.html#collections.deque), adding to a
        # number is not. So counts are added up when they are written, which removes one entry at
        # a time: an entry that another thread appends meanwhile is not lost.
        self._counted: deque[tuple[str, Sequence[Count]]] = deque()
        self._measured: deque[tuple[str, Measure, int]] = deque()
        self._latencies: deque[tuple[str, float]] = deque()
        self._ages: deque[timedelta] = deque()

    def count(self, source: str, *names: Count) -> None:
        """One more of each."""
        self._counted.append((source, names))

    def measure(self, connection: str, name: Measure, number: int) -> None:
        """So many more of a connection's inlet."""
        if self._of_connections:
            self._measured.append((connection, name, number))

    def latency(self, connection: str, seconds: float) -> None:
        """The time of one request to a connection's inlet."""
        self._latencies.append((connection, seconds))

    def waiting(self, age: timedelta) -> None:
        """The age of a delivery that has to wait."""
        self._ages.append(age)

    def log(self, write: Callable[..., None], message: str, **extra: object) -> None:
        """Write a log line with the counts; those that do not fit it get lines of their own.

        Args:
            write: a method of the logger, such as `logger.info`.
            message: of the line.
            extra: its other fields.
        """
        fields, *others = self._lines() or [{}]
        write(message, extra={**extra, **fields})
        for other in others:
            logger.info(_MESSAGE, extra=other)

    def flush(self) -> None:
        """Write the counts as lines of their own."""
        for fields in self._lines():
            logger.info(_MESSAGE, extra=fields)

    def _lines(self) -> list[Fields]:
        """Remove the counts; a line has at most one source and one connection."""
        ages = list(_drain(self._ages))
        waiting = [_age(max(ages))] if ages else []
        none: Fields = {}
        groups = zip_longest(self._sources(), self._connections(), waiting, fillvalue=none)
        return [_merged(group) for group in groups]

    def _sources(self) -> list[Fields]:
        # Not a `Counter`, which takes two microseconds for the two names of a webhook.
        by_source: dict[str, dict[Count, int]] = {}
        for source, names in _drain(self._counted):
            counted = by_source.setdefault(source, {})
            for name in names:
                counted[name] = counted.get(name, 0) + 1
        # Of receiver and forwarder together: a metric per service would cost as much again.
        return [
            _embedded(counted, {"source": source}, service="")
            for source, counted in by_source.items()
            if counted
        ]

    def _connections(self) -> list[Fields]:
        found: dict[str, Fields] = defaultdict(dict)
        for connection, seconds in _drain(self._latencies):
            fields = found[connection]
            if self._of_connections:
                fields["connection"] = connection
            fields["inlet_ms"] = max(fields.get("inlet_ms", 0), round(seconds * 1_000))
        sums: dict[str, Counter[Measure]] = defaultdict(Counter)
        for connection, name, number in _drain(self._measured):
            sums[connection][name] += number
        for connection, counted in sums.items():
            # The metric is that of all connections, which alarms watch; the line names the one.
            found[connection] |= {"connection": connection, **_embedded(counted)}
        return list(found.values())


def log_drift(found: Mapping[str, int], *, is_complete: bool) -> None:
    """Log the number of differences by connection, and of all together.

    Args:
        found: by connection. 0 is not logged, since a metric is charged by the hour.
        is_complete: whether these are all connections. Their sum is logged also if it is 0, so that
            missing data means no check.
    """
    for connection, differences in found.items():
        if differences:
            fields = _embedded({"ChainDrift": differences}, {"connection": connection})
            logger.info(_MESSAGE, extra=fields)
    if is_complete:
        log_seen("ChainDrift", sum(found.values()))


def log_seen(name: str, number: int) -> None:
    """Log a number, also 0, so that missing data means no check."""
    logger.info(_MESSAGE, extra=_embedded({name: number}))


def _age(age: timedelta) -> Fields:
    """The age of the oldest delivery that has to wait."""
    return _embedded({"WaitingAge": age / timedelta(seconds=1)}, unit=MetricUnit.Seconds)


def _embedded(
    values: Mapping[Any, float],
    dimensions: Mapping[str, str] | None = None,
    *,
    service: str | None = None,
    unit: MetricUnit = MetricUnit.Count,
) -> Fields:
    """Metrics with the same dimensions; an empty service is none, None that of the function."""
    namespace, function = map(os.environ.get, _NAMES)
    own = function if service is None else service
    names = tuple(map(str, values))
    of = tuple((dimensions or {}).items())
    declared = _declared(own, namespace, unit, names, of)
    about = {**declared["_aws"], "Timestamp": time.time_ns() // 1_000_000}
    numbers = ([float(value)] for value in values.values())
    return {**declared, "_aws": about, **dict(zip(names, numbers, strict=True))}


@lru_cache(maxsize=256)  # The sources and connections of a deployment are few.
def _declared(
    service: str | None,
    _namespace: str | None,
    unit: MetricUnit,
    names: tuple[str, ...],
    dimensions: tuple[tuple[str, str], ...],
) -> Fields:
    """What Powertools writes for these metrics, except time and values.

    Writing it for each webhook takes a twentieth of a warm call. Powertools reads the namespace
    from the environment.
    """
    metrics = EphemeralMetrics(service=service)
    for dimension, of in dimensions:
        metrics.add_dimension(dimension, of)
    for name in names:
        metrics.add_metric(name, unit, 0)
    return {**metrics.serialize_metric_set()}


def _merged(parts: Sequence[Fields]) -> Fields:
    """The fields of several parts; each keeps its own dimensions."""
    fields: Fields = {}
    for part in parts:
        declared = fields.get("_aws", {}).get("CloudWatchMetrics", [])
        fields |= part
        if declared and "_aws" in part:
            fields["_aws"]["CloudWatchMetrics"] = declared + part["_aws"]["CloudWatchMetrics"]
    return fields


def _drain[T](values: deque[T]) -> Iterator[T]:
    """Remove and yield entries until none is left."""
    while True:
        try:
            value = values.popleft()
        except IndexError:
            return
        yield value
