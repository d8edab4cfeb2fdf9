"""Record calls of AWS, as the actions and resources of IAM that they need."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

_PLACE: Final = "eu-central-1:123456789012"
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_ACTIONS: Final = {
    "lambda:Invoke": "lambda:InvokeFunction",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:SendMessageBatch": "sqs:SendMessage",
}
_PREFIXES: Final = {"monitoring": "cloudwatch"}


class AwsCall(NamedTuple):
    """A call.

    Attributes:
        action: of IAM.
        resource: the ARN; `*` if the action has none.
        host: to which it would have been sent.
    """

    action: str
    resource: str
    host: str


type _Given = Mapping[str, Any]


def _parameter(given: _Given) -> list[str]:
    names = given.get("Names") or [given.get("Name") or given["Path"]]
    return [f"ssm:{_PLACE}:parameter/{name.lstrip('/')}" for name in names]


def _table(given: _Given) -> list[str]:
    tables = [given["TableName"]] if "TableName" in given else list(given["RequestItems"])
    index = f"/index/{given['IndexName']}" if "IndexName" in given else ""
    return [f"dynamodb:{_PLACE}:table/{table}{index}" for table in tables]


def _queue(given: _Given) -> list[str]:
    name = given.get("QueueName") or given["QueueUrl"].rpartition("/")[2]
    return [f"sqs:{_PLACE}:{name}"]


def _stack(given: _Given) -> list[str]:
    name = given.get("StackName")
    return [f"cloudformation:{_PLACE}:stack/{name}/0a1b2c3d"] if name else []


# The resources of a call from its parameters, by the prefix of its action.
_RESOURCES: Final[Mapping[str, Callable[[_Given], list[str]]]] = {
    "cloudformation": _stack,
    "cloudwatch": lambda _: [],
    "dynamodb": _table,
    "lambda": lambda given: [f"lambda:{_PLACE}:function:{given['FunctionName']}"],
    "logs": lambda given: [f"logs:{_PLACE}:log-group:{given['logGroupName']}"],
    "s3": lambda given: [f"s3:::{given['Bucket']}/{given.get('Key', '')}".rstrip("/")],
    "sqs": _queue,
    "ssm": _parameter,
    "sts": lambda _: [],
}


def _calls(client: Any, operation: str, given: _Given) -> Iterator[AwsCall]:
    signed = client.meta.service_model.signing_name
    prefix = _PREFIXES.get(signed, signed)
    action = _ACTIONS.get(f"{prefix}:{operation}", f"{prefix}:{operation}")
    arns = [f"arn:aws:{each}" for each in _RESOURCES[prefix](given)]
    for resource in arns or ["*"]:
        yield AwsCall(action, resource, client.meta.endpoint_url)


@contextmanager
def recorded_calls(denied: frozenset[str] = frozenset()) -> Iterator[list[AwsCall]]:
    """The calls of all clients of botocore in this process, until the block ends.

    Args:
        denied: actions that fail as without their permission.

    Raises:
        KeyError: from the call, of a service whose resources this module does not know.
    """
    calls: list[AwsCall] = []
    original: Any = BaseClient._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001

    def recorded(client: Any, operation: str, given: _Given) -> Any:
        found = [*_calls(client, operation, given)]
        calls.extend(found)
        if any(each.action in denied for each in found):
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, operation)
        return original(client, operation, given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", recorded)
        yield calls
