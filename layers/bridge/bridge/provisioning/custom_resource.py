"""What CloudFormation's Create, Update and Delete mean for a connection or a source.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html

CloudFormation sends a Delete after a Create that failed, and after an Update whose answer
named another physical id. The id says what there is to delete: it is made of the name, or
begins with `refused/` when nothing was made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bridge.chain.identifiers import NAME
from bridge.chain.names import Resource, name_of_physical_id, physical_id, resource_path
from bridge.errors import InvalidPropertyError
from bridge.provisioning.attributes import connection_attributes, source_attributes
from bridge.provisioning.provisioner import Provisioner
from bridge.provisioning.source_declaration import warnings

RESOURCES: Final[Mapping[str, Resource]] = {
    "Custom::StreamingConnection": "connections",
    "Custom::WebhookSource": "sources",
}


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


def refused_id(event: Mapping[str, Any]) -> str:
    """The id under which nothing was made, so that deleting it touches nothing."""
    return f"refused/{event['LogicalResourceId']}"


def intended_id(event: Mapping[str, Any], stage: str) -> str:
    """The id under which a failed request may have left something.

    An Update keeps the id it came with: CloudFormation rolls it back under that one.
    """
    if existing := event.get("PhysicalResourceId"):
        return str(existing)
    resource = RESOURCES.get(event["ResourceType"])
    name = event["ResourceProperties"].get("Name")
    if resource is None or not (isinstance(name, str) and NAME.fullmatch(name)):
        return refused_id(event)
    return physical_id(stage, resource, name)


def serve(event: Mapping[str, Any], provisioner: Provisioner) -> Outcome:
    """Do what CloudFormation asks for.

    Raises:
        InvalidPropertyError: nothing was changed.
        AdobeError, UnavailableError: what was made is found again under `intended_id`.
    """
    resource = RESOURCES.get(event["ResourceType"])
    if resource is None:
        raise InvalidPropertyError("Type", f"must be one of {', '.join(RESOURCES)}")
    # The stack's id holds a UUID: a stack of the same name is another owner.
    owner = f"{event['StackId']}/{event['LogicalResourceId']}"
    if event["RequestType"] == "Delete":
        return _delete(event, resource, owner, provisioner)
    properties = event["ResourceProperties"]
    if resource == "connections":
        data = connection_attributes(provisioner.connections.apply(properties, owner))
        reason = ""
    else:
        source, _ = provisioner.sources.apply(properties, owner)
        data = source_attributes(source)
        reason = "; ".join(warnings(source))
    return Outcome(physical_id(provisioner.stage, resource, data["Name"]), data, reason)


def _delete(
    event: Mapping[str, Any], resource: Resource, owner: str, provisioner: Provisioner
) -> Outcome:
    """By the physical id alone: the properties may be those of a successor."""
    existing = str(event["PhysicalResourceId"])
    name = name_of_physical_id(provisioner.stage, resource, existing)
    if not name:
        return Outcome(existing, {}, "nothing was made under this id")
    if resource == "sources":
        deleted = provisioner.sources.release(name, owner)
    elif event["ResourceProperties"].get("OnDelete") == "Retain":
        if provisioner.connections.retain(name, owner):
            path = resource_path(provisioner.stage, resource, name)
            return Outcome(existing, {}, f"everything stays at Adobe, the ids are below {path}")
        deleted = False
    else:
        deleted = provisioner.connections.release(name, owner)
    return Outcome(existing, {}, "" if deleted else "there was nothing left to delete")
