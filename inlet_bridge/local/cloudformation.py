"""Deploy templates to the local cloud with change sets, as `sam deploy` and the AWS CLI do.

The code is packaged already, and a local stack is asked ten times a second: `sam deploy` alone
takes longer than the whole deployment.
"""

import hashlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import ClientError

from inlet_bridge.local.artifacts import archive
from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.polling import wait_until
from inlet_bridge.local.template_code import Code, with_addresses

BUCKET: Final = "inlet-bridge-local-artifacts"
_POLL_SECONDS: Final = 0.1
_DEPLOY_SECONDS: Final = 1_800.0
_CAPABILITIES: Final = ("CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND")
_UNCHANGED: Final = ("didn't contain changes", "No updates are to be performed")


class CloudFormation:
    """CloudFormation of the local cloud, and a bucket for what it reads."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloudformation: Any = cloud.client("cloudformation")
        self._s3: Any = cloud.client("s3")
        self._endpoint = cloud.endpoint

    def deploy(self, built: Path, stack: str, parameters: Mapping[str, str]) -> bool:
        """Upload the code, deploy the template, and return whether the stack is complete.

        Args:
            built: a template beside the folders of its code, as `build` or `sam build` leaves it.
            stack: the name of the stack.
            parameters: of the template.

        Raises:
            LocalCloudError: it is not complete in time.
        """

        def address(code: Code) -> str:
            content = archive(built.parent / code.folder).read_bytes()
            return f"s3://{BUCKET}/{self._upload(content, 'zip')}"

        self._s3.create_bucket(Bucket=BUCKET)
        text = with_addresses(built.read_text(encoding="utf-8"), address)
        return self._deploy_text(text, stack, parameters)

    def _deploy_text(self, text: str, stack: str, parameters: Mapping[str, str]) -> bool:
        """Deploy a template whose code, if any, is uploaded. Returns and raises as `deploy`."""
        self._s3.create_bucket(Bucket=BUCKET)
        key = self._upload(text.encode(), "yaml")
        name = f"change-{time.time_ns()}"
        self._cloudformation.create_change_set(
            StackName=stack,
            ChangeSetName=name,
            ChangeSetType="UPDATE" if self._status(stack) else "CREATE",
            # A template in the request itself has at most 51,200 bytes.
            TemplateURL=f"{self._endpoint}/{BUCKET}/{key}",
            Parameters=[
                {"ParameterKey": parameter, "ParameterValue": value}
                for parameter, value in parameters.items()
            ],
            Capabilities=list(_CAPABILITIES),
        )
        status, reason = self._finished_change_set(stack, name)
        if status != "CREATE_COMPLETE":
            return any(words in reason for words in _UNCHANGED)
        self._cloudformation.execute_change_set(StackName=stack, ChangeSetName=name)
        return self._finished(stack) in ("CREATE_COMPLETE", "UPDATE_COMPLETE")

    def _upload(self, content: bytes, kind: str) -> str:
        """Store an object under the hash of its content, so that equal code is no change."""
        key = f"{hashlib.sha256(content).hexdigest()}.{kind}"
        self._s3.put_object(Bucket=BUCKET, Key=key, Body=content)
        return key

    def _finished_change_set(self, stack: str, name: str) -> tuple[str, str]:
        described: dict[str, Any] = {}

        def finished() -> bool:
            described.update(
                self._cloudformation.describe_change_set(StackName=stack, ChangeSetName=name)
            )
            return described["Status"] in ("CREATE_COMPLETE", "FAILED")

        self._wait(finished, stack)
        return described["Status"], described.get("StatusReason", "")

    def _finished(self, stack: str) -> str:
        self._wait(lambda: not self._status(stack).endswith("_IN_PROGRESS"), stack)
        return self._status(stack)

    def _wait(self, finished: Callable[[], bool], stack: str) -> None:
        if not wait_until(finished, _DEPLOY_SECONDS, every=_POLL_SECONDS):
            raise LocalCloudError(f"the stack {stack} was not deployed in {_DEPLOY_SECONDS:.0f} s")

    def _status(self, stack: str) -> str:
        try:
            (found,) = self._cloudformation.describe_stacks(StackName=stack)["Stacks"]
        except ClientError as exc:
            if exc.response["Error"]["Code"] == "ValidationError":
                return ""  # The error code of CloudFormation for a stack that does not exist.
            raise
        return str(found["StackStatus"])
