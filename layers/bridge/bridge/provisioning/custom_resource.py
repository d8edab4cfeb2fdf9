"""Handle CloudFormation's Create, Update and Delete requests for a connection or a source.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html

CloudFormation sends a Delete after a failed Create, and after an Update whose response returned
another physical id. To roll such an Update back it deletes the newer id; whether it sends an
Update first is not documented, so either request must restore the previous state. The physical id
determines what a Delete removes: it consists of the name and, for a connection, of a digest of the
properties that cannot be changed in place. It begins with `refused/` if nothing was created.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from bridge.custom_resources.request import Outcome, refused_id
from bridge.errors import InvalidPropertyError
from bridge.names import NAME, Resource, physical_id, read_physical_id
from bridge.provisioning.attributes import connection_attributes, source_attributes
from bridge.provisioning.connections.properties import ConnectionDeclaration, parse_connection
from bridge.provisioning.connections.remains import kept_sentence
from bridge.provisioning.provisioner import Provisioner
from bridge.provisioning.sources.declaration import warnings
from bridge.provisioning.sources.properties_without_effect import without_these

RESOURCES: Final[Mapping[str, Resource]] = {
    "Custom::StreamingConnection": "connections",
    "Custom::WebhookSource": "sources",
}


@dataclass(frozen=True)
class CustomResourceRequest:
    """A request of CloudFormation; the properties of a connection are parsed once.

    Attributes:
        event: the request.
        stage: as in the names of SSM parameters; empty if it is not configured.
    """

    event: Mapping[str, Any]
    stage: str

    def intended_id(self) -> str:
        """The physical id under which a failed request may have created objects.

        An Update keeps its id, under which CloudFormation rolls it back.
        """
        return str(self.event.get("PhysicalResourceId") or self._created_id())

    def serve(self, provisioner: Provisioner) -> Outcome:
        """Create, update or delete the resource.

        Raises:
            InvalidPropertyError: nothing was changed.
            AdobeError, VendorError, UnavailableError: objects that exist are deleted by
                `intended_id`.
        """
        resource = RESOURCES.get(self.event["ResourceType"])
        if resource is None:
            raise InvalidPropertyError("Type", f"must be one of {', '.join(RESOURCES)}")
        # The stack's id contains a UUID: another stack of the same name is another owner.
        owner = f"{self.event['StackId']}/{self.event['LogicalResourceId']}"
        if self.event["RequestType"] == "Delete":
            return self._delete(resource, owner, provisioner)
        if resource == "sources":
            return self._apply_source(owner, provisioner)
        resource_id = self._connection_id
        applied = provisioner.connections.apply(
            self._connection, owner, replaced_generation=self._replaced_generation(resource_id)
        )
        return Outcome(resource_id, connection_attributes(applied), "; ".join(applied.warnings))

    def _apply_source(self, owner: str, provisioner: Provisioner) -> Outcome:
        properties, notes = without_these(self.event["ResourceProperties"])
        if self.event["RequestType"] != "Update":
            properties, notes = self.event["ResourceProperties"], []
        source, _ = provisioner.sources.apply(properties, owner)
        resource_id = physical_id(self.stage, "sources", source.name)
        attributes = source_attributes(source, provisioner.webhook_url)
        return Outcome(resource_id, attributes, "; ".join([*notes, *warnings(source)]))

    @cached_property
    def _connection(self) -> ConnectionDeclaration:
        return parse_connection(self.event["ResourceProperties"])

    @cached_property
    def _connection_id(self) -> str:
        desired = self._connection.desired
        return physical_id(self.stage, "connections", desired.name, desired.generation)

    def _created_id(self) -> str:
        """The physical id that a Create returns; nothing is created without a stage."""
        if not self.stage:
            return refused_id(self.event)
        match self.event["ResourceType"]:
            case "Custom::StreamingConnection":
                try:
                    return self._connection_id
                except InvalidPropertyError:
                    return refused_id(self.event)
            case "Custom::WebhookSource":
                name = str(self.event["ResourceProperties"].get("Name", ""))
                if NAME.fullmatch(name):
                    return physical_id(self.stage, "sources", name)
        return refused_id(self.event)

    def _replaced_generation(self, resource_id: str) -> str:
        """The generation that CloudFormation deletes after this Update, or an empty string."""
        existing = str(self.event.get("PhysicalResourceId", ""))
        if existing in ("", resource_id):
            return ""
        name, generation = read_physical_id(self.stage, "connections", existing)
        return generation if name == self._connection.desired.name else ""

    def _delete(self, resource: Resource, owner: str, provisioner: Provisioner) -> Outcome:
        """By the physical id alone: the properties may be those of a replacement."""
        existing = str(self.event["PhysicalResourceId"])
        name, generation = read_physical_id(self.stage, resource, existing)
        if not name and _is_canceled_create(existing):
            # CloudFormation generated this id: https://github.com/aws-cloudformation/
            # cloudformation-coverage-roadmap/issues/1814.
            name, generation = read_physical_id(self.stage, resource, self._created_id())
        connections = provisioner.connections
        if not name:
            connections.removal.delete_token_if_unused()
            return Outcome(existing, {}, "nothing was created under this id")
        if resource == "sources":
            stays = provisioner.sources.remove_if_owned(name, owner)
            if stays:
                return Outcome(existing, {}, "; ".join(stays))
            deleted = stays is not None
        elif self.event["ResourceProperties"].get("OnDelete") == "Retain":
            if retained := connections.retain_generation(name, generation, owner):
                return Outcome(existing, {}, f"everything stays at Adobe: {', '.join(retained)}")
            deleted = False
        else:
            done = connections.delete_generation(name, generation, owner) or ()
            if kept := kept_sentence(done):
                return Outcome(existing, {}, kept)
            deleted = bool(done)
        return Outcome(existing, {}, "" if deleted else "there was nothing left to delete")


def _is_canceled_create(existing: str) -> bool:
    """Whether an id is neither one of the bridge's nor marks a refused request."""
    return not existing.startswith(("refused/", "inlet-bridge/"))
