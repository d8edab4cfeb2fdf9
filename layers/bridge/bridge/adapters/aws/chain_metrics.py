"""Metrics of the chains, in the embedded format that CloudWatch reads out of the log.

The namespace and the service come from POWERTOOLS_METRICS_NAMESPACE and POWERTOOLS_SERVICE_NAME.
"""

from aws_lambda_powertools.metrics import MetricUnit, single_metric


def emit_drift(connection: str, differences: int) -> None:
    """How many differences there are; also when there is none, so that silence means no check."""
    with single_metric(name="ChainDrift", unit=MetricUnit.Count, value=differences) as metric:
        metric.add_dimension(name="connection", value=connection)
