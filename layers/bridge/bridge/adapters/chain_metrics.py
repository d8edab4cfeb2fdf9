"""Metrics of the chains, in the embedded format that CloudWatch reads out of the log."""

from aws_lambda_powertools.metrics import MetricUnit, single_metric

NAMESPACE = "InletBridge"


def emit_drift(stage: str, connection: str, differences: int) -> None:
    """How many differences there are; also when there is none, so that silence means no check."""
    with single_metric(
        name="ChainDrift", unit=MetricUnit.Count, value=differences, namespace=NAMESPACE
    ) as metric:
        metric.add_dimension(name="stage", value=stage)
        metric.add_dimension(name="connection", value=connection)
