"""Every name that the bridge gives: at Adobe, in SSM and to CloudFormation.

All are deterministic, so that a second try finds what the first one made.
"""

import hashlib
from dataclasses import dataclass
from typing import Final, Literal, get_args

from bridge.chain.identifiers import NAME

type Kind = Literal["connections", "sourceConnections", "targetConnections", "flows"]
type Resource = Literal["connections", "sources"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind.__value__)
"""In the order of creation."""

_ID_PARAMETERS: Final[dict[Kind, str]] = {
    "connections": "base_connection_id",
    "sourceConnections": "source_connection_id",
    "targetConnections": "target_connection_id",
    "flows": "flow_id",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one object in a chain; `flow` is empty for the base connection."""

    kind: Kind
    flow: str = ""

    @property
    def parameter(self) -> str:
        """Where the object's id is kept, below the connection's path."""
        name = _ID_PARAMETERS[self.kind]
        return f"flows/{self.flow}/{name}" if self.flow else name


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chain lives, on both sides.

    Attributes:
        installation: the AWS account and region, as `{region}:{account}`; two of them may
            share a sandbox and a stage's name, and must not take each other's objects.
    """

    stage: str
    org_id: str
    sandbox: str
    installation: str

    @property
    def description(self) -> str:
        """Marks an object at Adobe as ours, for people and for a second try."""
        return f"Made by Inlet Bridge {self.installation}; change it there."

    def object_name(self, connection: str, flow: str = "") -> str:
        """The name of an object at Adobe."""
        name = f"inlet-bridge/{self.stage}/{connection}"
        return f"{name}/{flow}" if flow else name

    def flow_of(self, connection: str, object_name: str) -> str:
        """The inverse of `object_name`: the flow, or an empty text if it is no name of ours."""
        prefix = f"{self.object_name(connection)}/"
        flow = object_name.removeprefix(prefix)
        return flow if object_name.startswith(prefix) and NAME.fullmatch(flow) else ""

    def source_id(self, connection: str, *, authenticated: bool, data_type: str) -> str:
        """The streaming connection's `sourceId`: readable, and unique in the organisation.

        What cannot be changed on an existing connection is part of it, so that the
        replacement and the connection that it replaces can exist side by side.
        """
        home = (self.org_id, self.sandbox, self.installation, self.stage, connection)
        identity = "\n".join([*home, data_type, str(authenticated)])
        digest = hashlib.sha256(identity.encode()).hexdigest()[:10]
        return f"inlet-bridge-{self.stage}-{connection}-{digest}"


def resources_path(stage: str, resource: Resource) -> str:
    """The SSM path below which everything of this kind lies."""
    return f"/inlet-bridge/{stage}/{resource}"


def resource_path(stage: str, resource: Resource, name: str) -> str:
    """The SSM path of one connection, or the name of one source's document."""
    return f"{resources_path(stage, resource)}/{name}"


def physical_id(stage: str, resource: Resource, name: str) -> str:
    """What CloudFormation knows the resource by; another name is another resource."""
    return resource_path(stage, resource, name).removeprefix("/")


def name_of_physical_id(stage: str, resource: Resource, text: str) -> str:
    """The inverse of `physical_id`, or an empty text if it is not one of this stage."""
    prefix = physical_id(stage, resource, "")
    name = text.removeprefix(prefix)
    return name if text.startswith(prefix) and NAME.fullmatch(name) else ""
