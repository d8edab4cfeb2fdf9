"""What the watch saw, in the embedded format that CloudWatch reads out of the log.

The namespace and the service come from POWERTOOLS_METRICS_NAMESPACE and POWERTOOLS_SERVICE_NAME.
"""

from aws_lambda_powertools.metrics import MetricUnit, single_metric


def emit_seen(name: str, number: int) -> None:
    """How many there are; also when there is none, so that silence means no look."""
    with single_metric(name=name, unit=MetricUnit.Count, value=number):
        pass
