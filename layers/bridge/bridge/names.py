"""Names of objects at Adobe, SSM parameters and CloudFormation resources.

All are deterministic, so that a retry finds what the first attempt created.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

type Kind = Literal[
    "connections",
    "fieldgroups",
    "schemas",
    "dataSets",
    "sourceConnections",
    "targetConnections",
    "mappingSets",
    "flows",
]
type Resource = Literal["connections", "sources"]

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
"""The name of a connection, a flow or a source."""

PREFLIGHT_SOURCE: Final = "preflight"
"""The source of the preflight's requests to a new version of the receiver."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind.__value__)
"""In the order of creation."""


@dataclass(frozen=True, slots=True)
class Slot:
    """The position of one object in a chain; `flow` is empty for the base connection."""

    kind: Kind
    flow: str = ""


@dataclass(frozen=True, slots=True)
class ChainLocation:
    """Where a chain is, in AWS and at Adobe.

    Attributes:
        installation: the AWS account and region, as `{region}:{account}`; two installations may
            share a sandbox and a stage name, and must not use each other's objects.
    """

    stage: str
    org_id: str
    sandbox: str
    installation: str

    @property
    def mark(self) -> str:
        """Suffix of the description of each object at Adobe that this installation created."""
        return f"Made by Inlet Bridge {self.installation}; change it there."

    def named(self, connection: str, text: str, flow: str = "") -> dict[str, Any]:
        """The name of an object at Adobe, and its description: a text and the mark."""
        return {
            "name": self.object_name(connection, flow),
            "description": f"{text} {self.mark}".strip(),
        }

    def created(self, item: Mapping[str, Any]) -> bool:
        """Whether an object at Adobe bears our mark, the end of the description of `named`."""
        return str(item.get("description", "")).endswith(self.mark)

    def description_for(self, connection: str, flow: str, text: str) -> str:
        """The description of an object whose name the properties choose, with the flow it is for.

        The same name in two stages or two connections is not the same object.
        """
        return f"{text} {self._purpose(connection, flow)} {self.mark}".strip()

    def created_for(self, connection: str, flow: str, item: Mapping[str, Any]) -> bool:
        """Whether an object bears the mark of `description_for`."""
        expected = f"{self._purpose(connection, flow)} {self.mark}"
        return str(item.get("description", "")).endswith(expected)

    def _purpose(self, connection: str, flow: str) -> str:
        return f"For {self.object_name(connection, flow)}."

    def object_name(self, connection: str, flow: str = "") -> str:
        """The name of an object at Adobe."""
        name = f"inlet-bridge/{self.stage}/{connection}"
        return f"{name}/{flow}" if flow else name

    def mapping_set_name(self, connection: str, flow: str, content: str) -> str:
        """The name of a mapping set; it depends on the content, since mapping sets never change."""
        digest = _digest(self.installation, content)
        return f"{self.object_name(connection, flow)}/{digest}"

    def flow_of(self, connection: str, object_name: str) -> str:
        """The inverse of `object_name`: the flow, or an empty text for any other name."""
        prefix = f"{self.object_name(connection)}/"
        flow = object_name.removeprefix(prefix)
        return flow if object_name.startswith(prefix) and NAME.fullmatch(flow) else ""

    def source_id(self, connection: str, *, authenticated: bool, data_type: str) -> str:
        """The streaming connection's `sourceId`: readable, and unique in the organization.

        It includes the immutable properties of a connection, so that a connection and its
        replacement can exist at the same time.
        """
        location = (self.org_id, self.sandbox, self.installation, self.stage, connection)
        digest = _digest(*location, data_type, str(authenticated))
        return f"inlet-bridge-{self.stage}-{connection}-{digest}"


def resources_path(stage: str, resource: Resource) -> str:
    """The SSM path of all resources of a kind."""
    return f"/inlet-bridge/{stage}/{resource}"


def resource_path(stage: str, resource: Resource, name: str) -> str:
    """The SSM path of one connection, or the name of one source's document."""
    return f"{resources_path(stage, resource)}/{name}"


def physical_id(stage: str, resource: Resource, name: str, generation: str = "") -> str:
    """The physical resource id in CloudFormation; another id makes CloudFormation replace it.

    The generation of a connection stands for its immutable properties.
    """
    path = resource_path(stage, resource, name).removeprefix("/")
    return f"{path}/{generation}" if generation else path


def read_physical_id(stage: str, resource: Resource, text: str) -> tuple[str, str]:
    """The inverse of `physical_id`: name and generation, both empty for an id of another stage."""
    name, _, generation = text.removeprefix(physical_id(stage, resource, "")).partition("/")
    expected = physical_id(stage, resource, name, generation)
    fits = bool(generation) == (resource == "connections") and "/" not in generation
    return (name, generation) if text == expected and fits and NAME.fullmatch(name) else ("", "")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:10]


def require_name(value: str) -> str:
    """Return a valid name of a connection, flow or source.

    Raises:
        ValueError: the name is invalid.
    """
    if NAME.fullmatch(value):
        return value
    raise ValueError("must be 1-63 lowercase letters, digits or hyphens, and must not begin with -")
