"""Read the status of a CloudFormation stack."""

from typing import TYPE_CHECKING

from bridge.adapters.aws.clients import AWS_ERRORS, unavailable

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient


class CloudFormationStacks:
    """The port `Stacks`."""

    def __init__(self, client: "CloudFormationClient") -> None:
        self._client = client

    def is_rolling_back(self, stack_id: str) -> bool:
        """Whether a stack is being rolled back. Raises UnavailableError.

        The request for an update and for its rollback differ in nothing:
        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes-update.html.
        """
        try:
            [stack] = self._client.describe_stacks(StackName=stack_id)["Stacks"]
        except AWS_ERRORS as exc:
            raise unavailable("the status of the stack cannot be read", exc) from exc
        # UPDATE_ROLLBACK_IN_PROGRESS, also after `continue-update-rollback`.
        return stack["StackStatus"].endswith("ROLLBACK_IN_PROGRESS")
