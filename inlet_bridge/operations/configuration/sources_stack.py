"""Values of the stack of sources, with which functions of its template are resolved."""

from typing import Any, Final

from botocore.exceptions import ClientError

from inlet_bridge.operations.deployed import Deployed

SOURCES_SUFFIX: Final = "-sources"
"""Of the name of the stack of `sources.yaml`, after that of the bridge."""
_STAGE: Final = "Stage"


def deployed_values(deployed: Deployed) -> dict[str, str]:
    """The parameters of the stack of sources, the stage of the bridge, and pseudo parameters.

    Without such a stack, only the latter. Raises OperationError.
    """
    values = {_STAGE: deployed.parameters[_STAGE]}
    # arn:aws:cloudformation:{region}:{account}:stack/{name}/{id}
    parts = deployed.stack_id.split(":")
    if parts[0] == "arn":
        names = ("AWS::Partition", "AWS::Region", "AWS::AccountId")
        values |= dict(zip(names, (parts[1], parts[3], parts[4]), strict=True))
    for one in _parameters(deployed):
        # Of a parameter that names an SSM parameter, the value that CloudFormation read.
        values[one["ParameterKey"]] = one.get("ResolvedValue") or one.get("ParameterValue", "")
    return values


def _parameters(deployed: Deployed) -> list[dict[str, Any]]:
    cloudformation = deployed.client("cloudformation")
    try:
        stacks = cloudformation.describe_stacks(StackName=f"{deployed.stack}{SOURCES_SUFFIX}")[
            "Stacks"
        ]
    except ClientError as exc:
        if exc.response["Error"]["Code"] == "ValidationError":
            return []  # CloudFormation's error for a stack that does not exist.
        raise
    found: list[dict[str, Any]] = stacks[0].get("Parameters", [])
    return found
