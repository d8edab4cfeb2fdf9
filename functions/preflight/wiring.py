"""Composition root of the preflight."""

import secrets
import uuid
from functools import cache

import boto3
from botocore.config import Config

from bridge.adapters.aws.lambda_versions import LambdaVersions
from bridge.adapters.aws.ssm import SsmParameters
from bridge.adapters.clock import utc_now
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.deadline import Deadline
from bridge.preflight.release_check import Preflight
from bridge.settings import PreflightSettings

# The receiver responds within its timeout of 19 s. Calls are not retried: a repeated webhook would
# be a duplicate.
_LAMBDA_CONFIG = Config(connect_timeout=2, read_timeout=25, retries={"total_max_attempts": 1})

deadline = Deadline()
retry_budget = RetryBudget(remaining=deadline.remaining)


@cache
def preflight() -> Preflight:
    """Build the preflight on the first invocation."""
    settings = PreflightSettings.from_env()
    parameters = SsmParameters(boto3.client("ssm"), settings.kms_key)
    return Preflight(
        stage=settings.stage,
        versions=LambdaVersions(
            boto3.client("lambda", config=_LAMBDA_CONFIG),
            settings.receiver_function,
            deadline.remaining,
        ),
        parameters=parameters,
        secrets=parameters,
        clock=utc_now,
        random=secrets.token_bytes,
        new_id=lambda: str(uuid.uuid4()),
    )
