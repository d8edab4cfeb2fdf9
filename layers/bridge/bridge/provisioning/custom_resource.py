"""What CloudFormation's Create, Update and Delete mean for a connection or a source.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html

CloudFormation sends a Delete after a Create that failed, and after an Update whose answer
named another physical id. When it rolls such an Update back it deletes the newer id; whether
it sends an Update first is not documented, so either must restore what was there before.
The id says what there is to delete: it is made of the name and, for a connection, of what
cannot be changed in place, or begins with `refused/` when nothing was made.
"""

from collections.abc import Mapping
from typing import Any, Final

from bridge.custom_resources.request import Outcome, refused_id
from bridge.errors import InvalidPropertyError
from bridge.names import NAME, Resource, physical_id, read_physical_id
from bridge.provisioning.attributes import connection_attributes, source_attributes
from bridge.provisioning.connections.properties import desired_chain
from bridge.provisioning.provisioner import Provisioner
from bridge.provisioning.sources.declaration import warnings

RESOURCES: Final[Mapping[str, Resource]] = {
    "Custom::StreamingConnection": "connections",
    "Custom::WebhookSource": "sources",
}


def intended_id(event: Mapping[str, Any], stage: str) -> str:
    """The id under which a failed request may have left something.

    An Update keeps the id it came with: CloudFormation rolls it back under that one. Without a
    stage nothing can have been made.
    """
    if existing := event.get("PhysicalResourceId"):
        return str(existing)
    if not stage:
        return refused_id(event)
    try:
        return _physical_id(event, stage)
    except InvalidPropertyError:
        return refused_id(event)


def _physical_id(event: Mapping[str, Any], stage: str) -> str:
    """The id of what the properties ask for. Raises InvalidPropertyError."""
    properties = event["ResourceProperties"]
    match event["ResourceType"]:
        case "Custom::StreamingConnection":
            desired = desired_chain(properties)
            return physical_id(stage, "connections", desired.name, desired.generation)
        case "Custom::WebhookSource" if NAME.fullmatch(str(properties.get("Name", ""))):
            return physical_id(stage, "sources", properties["Name"])
    return refused_id(event)


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
    if resource == "sources":
        source, _ = provisioner.sources.apply(properties, owner)
        data = source_attributes(source)
        made = physical_id(provisioner.stage, resource, data["Name"])
        return Outcome(made, data, "; ".join(warnings(source)))
    made = _physical_id(event, provisioner.stage)
    kept = _replaced(event, provisioner.stage, made)
    applied = provisioner.connections.apply(properties, owner, kept=kept)
    return Outcome(made, connection_attributes(applied), applied.left)


def _replaced(event: Mapping[str, Any], stage: str, made: str) -> str:
    """The generation for whose deletion CloudFormation will ask when it cleans up."""
    before = str(event.get("PhysicalResourceId", ""))
    name, generation = read_physical_id(stage, "connections", before)
    same_name = name == read_physical_id(stage, "connections", made)[0]
    return generation if same_name and before != made else ""


def _delete(
    event: Mapping[str, Any], resource: Resource, owner: str, provisioner: Provisioner
) -> Outcome:
    """By the physical id alone: the properties may be those of a successor."""
    existing = str(event["PhysicalResourceId"])
    name, generation = read_physical_id(provisioner.stage, resource, existing)
    if not name and _is_cancelled_creation(existing):
        # CloudFormation made this id up: https://github.com/aws-cloudformation/
        # cloudformation-coverage-roadmap/issues/1814.
        name, generation = read_physical_id(
            provisioner.stage,
            resource,
            intended_id({**event, "PhysicalResourceId": ""}, provisioner.stage),
        )
    if not name:
        provisioner.connections.removal.forget_token_of_none()
        return Outcome(existing, {}, "nothing was made under this id")
    if resource == "sources":
        deleted = provisioner.sources.release(name, owner)
    elif event["ResourceProperties"].get("OnDelete") == "Retain":
        if stays := provisioner.connections.retain(name, generation, owner):
            where = ", ".join(stays)
            return Outcome(existing, {}, f"everything stays at Adobe: {where}")
        deleted = False
    else:
        deleted = provisioner.connections.release(name, generation, owner)
    return Outcome(existing, {}, "" if deleted else "there was nothing left to delete")


def _is_cancelled_creation(existing: str) -> bool:
    """Whether an id is neither of this nor of any other stage, nor says that nothing was made."""
    return not existing.startswith(("refused/", "inlet-bridge/"))
