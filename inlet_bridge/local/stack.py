"""Deploy a stack, read it and its failures, and delete it."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import takewhile
from typing import Any

from botocore.exceptions import ClientError

from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.errors import FailedStackError, LocalCloudError
from inlet_bridge.local.packaging import template_argument
from inlet_bridge.local.polling import wait_until

STAGE = "local"
STACK = f"inlet-bridge-{STAGE}"
SOURCES_STACK = f"{STACK}-sources"

_DEPLOY_SECONDS = 1_200.0
_DELETE_SECONDS = 600.0
_POLL_SECONDS = 0.1


class Stack:
    """One CloudFormation stack in the emulated account."""

    def __init__(self, cloud: Cloud, name: str) -> None:
        self.cloud = cloud
        self.name = name
        self._cloudformation = cloud.client("cloudformation")

    @cached_property
    def resources(self) -> dict[str, str]:
        """Physical ids by logical id."""
        pages = self._cloudformation.get_paginator("list_stack_resources").paginate(
            StackName=self.name
        )
        listed = (each for page in pages for each in page["StackResourceSummaries"])
        return {each["LogicalResourceId"]: each.get("PhysicalResourceId", "") for each in listed}

    def physical_ids(self, resource_type: str) -> list[str]:
        """The physical IDs of its resources of a type; empty if there is no stack."""
        of_type = (each for each in self._listed() if each["ResourceType"] == resource_type)
        return [each["PhysicalResourceId"] for each in of_type if "PhysicalResourceId" in each]

    def has_custom_resources(self) -> bool:
        """Whether it has connections or sources, which exist outside CloudFormation."""
        return any(each["ResourceType"].startswith("Custom::") for each in self._listed())

    def _listed(self) -> list[dict[str, Any]]:
        pages = self._cloudformation.get_paginator("list_stack_resources").paginate(
            StackName=self.name
        )
        try:
            return [each for page in pages for each in page["StackResourceSummaries"]]
        except ClientError:
            return []

    def outputs(self) -> dict[str, str]:
        """The outputs of the stack."""
        [stack] = self._cloudformation.describe_stacks(StackName=self.name)["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", ())}

    def deploy(self, template: str, parameters: Mapping[str, str]) -> None:
        """Create or update the stack, and wait. `sam deploy` alone takes longer than all of it.

        Args:
            template: its text, whose code, if any, is uploaded.
            parameters: those that the template does not have are left out.

        Raises:
            FailedStackError: with the reasons from CloudFormation.
            LocalCloudError: it was not deployed for another reason.
        """
        if self._status() == "ROLLBACK_COMPLETE":
            self.delete()  # A stack whose creation failed cannot be updated.
        exists = self._status() not in ("", "DELETE_COMPLETE")
        earlier = self._newest_event()
        change = self._cloudformation.update_stack if exists else self._cloudformation.create_stack
        try:
            given = template_argument(template, self.cloud)
            summary = self._cloudformation.get_template_summary(**given)
            known = {each["ParameterKey"] for each in summary["Parameters"]}
            change(
                StackName=self.name,
                **given,
                Parameters=[
                    {"ParameterKey": name, "ParameterValue": value}
                    for name, value in parameters.items()
                    if name in known
                ],
                Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
            )
        except ClientError as exc:
            reason = exc.response["Error"]["Message"]
            if "No updates are to be performed" in reason:
                return
            raise LocalCloudError(f"CloudFormation rejects the template: {reason}") from exc
        vars(self).pop("resources", None)
        finished = wait_until(
            lambda: not self._status().endswith("IN_PROGRESS"), _DEPLOY_SECONDS, every=_POLL_SECONDS
        )
        if not finished:
            raise LocalCloudError(
                f"the stack {self.name} was not deployed in {_DEPLOY_SECONDS:.0f} s"
            )
        if self._status() not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            raise FailedStackError(self.name, tuple(self.failures(earlier)[:3]))

    def failures(self, after: str = "") -> list[str]:
        """The failure reasons of CloudFormation, oldest first, that are newer than an event."""
        try:
            return list(self._failures(after))
        except ClientError:
            return []  # sam failed before it created the stack; its log has the reason.

    def _newest_event(self) -> str:
        try:
            return next((event["EventId"] for event in self._events()), "")
        except ClientError:
            return ""  # There is no stack.

    def _events(self) -> Iterator[dict[str, Any]]:
        """The events, newest first; a response has 100 at most."""
        pages = self._cloudformation.get_paginator("describe_stack_events")
        for page in pages.paginate(StackName=self.name):
            yield from page["StackEvents"]

    def _failures(self, after: str) -> Iterator[str]:
        newer = takewhile(lambda event: event["EventId"] != after, self._events())
        for event in reversed(list(newer)):
            reason = event.get("ResourceStatusReason", "")
            if event["ResourceStatus"].endswith("FAILED") and "cancelled" not in reason:
                yield f"{event['LogicalResourceId']}: {reason or event['ResourceStatus']}"

    def delete(self) -> None:
        """Delete the stack and wait. Raises LocalCloudError with the reason from CloudFormation."""
        try:
            self._cloudformation.delete_stack(StackName=self.name)
        except ClientError as exc:
            reason = exc.response["Error"]["Message"]
            raise LocalCloudError(f"the stack {self.name} cannot be deleted: {reason}") from exc
        if not wait_until(self._gone, _DELETE_SECONDS):
            raise LocalCloudError(
                f"the stack {self.name} was not deleted in {_DELETE_SECONDS:.0f} s"
            )

    def delete_storage(self) -> list[str]:
        """Delete the queues, tables and buckets that outlive the stack; return those that remain.

        All of the account, which exists for this stack, but not SAM's bucket of artifacts.
        """
        for url in self._queues():
            self._sqs.delete_queue(QueueUrl=url)
        for name in self._tables():
            self._dynamodb.delete_table(TableName=name)
        for name in self._buckets():
            self._empty(name)
            self._s3.delete_bucket(Bucket=name)
        return [*self._queues(), *self._tables(), *self._buckets()]

    def _buckets(self) -> list[str]:
        """CloudFormation names a bucket `{stack}-{logical id}-{random}`, in lower case."""
        names = (bucket["Name"] for bucket in self._s3.list_buckets()["Buckets"])
        return [name for name in names if name.startswith(f"{self.name}-")]

    def _empty(self, bucket: str) -> None:
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            if found := page.get("Contents"):
                keys = [{"Key": each["Key"]} for each in found]
                self._s3.delete_objects(Bucket=bucket, Delete={"Objects": keys})

    def _queues(self) -> list[str]:
        return list(self._sqs.list_queues().get("QueueUrls", []))

    def _tables(self) -> list[str]:
        return list(self._dynamodb.list_tables()["TableNames"])

    @cached_property
    def _sqs(self) -> Any:
        return self.cloud.client("sqs")

    @cached_property
    def _s3(self) -> Any:
        return self.cloud.client("s3")

    @cached_property
    def _dynamodb(self) -> Any:
        return self.cloud.client("dynamodb")

    def _gone(self) -> bool:
        status = self._status()
        if status == "DELETE_FAILED":
            reasons = "; ".join(self.failures())
            raise LocalCloudError(f"the stack {self.name} cannot be deleted: {reasons}")
        return status in ("", "DELETE_COMPLETE")

    def _status(self) -> str:
        try:
            stacks: list[dict[str, Any]] = self._cloudformation.describe_stacks(
                StackName=self.name
            )["Stacks"]
        except ClientError as exc:
            if exc.response["Error"]["Code"] == "ValidationError":
                return ""  # The error code of CloudFormation for a stack that does not exist.
            raise
        return str(stacks[0]["StackStatus"])
