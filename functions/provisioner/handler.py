"""Lambda handler of the provisioner: custom resource request or direct invocation.

See `bridge.provisioning.custom_resource` and `bridge.provisioning.direct_invocation`.
"""

import os
from typing import TYPE_CHECKING, Any

from bridge.adapters.aws.custom_resource_response import (
    RESERVE_SECONDS,
    CloudFormation,
    service_timeout,
)
from bridge.adapters.aws.metrics import log_drift
from bridge.provisioning.custom_resource import CustomResourceRequest
from bridge.provisioning.direct_invocation import invoke
from bridge.provisioning.provisioner import Provisioner
from bridge.telemetry import logger
from bridge.wiring import http_session
from functions.provisioner.wiring import deadline, persistence, provisioner, retry_budget

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: Any, context: "LambdaContext") -> dict[str, Any]:
    """Handle a custom resource request or a direct invocation."""
    seconds = context.get_remaining_time_in_millis() / 1000

    def built() -> Provisioner:
        region, account = context.invoked_function_arn.split(":")[3:5]
        return provisioner(f"{region}:{account}")

    # A deployment cannot be retried as easily as the hourly check or a command.
    persistence.until_deadline = isinstance(event, dict) and "ResponseURL" in event
    if persistence.until_deadline:
        deadline.start(min(seconds, service_timeout(event)) - RESERVE_SECONDS)
        request = CustomResourceRequest(event, os.environ.get("STAGE", ""))
        cloudformation = CloudFormation(http_session(), retry_budget.sleep)
        return cloudformation.respond(
            event,
            context.log_stream_name,
            lambda: request.serve(built()),
            request.intended_id,
        )
    deadline.start(seconds - RESERVE_SECONDS)
    answer = invoke(event, built())
    if "drift" in answer:
        log_drift(answer["drift"], is_complete="connection" not in event)
    if not answer["ok"]:
        logger.warning("refused", extra={"reason": answer["error"]})
    return answer
