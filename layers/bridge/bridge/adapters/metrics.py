"""Counts and measures as CloudWatch metrics, embedded in the log.

The namespace and the service come from POWERTOOLS_METRICS_NAMESPACE and POWERTOOLS_SERVICE_NAME.
Every dimension is a name of the deployment's own: a stranger cannot make metrics, which cost money.

The lines are those of Powertools Metrics, whose import alone is a third of a cold start; see
docs/decisions/2026-11-26-metrics.md. The format is
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import batched

from bridge.delivery.counts import Count, Measure

# What a line may hold of one metric, by the specification.
_MOST_VALUES = 100


class EmbeddedCounts:
    """The port `Counts`; `flush` writes what one invocation counted."""

    def __init__(self) -> None:
        self._counted: dict[str, Counter[Count]] = defaultdict(Counter)
        self._measured: dict[str, list[tuple[Measure, float]]] = defaultdict(list)

    def count(self, source: str, *names: Count) -> None:
        """One more of each."""
        self._counted[source].update(names)

    def measure(self, connection: str, name: Measure, value: float) -> None:
        """One value of a connection's inlet."""
        self._measured[connection].append((name, value))

    def flush(self) -> None:
        """Print one line per source and one per connection, for CloudWatch, and begin anew."""
        counted, self._counted = self._counted, defaultdict(Counter)
        measured, self._measured = self._measured, defaultdict(list)
        for source, times in counted.items():
            _print("source", source, [(name, float(number)) for name, number in times.items()])
        for connection, values in measured.items():
            for some in batched(values, _MOST_VALUES, strict=False):
                _print("connection", connection, some)


def _print(dimension: str, value: str, metrics: Iterable[tuple[Count | Measure, float]]) -> None:
    values: dict[str, list[float]] = {}
    for name, number in metrics:
        values.setdefault(name, []).append(number)
    told = {
        "Namespace": os.environ.get("POWERTOOLS_METRICS_NAMESPACE", ""),
        "Dimensions": [[dimension, "service"]],
        "Metrics": [{"Name": name, "Unit": _unit(name)} for name in values],
    }
    line = {
        "_aws": {"Timestamp": int(time.time() * 1_000), "CloudWatchMetrics": [told]},
        dimension: value,
        "service": os.environ.get("POWERTOOLS_SERVICE_NAME", ""),
        **values,
    }
    # To standard output as it is: Lambda's text log hands each line on.
    print(json.dumps(line, separators=(",", ":")))  # noqa: T201


def _unit(name: str) -> str:
    return "Milliseconds" if name == Measure.INLET_LATENCY else "Count"
