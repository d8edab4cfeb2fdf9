"""Read the status of a CloudFormation stack."""

from typing import TYPE_CHECKING

from bridge.adapters.aws.clients import unavailable_if_it_fails

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
        with unavailable_if_it_fails("the status of the stack cannot be read"):
            [stack] = self._client.describe_stacks(StackName=stack_id)["Stacks"]
        # UPDATE_ROLLBACK_IN_PROGRESS, also after `continue-update-rollback`.
        return stack["StackStatus"].endswith("ROLLBACK_IN_PROGRESS")
