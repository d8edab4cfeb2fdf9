"""Lambda handler of the preflight: custom resource request in, released version out."""

from typing import TYPE_CHECKING, Any

from bridge.adapters.aws.custom_resource_response import CloudFormation
from bridge.custom_resources.request import Outcome
from bridge.errors import InvalidPropertyError
from bridge.telemetry import logger
from bridge.wiring import http_session
from functions.preflight.wiring import deadline, preflight, retry_budget

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

_RESOURCES = ("Custom::PreflightSecret", "Custom::Preflight")


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: Any, context: "LambdaContext") -> dict[str, Any]:
    """Handle a custom resource request."""
    deadline.start(context.get_remaining_time_in_millis() / 1000)
    cloudformation = CloudFormation(http_session(), retry_budget.sleep)
    return cloudformation.respond(
        event,
        context.log_stream_name,
        lambda: Outcome(event["ResourceType"], _serve(event)),
        lambda: str(event["ResourceType"]),
    )


def _serve(event: dict[str, Any]) -> dict[str, str]:
    """Return the attributes for `!GetAtt`."""
    match event["ResourceType"], event["RequestType"]:
        case "Custom::PreflightSecret", "Create":
            preflight().renew_secret()
        case "Custom::PreflightSecret", "Delete":
            preflight().forget_secret()
        case "Custom::Preflight", "Create" | "Update":
            return {"Version": preflight().release(event)}
        case kind, _ if kind not in _RESOURCES:
            raise InvalidPropertyError("Type", f"must be one of {', '.join(_RESOURCES)}")
    return {"Name": preflight().secret_name}
