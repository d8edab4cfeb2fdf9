"""Read from CloudWatch when each source last received webhooks."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import batched, product
from typing import Any

from bridge.adapters.aws.clients import AWS_ERRORS, unavailable
from bridge.delivery.counts import Count
from bridge.ports.process import Clock

# Limit of GetMetricData (Amazon CloudWatch API reference).
_QUERIES_PER_CALL = 500
_PERIOD_SECONDS = 3_600
# Duplicates count as activity too.
_METRICS = (Count.ACCEPTED, Count.DUPLICATE)


class CloudWatchHistory:
    """The port `SourceHistory` on one namespace.

    Args:
        client: of CloudWatch.
    """

    def __init__(self, client: Any, namespace: str, clock: Clock) -> None:
        self._client = client
        self._namespace = namespace
        self._clock = clock

    def heard(self, sources: Sequence[str], since: datetime) -> dict[str, set[datetime]]:
        """The start of each hour with webhooks, by source. Raises UnavailableError."""
        hours: dict[str, set[datetime]] = {source: set() for source in sources}
        for some in batched(sources, _QUERIES_PER_CALL // len(_METRICS), strict=False):
            try:
                for source, moment in self._heard(some, since):
                    hours[source].add(moment)
            except AWS_ERRORS as exc:
                raise unavailable("CloudWatch cannot be read", exc) from exc
        return hours

    def _heard(self, sources: Sequence[str], since: datetime) -> Iterator[tuple[str, datetime]]:
        queries = list(product(sources, _METRICS))
        pages = self._client.get_paginator("get_metric_data").paginate(
            StartTime=since,
            EndTime=self._clock(),
            MetricDataQueries=[
                self._query(number, source, metric)
                for number, (source, metric) in enumerate(queries)
            ],
        )
        for page in pages:
            for found in page["MetricDataResults"]:
                source, _ = queries[int(found["Id"].removeprefix("q"))]
                for moment, value in zip(found["Timestamps"], found["Values"], strict=True):
                    if value > 0:
                        yield source, moment

    def _query(self, number: int, source: str, name: Count) -> dict[str, Any]:
        return {
            "Id": f"q{number}",
            "MetricStat": {
                "Metric": {
                    "Namespace": self._namespace,
                    "MetricName": name,
                    "Dimensions": [{"Name": "source", "Value": source}],
                },
                "Period": _PERIOD_SECONDS,
                "Stat": "Sum",
            },
        }
