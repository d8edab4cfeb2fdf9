"""Read the metrics of all sources from CloudWatch."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import product

from botocore.exceptions import BotoCoreError, ClientError

from inlet_bridge.operations.deployed import Deployed

_NAMES = ("Accepted", "Delivered")
_PERIOD_SECONDS = 300
# Limit of GetMetricData (Amazon CloudWatch API reference).
_SOURCES_PER_CALL = 500 // len(_NAMES)


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
            {
                "Id": f"q{number}",
                "MetricStat": {
                    "Metric": {
                        "Namespace": f"InletBridge/{self._deployed.parameters['Stage']}",
                        "MetricName": name,
                        "Dimensions": [{"Name": "source", "Value": source}],
                    },
                    "Period": _PERIOD_SECONDS,
                    "Stat": "Sum",
                },
            }
            for number, (source, name) in enumerate(asked)
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
