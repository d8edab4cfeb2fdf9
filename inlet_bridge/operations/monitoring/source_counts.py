"""Read the metrics of all sources from CloudWatch."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from inlet_bridge.operations.deployed import Deployed

MOST_QUERIES: Final = 500
"""Limit of GetMetricData (Amazon CloudWatch API reference)."""

_NAMES: Final = ("Accepted", "Delivered")
_PERIOD_SECONDS: Final = 300
_SOURCES_PER_CALL: Final = MOST_QUERIES // len(_NAMES)


class SourceCounts:
    """The metrics of the sources of one deployment."""

    def __init__(self, deployed: Deployed) -> None:
        self._deployed = deployed

    def since(self, moment: datetime) -> dict[str, Counter[str]]:
        """`Accepted` and `Delivered` by source; nothing if there are no metrics.

        Metrics need a permission of their own, and the local cloud has none.
        """
        counts: dict[str, Counter[str]] = {}
        sources = self._deployed.sources[:_SOURCES_PER_CALL]
        asked = list(product(sources, _NAMES))
        queries = [
            {"Id": f"q{number}", "MetricStat": sum_of(self._deployed, *each, _PERIOD_SECONDS)}
            for number, each in enumerate(asked)
        ]
        if not queries:
            return counts
        pages = self._deployed.client("cloudwatch").get_paginator("get_metric_data")
        end = datetime.now(UTC) + timedelta(minutes=1)
        try:
            for page in pages.paginate(StartTime=moment, EndTime=end, MetricDataQueries=queries):
                for found in page["MetricDataResults"]:
                    if found["Values"]:
                        source, name = asked[int(found["Id"].removeprefix("q"))]
                        of_source = counts.setdefault(source, Counter())
                        of_source[name] += round(sum(found["Values"]))
        except (ClientError, BotoCoreError):
            return {}
        return counts


def sum_of(deployed: Deployed, source: str, name: str, period: int) -> dict[str, Any]:
    """The sums of a metric of a source over periods of so many seconds, for GetMetricData."""
    return {
        "Metric": {
            "Namespace": f"InletBridge/{deployed.parameters['Stage']}",
            "MetricName": name,
            "Dimensions": [{"Name": "source", "Value": source}],
        },
        "Period": period,
        "Stat": "Sum",
    }
