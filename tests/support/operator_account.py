"""What the operator's own credentials read from an AWS account."""

from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from tests.support.sam_template import template


class OperatorAccount:
    """The clients of an account; by default one that serves the template's defaults.

    Attributes:
        given: parameters of the stack that differ from the template's defaults.
        denied: operations that the operator may not call.
        topics: attributes of the topics by ARN.
        resources: of the stack, physical ids by logical id.
        parameters: names of parameters in SSM.
    """

    def __init__(self) -> None:
        self.given: dict[str, str] = {}
        self.denied: set[str] = set()
        self.concurrency = (1_000, 1_000)
        self.high_throughput = "true"
        self.topics: dict[str, dict[str, str]] = {}
        self.resources: dict[str, str] = {}
        self.parameters: list[str] = []

    def client(self, service: str, **_: Any) -> "OperatorAccount":
        assert service
        return self

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        if StackName.endswith("-sources"):  # The file of sources is not deployed.
            raise _error("ValidationError", "DescribeStacks")
        defaults = {
            name: str(item.get("Default", "")) for name, item in template()["Parameters"].items()
        }
        parameters = [
            {"ParameterKey": name, "ParameterValue": value}
            for name, value in {**defaults, **self.given}.items()
        ]
        return {"Stacks": [{"Parameters": parameters}]}

    def get_paginator(self, name: str) -> Any:
        if name == "get_parameters_by_path":
            return SimpleNamespace(paginate=self._parameters_below)
        assert name == "list_stack_resources"
        return SimpleNamespace(paginate=self.stack_resources)

    def stack_resources(self, StackName: str) -> list[dict[str, Any]]:  # noqa: N803
        """The pages of ListStackResources."""
        assert StackName
        return [
            {"StackResourceSummaries": [{"LogicalResourceId": each, "PhysicalResourceId": found}]}
            for each, found in self.resources.items()
        ]

    def _parameters_below(self, Path: str, **_: bool) -> list[dict[str, Any]]:  # noqa: N803
        self._check("GetParametersByPath")
        return [{"Parameters": [{"Name": name}]} for name in self.parameters if Path in name]

    def get_parameters(self, **_: Any) -> dict[str, Any]:
        """Of no parameter a value that can be read."""
        return {"Parameters": []}

    def get_account_settings(self) -> dict[str, Any]:
        self._check("GetAccountSettings")
        limit, unreserved = self.concurrency
        names = ("ConcurrentExecutions", "UnreservedConcurrentExecutions")
        return {"AccountLimit": dict(zip(names, (limit, unreserved), strict=True))}

    def get_service_setting(self, SettingId: str) -> dict[str, Any]:  # noqa: N803
        assert SettingId == "/ssm/parameter-store/high-throughput-enabled"
        self._check("GetServiceSetting")
        return {"ServiceSetting": {"SettingValue": self.high_throughput}}

    def get_topic_attributes(self, TopicArn: str) -> dict[str, Any]:  # noqa: N803
        self._check("GetTopicAttributes")
        if TopicArn not in self.topics:
            raise _error("NotFound", "GetTopicAttributes")
        return {"Attributes": self.topics[TopicArn]}

    def _check(self, operation: str) -> None:
        if operation in self.denied:
            raise _error("AccessDenied", operation)


def _error(code: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, operation)
