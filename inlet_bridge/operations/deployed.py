"""Look up the resources of a deployed bridge by their logical ids in the template."""

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from inlet_bridge.operations.aws_session import aws_session
from inlet_bridge.operations.errors import NotDeployedError, OperationError
from inlet_bridge.operations.service_time import ServiceTime
from inlet_bridge.operations.stack_list import existing_stacks
from inlet_bridge.operations.stack_parameters import StackParameters
from inlet_bridge.operations.unreachable import unreachable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

# Longer than the provisioner's timeout; no retry, because it continues after a client timeout.
_LAMBDA_CONFIG = Config(read_timeout=630, retries={"total_max_attempts": 1})
# A session is not thread-safe while it makes a client; clients are:
# https://docs.aws.amazon.com/boto3/latest/guide/session.html
_MAKING = Lock()
# Of a stack whose resources do not exist yet:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
_NOT_YET = frozenset({"CREATE_IN_PROGRESS", "REVIEW_IN_PROGRESS"})
_NAME_IT = "Name it with --stack, and its account with AWS_PROFILE and AWS_REGION."
_NEEDED = "cloudformation:DescribeStacks and cloudformation:ListStackResources"


@dataclass(frozen=True)
class Deployed:
    """One stack in the account of the environment (AWS_PROFILE, AWS_ENDPOINT_URL …).

    Raises:
        OperationError: from every property, if the stack does not exist or is unreachable.
    """

    stack: str
    time: ServiceTime = field(default_factory=ServiceTime, compare=False, repr=False)

    @cached_property
    def resources(self) -> dict[str, str]:
        """Physical ids by logical id."""
        cloudformation: Any = self._client("cloudformation")
        try:
            # DescribeStackResources returns 100 at most:
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html
            pages = cloudformation.get_paginator("list_stack_resources").paginate(
                StackName=self.stack
            )
            listed = [each for page in pages for each in page["StackResourceSummaries"]]
        except (ClientError, BotoCoreError) as exc:
            raise self._unreachable(exc) from exc
        return {each["LogicalResourceId"]: each.get("PhysicalResourceId", "") for each in listed}

    def resource(self, logical_id: str) -> str:
        """The physical ID of a resource. Raises OperationError if the stack has none."""
        if found := self.resources.get(logical_id):
            return found
        raise OperationError(
            f"the stack {self.stack} has no {logical_id}",
            hint="It is being deployed or deleted, or it is no stack of this version.",
        )

    @cached_property
    def parameters(self) -> StackParameters:
        """The parameters of the stack, with defaults."""
        given = self._description.get("Parameters", [])
        pairs = ((one["ParameterKey"], one["ParameterValue"]) for one in given)
        return StackParameters(self.stack, pairs)

    @cached_property
    def outputs(self) -> dict[str, str]:
        """The outputs of the stack."""
        return {
            one["OutputKey"]: one["OutputValue"] for one in self._description.get("Outputs", [])
        }

    @cached_property
    def stack_id(self) -> str:
        """Its ARN, with region and account."""
        return str(self._description.get("StackId", ""))

    @cached_property
    def _description(self) -> dict[str, Any]:
        cloudformation: Any = self._client("cloudformation")
        try:
            answer = cloudformation.describe_stacks(StackName=self.stack)
        except (ClientError, BotoCoreError) as exc:
            raise self._unreachable(exc) from exc
        return dict(answer["Stacks"][0])

    def require_deployed(self) -> None:
        """Raise NotDeployedError if there is no such stack, or its first deployment runs."""
        if (state := self._description.get("StackStatus")) in _NOT_YET:
            raise NotDeployedError(f"the stack {self.stack} is being deployed ({state})")

    @cached_property
    def prefix(self) -> str:
        """`/inlet-bridge/{stage}`, the path of its parameters in SSM."""
        return f"/inlet-bridge/{self.parameters['Stage']}"

    def _unreachable(self, exc: ClientError | BotoCoreError) -> OperationError:
        if isinstance(exc, BotoCoreError):
            return unreachable(exc, stack=self.stack)
        error = exc.response["Error"]
        # CloudFormation has no code of its own for a stack that does not exist.
        if error["Code"] != "ValidationError":
            return OperationError(
                f"the stack {self.stack} cannot be read: {error['Code']}: {error['Message']}",
                hint=f"Check AWS_PROFILE and AWS_REGION, and the permissions {_NEEDED}.",
            )
        return NotDeployedError(
            f"there is no stack {self.stack} here: {error['Message']}",
            hint=existing_stacks(self._client("cloudformation")) + _NAME_IT,
        )

    @cached_property
    def buffer(self) -> str:
        """URL of the buffer."""
        return self.resource("Buffer")

    @cached_property
    def dead_letters(self) -> str:
        """URL of the dead-letter queue."""
        return self.resource("DeadLetters")

    @cached_property
    def event_queues(self) -> list[str]:
        """The names of the queues of events, of all stacks with sources of the stage."""
        return self._names_below("queues")

    @cached_property
    def events(self) -> dict[str, str]:
        """The URLs of the queues of events by their names."""
        found = {}
        for name in self.event_queues:
            with suppress(self.sqs.exceptions.QueueDoesNotExist):
                found[name] = self.sqs.get_queue_url(QueueName=name)["QueueUrl"]
        return found

    @cached_property
    def deliveries(self) -> str:
        """Name of the deliveries table."""
        return self.resource("Deliveries")

    @cached_property
    def kept_bodies(self) -> str:
        """Name of the table of kept bodies."""
        return self._stored("KeptBodies")

    @cached_property
    def kept_bodies_bucket(self) -> str:
        """Name of the bucket of kept bodies that are too large for the table."""
        return self._stored("KeptBodiesBucket")

    def _stored(self, name: str) -> str:
        if found := self.resources.get(name):
            return found
        raise OperationError(
            f"the stack {self.stack} keeps no bodies", hint="Deploy it with this version."
        )

    @cached_property
    def receiver_logs(self) -> str:
        """Name of the receiver's log group."""
        return self.resource("ReceiverLogs")

    @cached_property
    def forwarder_logs(self) -> str:
        """Name of the forwarder's log group."""
        return self.resource("ForwarderLogs")

    @cached_property
    def sources(self) -> list[str]:
        """The names of the sources that are configured."""
        return self._names_below("sources")

    def _names_below(self, branch: str) -> list[str]:
        """The names of the parameters directly below a path."""
        path = f"{self.prefix}/{branch}"
        client: Any = self.ssm
        pages = client.get_paginator("get_parameters_by_path").paginate(Path=path)
        found = (one["Name"] for page in pages for one in page["Parameters"])
        return sorted(name.removeprefix(f"{path}/") for name in found)

    @cached_property
    def logs(self) -> Any:
        """A client of CloudWatch Logs."""
        return self._client("logs")

    @cached_property
    def sqs(self) -> "SQSClient":
        """A client of SQS."""
        return cast("SQSClient", self._client("sqs"))

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        """A client of DynamoDB."""
        return cast("DynamoDBClient", self._client("dynamodb"))

    @cached_property
    def s3(self) -> Any:
        """A client of S3."""
        return self._client("s3")

    @cached_property
    def ssm(self) -> "SSMClient":
        """A client of SSM."""
        return cast("SSMClient", self._client("ssm"))

    @cached_property
    def functions(self) -> "LambdaClient":
        """A client of Lambda that waits for the whole run of a function."""
        return cast("LambdaClient", self._client("lambda", config=_LAMBDA_CONFIG))

    @cached_property
    def _session(self) -> Any:
        return aws_session()

    def client(self, service: str) -> Any:
        """A client of any service; boto3 has no type for a variable name."""
        return self._client(service)

    def _client(self, service: str, **options: Any) -> Any:
        try:
            with _MAKING:
                return self.time.observed(self._session.client(service, **options))
        except BotoCoreError as exc:
            raise unreachable(exc, stack=self.stack) from exc
