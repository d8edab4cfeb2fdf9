"""The preflight: a custom resource's request in; the version that may serve, or a refusal, out."""

import secrets
import uuid
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from bridge.adapters.clock import utc_now
from bridge.adapters.cloudformation import CloudFormation
from bridge.adapters.lambda_versions import LambdaVersions
from bridge.adapters.patience import Patience
from bridge.adapters.ssm import SsmParameters
from bridge.adapters.wiring import http_session
from bridge.deadline import Deadline
from bridge.provisioning.custom_resource import Outcome
from bridge.releasing import Preflight
from bridge.settings import PreflightSettings
from bridge.telemetry import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# The receiver answers within its time-out of 15 s; a call that fails is not repeated, since the
# second would find its webhook recorded.
_LAMBDA_CONFIG = Config(connect_timeout=2, read_timeout=20, retries={"total_max_attempts": 1})

deadline = Deadline()
patience = Patience(remaining=deadline.remaining)


@cache
def preflight() -> Preflight:
    """The one place where the real parts meet; built on the first invocation."""
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


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Serve CloudFormation."""
    deadline.start(context.get_remaining_time_in_millis() / 1000)
    cloudformation = CloudFormation(http_session(), patience.sleep)
    return cloudformation.answer(
        event,
        context.log_stream_name,
        lambda: Outcome(event["ResourceType"], _serve(event)),
        lambda: str(event["ResourceType"]),
    )


def _serve(event: dict[str, Any]) -> dict[str, str]:
    """What `!GetAtt` finds of a resource, which is there once per stage."""
    match event["ResourceType"], event["RequestType"]:
        case "Custom::PreflightSecret", "Create":
            preflight().renew_secret()
        case "Custom::PreflightSecret", "Delete":
            preflight().forget_secret()
        case "Custom::Preflight", "Create" | "Update":
            return {"Version": preflight().release(event)}
    return {"Name": preflight().secret_name}
