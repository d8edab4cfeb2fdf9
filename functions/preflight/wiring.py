"""Composition root of the preflight."""

import secrets
import uuid
from functools import cache

import boto3
from botocore.config import Config

from bridge.adapters.aws.lambda_versions import LambdaVersions
from bridge.adapters.aws.ssm import SsmParameters
from bridge.adapters.aws.stacks import CloudFormationStacks
from bridge.adapters.clock import utc_now
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.background_settings import PreflightSettings
from bridge.deadline import Deadline
from bridge.preflight.release_check import Preflight
from bridge.version import USER_AGENT

# The receiver responds within its timeout of 19 s. A test webhook that is sent again gets the same
# response as before.
_LAMBDA_CONFIG = Config(
    connect_timeout=2,
    read_timeout=25,
    retries={"mode": "standard", "total_max_attempts": 3},
    user_agent_extra=USER_AGENT,
)
_CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 8},
    user_agent_extra=USER_AGENT,
)

deadline = Deadline()
retry_budget = RetryBudget(remaining=deadline.remaining)


@cache
def preflight() -> Preflight:
    """Build the preflight on the first invocation."""
    settings = PreflightSettings.from_env()
    return Preflight(
        stage=settings.stage,
        versions=LambdaVersions(
            boto3.client("lambda", config=_LAMBDA_CONFIG),
            settings.receiver_function,
            deadline.remaining,
        ),
        stacks=CloudFormationStacks(boto3.client("cloudformation", config=_CONFIG)),
        secrets=SsmParameters(boto3.client("ssm", config=_CONFIG), settings.kms_key),
        clock=utc_now,
        sleep=retry_budget.sleep,
        random=secrets.token_bytes,
        new_id=lambda: str(uuid.uuid4()),
    )
