"""The watch: the name of a look at the whole bridge in, the metric of its alarm out."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3

from bridge.adapters.clock import utc_now
from bridge.adapters.metric_history import CloudWatchHistory
from bridge.adapters.queue_depth import SqsDepth
from bridge.adapters.ssm import SsmParameters
from bridge.adapters.waiting_records import DynamoDbWaiting
from bridge.adapters.watch_metrics import emit_seen
from bridge.deadline import Deadline
from bridge.errors import UnavailableError
from bridge.settings import WatchSettings
from bridge.telemetry import logger
from bridge.watching import Watch

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

deadline = Deadline()


@cache
def watch() -> Watch:
    """The one place where the real parts meet; built on the first invocation."""
    settings = WatchSettings.from_env()
    table = settings.deliveries_table
    return Watch(
        stage=settings.stage,
        silence=timedelta(hours=settings.silence_hours),
        parameters=SsmParameters(boto3.client("ssm"), settings.kms_key),
        history=CloudWatchHistory(boto3.client("cloudwatch"), settings.metrics_namespace, utc_now),
        records=DynamoDbWaiting(boto3.client("dynamodb"), table, utc_now, deadline.remaining),
        buffer=SqsDepth(boto3.client("sqs"), settings.buffer_queue_url),
        clock=utc_now,
    )


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, int]:
    """Look; where that fails, the metric is missing, which rings its alarm as well."""
    deadline.start(context.get_remaining_time_in_millis() / 1000)
    metric = event["look"]
    try:
        seen = _LOOKS[metric]()
    except UnavailableError as exc:
        logger.error("unavailable", extra={"reason": str(exc)})
        return {}
    emit_seen(metric, seen)
    return {metric: seen}


def _quiet() -> int:
    quiet = watch().quiet()
    if quiet:
        logger.warning("quiet", extra={"sources": quiet})
    return len(quiet)


_LOOKS: dict[str, Callable[[], int]] = {
    "QuietSources": _quiet,
    "Unaccounted": lambda: watch().unaccounted(),
}
