"""Requests that CloudFormation sends for a custom resource, and what it is told of a success.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bridge.errors import InvalidPropertyError

_REQUEST_TYPES: Final = ("Create", "Update", "Delete")
# A physical id may have 1,024 bytes; a stack's ARN has some 200, a logical id 255 at most.
_LONGEST_NAME = 1_024


@dataclass(frozen=True, slots=True)
class Outcome:
    """What CloudFormation is told of a success.

    Attributes:
        data: for `!GetAtt`.
        reason: one sentence for the log and the stack's events, or empty.
    """

    physical_id: str
    data: Mapping[str, str]
    reason: str = ""


def check_request(event: Mapping[str, Any]) -> None:
    """Check what every request of a custom resource has. Raises InvalidPropertyError.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes.html
    """
    if event.get("RequestType") not in _REQUEST_TYPES:
        raise InvalidPropertyError("RequestType", f"must be one of {', '.join(_REQUEST_TYPES)}")
    names = ["StackId", "RequestId", "LogicalResourceId", "ResourceType"]
    if event["RequestType"] != "Create":
        names.append("PhysicalResourceId")
    for name in names:
        if not _is_name(event.get(name)):
            raise InvalidPropertyError(name, "must be a text of 1-1024 printable ASCII characters")
    if not isinstance(event.get("ResourceProperties"), Mapping):
        raise InvalidPropertyError("ResourceProperties", "must be an object")


def _is_name(value: object) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value) <= _LONGEST_NAME
        and value.isascii()
        and value.isprintable()
    )


def refused_id(event: Mapping[str, Any]) -> str:
    """The id under which nothing was made, so that deleting it touches nothing."""
    return f"refused/{event.get('LogicalResourceId', '')}"
