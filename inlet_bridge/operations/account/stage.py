"""Where the resources of a stage are: in an AWS account, or in the local cloud."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from inlet_bridge.operations.aws_session import aws_session
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.stack_list import STACK_PREFIX
from inlet_bridge.operations.unreachable import unreachable

DEFAULT_STAGE: Final = "dev"
# The AllowedPattern of the template's Stage.
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,15}")
_API: Final = "WebhookApi"
_HINT: Final = "Set AWS_PROFILE and AWS_REGION."


def stage_name(text: str) -> str:
    """The name of a stage as it is given. Raises ValueError: what it must be."""
    if not _NAME.fullmatch(text):
        meant = text.lower()
        likely = f"; is it {meant}?" if _NAME.fullmatch(meant) else ", such as dev"
        raise ValueError(
            "a stage is 1-16 lower-case letters, digits or hyphens and begins with a letter"
            f"{likely}"
        )
    return text


@dataclass(frozen=True)
class Stage:
    """A stage of the bridge.

    Attributes:
        client: returns a client of a service; raises OperationError.
        endpoint: base URL of the local cloud; empty for AWS.
    """

    name: str
    client: Callable[[str], Any]
    endpoint: str = ""

    @property
    def stack(self) -> str:
        """The name of the bridge's stack."""
        return f"{STACK_PREFIX}{self.name}"

    def parameter(self, path: str) -> str:
        """The name of a parameter in SSM."""
        return f"/inlet-bridge/{self.name}/{path}"

    def deployment(self) -> "Deployment | None":
        """What is deployed, or None. Raises OperationError if AWS cannot be asked."""
        try:
            cloudformation = self.client("cloudformation")
            [stack] = cloudformation.describe_stacks(StackName=self.stack)["Stacks"]
            api = cloudformation.describe_stack_resource(
                StackName=self.stack, LogicalResourceId=_API
            )
        except ClientError as exc:
            if exc.response["Error"]["Code"] == "ValidationError":
                return None  # CloudFormation's code for what does not exist.
            reason = f"{exc.operation_name}: {exc.response['Error']['Code']}"
            raise OperationError(f"AWS rejected {reason}", hint=_HINT) from exc
        except BotoCoreError as exc:
            raise unreachable(exc) from exc
        return Deployment(
            {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", ())},
            api["StackResourceDetail"]["PhysicalResourceId"],
            cloudformation.meta.region_name,
            self.endpoint,
        )


@dataclass(frozen=True, slots=True)
class Deployment:
    """The bridge's stack.

    Attributes:
        api: the id of the API.
        endpoint: base URL of the local cloud; empty for AWS.
    """

    parameters: Mapping[str, str]
    api: str
    region: str
    endpoint: str

    @property
    def key(self) -> str:
        """ARN of the KMS key of secrets; empty for that of AWS."""
        return self.parameters.get("KmsKeyArn", "")

    def url(self, source: str) -> str:
        """The URL of a source."""
        if domain := self.parameters.get("DomainName"):
            base = f"https://{domain}"
        elif self.endpoint:
            port = self.endpoint.rpartition(":")[2]
            base = f"http://{self.api}.execute-api.localhost:{port}"
        else:
            suffix = "amazonaws.com.cn" if self.region.startswith("cn-") else "amazonaws.com"
            base = f"https://{self.api}.execute-api.{self.region}.{suffix}"
        return f"{base}/webhooks/{source}"


@dataclass(frozen=True)
class _StageStack(Deployed):
    """The bridge's stack, asked with the clients of a stage."""

    stage: Stage = field(kw_only=True)

    def _client(self, service: str, **_: Any) -> Any:
        return self.stage.client(service)


def stack_of(stage: Stage) -> Deployed:
    """The bridge's stack of a stage, wherever the stage is."""
    return _StageStack(stage.stack, stage=stage)


def stage_in(name: str, region: str) -> Stage:
    """A stage in a region of the account of the environment."""

    def client(service: str) -> Any:
        return aws_session(region).client(service)

    return Stage(name, client)
