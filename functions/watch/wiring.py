"""Composition root of the watch."""

from datetime import timedelta
from functools import cache

import boto3
from botocore.config import Config

from bridge.adapters.aws.metric_history import CloudWatchHistory
from bridge.adapters.aws.sqs import SqsDepth
from bridge.adapters.aws.ssm import SsmParameters
from bridge.adapters.aws.waiting_records import DynamoDbWaiting
from bridge.adapters.clock import utc_now
from bridge.background_settings import WatchSettings
from bridge.deadline import Deadline
from bridge.version import USER_AGENT
from bridge.watch.checks import Watch

_CONFIG = Config(user_agent_extra=USER_AGENT)

deadline = Deadline()


@cache
def watch() -> Watch:
    """Build the watch on the first invocation."""
    settings = WatchSettings.from_env()
    table = settings.deliveries_table
    return Watch(
        stage=settings.stage,
        silence=timedelta(hours=settings.silence_hours),
        parameters=SsmParameters(boto3.client("ssm", config=_CONFIG), settings.kms_key),
        history=CloudWatchHistory(
            boto3.client("cloudwatch", config=_CONFIG), settings.metrics_namespace, utc_now
        ),
        records=DynamoDbWaiting(
            boto3.client("dynamodb", config=_CONFIG), table, deadline.remaining
        ),
        buffer=SqsDepth(boto3.client("sqs", config=_CONFIG), settings.buffer_queue_url),
        clock=utc_now,
    )
