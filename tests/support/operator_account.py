"""What the operator's own credentials read from an AWS account."""

from typing import Any

from botocore.exceptions import ClientError

from tests.support.sam_template import template


class OperatorAccount:
    """The clients of an account; by default one that serves the template's defaults.

    Attributes:
        given: parameters of the stack that differ from the template's defaults.
        denied: operations that the operator may not call.
        topics: attributes of the topics by ARN.
    """

    def __init__(self) -> None:
        self.given: dict[str, str] = {}
        self.denied: set[str] = set()
        self.concurrency = (1_000, 1_000)
        self.high_throughput = "true"
        self.topics: dict[str, dict[str, str]] = {}

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
