"""The deployed provisioner: found by its stack, and asked as `bridge.provisioning.direct` says.

In AWS and in the local cloud alike: boto3 reads `AWS_ENDPOINT_URL` and the rest from the
environment, which `. aws.env` of a local run sets.
"""

import json
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tools.local.errors import LocalCloudError

# The provisioner's time-out and a little more; asked once, since it goes on when nobody listens.
_CONFIG = Config(read_timeout=630, retries={"total_max_attempts": 1})
_OUTPUT = "ProvisionerFunctionArn"


class RemoteProvisioner:
    """The provisioner of one stack. Raises LocalCloudError where it cannot be asked."""

    def __init__(self, stack: str) -> None:
        self._stack = stack

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Its answer, which is `ok`. Raises LocalCloudError with its words where it is not."""
        try:
            answer = boto3.client("lambda", config=_CONFIG).invoke(
                FunctionName=self._function(), Payload=json.dumps(request).encode()
            )
        except (BotoCoreError, ClientError) as exc:
            raise LocalCloudError(f"the provisioner cannot be invoked: {exc}") from exc
        document: Any = json.loads(answer["Payload"].read() or b"null")
        told = document if isinstance(document, dict) else {}
        if answer.get("FunctionError") or not told.get("ok"):
            reason = told.get("error") or told.get("errorMessage") or "no answer"
            raise LocalCloudError(f"the provisioner says: {reason}")
        return told

    def _function(self) -> str:
        try:
            stacks = boto3.client("cloudformation").describe_stacks(StackName=self._stack)
        except (BotoCoreError, ClientError) as exc:
            raise LocalCloudError(
                f"the stack {self._stack} cannot be found: {exc}",
                hint="Name another by --stage or --stack; for a local run first read its aws.env.",
            ) from exc
        outputs = {o["OutputKey"]: o["OutputValue"] for o in stacks["Stacks"][0].get("Outputs", [])}
        if _OUTPUT not in outputs:
            raise LocalCloudError(f"the stack {self._stack} has no output {_OUTPUT}")
        return outputs[_OUTPUT]
