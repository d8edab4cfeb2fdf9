"""Validate custom resource requests, and describe a successful outcome.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bridge.errors import InvalidPropertyError

_REQUEST_TYPES: Final = ("Create", "Update", "Delete")
# The limit of a physical id; a stack's ARN has about 200 characters, a logical id at most 255.
_MAX_NAME_LENGTH = 1_024


@dataclass(frozen=True, slots=True)
class Outcome:
    """A successful outcome of a custom resource request.

    Attributes:
        data: the attributes that `!GetAtt` returns.
        reason: a sentence for the log and the stack's events, or empty.
    """

    physical_id: str
    data: Mapping[str, str]
    reason: str = ""


def check_request(event: Mapping[str, Any]) -> None:
    """Validate the fields that every request has. Raises InvalidPropertyError.

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
        and 0 < len(value) <= _MAX_NAME_LENGTH
        and value.isascii()
        and value.isprintable()
    )


def refused_id(event: Mapping[str, Any]) -> str:
    """Return the physical id of a failed Create: deleting it deletes nothing."""
    return f"refused/{event.get('LogicalResourceId', '')}"
