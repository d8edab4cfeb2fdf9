"""Counts as CloudWatch metrics, embedded in the log.

The namespace and the service come from POWERTOOLS_METRICS_NAMESPACE and POWERTOOLS_SERVICE_NAME.
"""

from collections import Counter

from bridge.delivery.counts import Count


class EmbeddedCounts:
    """The port `Counts`; `flush` writes what one invocation counted."""

    def __init__(self) -> None:
        self._counted: Counter[tuple[str, Count]] = Counter()

    def count(self, source: str, *names: Count) -> None:
        """One more of each."""
        self._counted.update((source, name) for name in names)

    def flush(self) -> None:
        """Print one line per count, for CloudWatch to pick up, and begin anew."""
        # Loaded when the answer is known: it takes 49 ms of a cold start (docs/decisions).
        from aws_lambda_powertools.metrics import MetricUnit, single_metric  # noqa: PLC0415

        counted, self._counted = self._counted, Counter()
        for (source, name), times in counted.items():
            with single_metric(name=name, unit=MetricUnit.Count, value=times) as metric:
                metric.add_dimension("source", source)
