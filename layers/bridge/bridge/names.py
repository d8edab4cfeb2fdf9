"""Every name that the bridge gives: at Adobe, in SSM and to CloudFormation.

All are deterministic, so that a second try finds what the first one made.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

type Kind = Literal[
    "connections", "dataSets", "sourceConnections", "targetConnections", "mappingSets", "flows"
]
type Resource = Literal["connections", "sources"]

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
"""The name of a connection, a flow or a source."""

PREFLIGHT_SOURCE: Final = "preflight"
"""The source that a new version of the receiver is checked with."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind.__value__)
"""In the order of creation."""

_ID_PARAMETERS: Final[dict[Kind, str]] = {
    "connections": "base_connection_id",
    # Apart from `dataset_id`, which also names datasets that somebody else made.
    "dataSets": "created_dataset_id",
    "sourceConnections": "source_connection_id",
    "targetConnections": "target_connection_id",
    "mappingSets": "mapping_set_id",
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
class ChainLocation:
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
    def mark(self) -> str:
        """Ends the description of each object at Adobe that is ours, also for a second try."""
        return f"Made by Inlet Bridge {self.installation}; change it there."

    def description(self, text: str) -> str:
        """The description of an object at Adobe: somebody's words and our mark."""
        return f"{text} {self.mark}".strip()

    def created(self, item: Mapping[str, Any]) -> bool:
        """Whether an object at Adobe bears our mark."""
        return str(item.get("description", "")).endswith(self.mark)

    def object_name(self, connection: str, flow: str = "") -> str:
        """The name of an object at Adobe."""
        name = f"inlet-bridge/{self.stage}/{connection}"
        return f"{name}/{flow}" if flow else name

    def mapping_set_name(self, connection: str, flow: str, content: str) -> str:
        """The name of a mapping set: other content has another name, and none is ever changed."""
        digest = _digest(self.installation, content)
        return f"{self.object_name(connection, flow)}/{digest}"

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
        digest = _digest(*home, data_type, str(authenticated))
        return f"inlet-bridge-{self.stage}-{connection}-{digest}"


def resources_path(stage: str, resource: Resource) -> str:
    """The SSM path below which everything of this kind lies."""
    return f"/inlet-bridge/{stage}/{resource}"


def resource_path(stage: str, resource: Resource, name: str) -> str:
    """The SSM path of one connection, or the name of one source's document."""
    return f"{resources_path(stage, resource)}/{name}"


def physical_id(stage: str, resource: Resource, name: str, generation: str = "") -> str:
    """What CloudFormation knows the resource by; another name is another resource.

    So is another generation of a connection: what about it cannot be changed in place.
    """
    path = resource_path(stage, resource, name).removeprefix("/")
    return f"{path}/{generation}" if generation else path


def read_physical_id(stage: str, resource: Resource, text: str) -> tuple[str, str]:
    """The inverse of `physical_id`: name and generation, both empty if it is none of this stage."""
    name, _, generation = text.removeprefix(physical_id(stage, resource, "")).partition("/")
    made = physical_id(stage, resource, name, generation)
    fits = bool(generation) == (resource == "connections") and "/" not in generation
    return (name, generation) if text == made and fits and NAME.fullmatch(name) else ("", "")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:10]


def require_name(value: str) -> str:
    """Give a name of a connection, flow or source back.

    Raises:
        ValueError: it is none.
    """
    if NAME.fullmatch(value):
        return value
    raise ValueError("must be 1-63 lower-case letters, digits or hyphens, no hyphen first")
