"""Locate resources and parameters in a file of sources.

The file is read as YAML 1.1, as CloudFormation does, and only as far as an edit needs:
`inlet_bridge.template_reading` reads what a template declares and resolves intrinsic functions.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml

from inlet_bridge.template_reading.errors import ResourceError
from inlet_bridge.template_reading.yaml_reader import parsing_error

# CloudFormation's limit of a template in S3, in bytes.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
_MOST_BYTES: Final = 1_048_576

_MOST_NESTED: Final = 500
_BRACKET: Final = re.compile(r"[][{}]")

SOURCE: Final = "Custom::WebhookSource"
CONNECTION: Final = "Custom::StreamingConnection"


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of the file.

    Attributes:
        key: node of the logical id.
        node: node of the resource.
    """

    logical_id: str
    type: str
    key: yaml.ScalarNode
    node: yaml.MappingNode

    @property
    def line(self) -> int:
        """The line of the logical id, from 1."""
        return int(self.key.start_mark.line) + 1

    def property(self, name: str) -> yaml.Node | None:
        """The node of a property."""
        properties = members(self.node).get("Properties")
        return members(properties).get(name) if properties else None


@dataclass(frozen=True)
class SourcesFile:
    """A file as it was read.

    Attributes:
        text: unchanged, with its line breaks.
    """

    path: Path
    text: str

    @classmethod
    def read(cls, path: Path) -> "SourcesFile":
        """Read a file. Raises ResourceError."""
        try:
            with path.open("rb") as file:
                content = file.read(_MOST_BYTES + 1)
            text = content.decode("utf-8")
        except FileNotFoundError as exc:
            raise ResourceError(f"there is no {path}; name a file with --file") from exc
        except OSError as exc:
            raise ResourceError(f"{path} cannot be read: {exc.strerror}") from exc
        except UnicodeDecodeError as exc:
            raise ResourceError(f"{path} is not UTF-8 at byte {exc.start}") from exc
        if len(content) > _MOST_BYTES:
            raise ResourceError(f"{path} is over 1 MB, which CloudFormation rejects")
        if _most_open(text) > _MOST_NESTED:
            raise ResourceError(f"{path} is nested too deeply")
        read = cls(path, text)
        read.require_resources()
        return read

    def require_resources(self) -> None:
        """Raises ResourceError if a resource cannot be appended."""
        if self.resources_node is None:
            raise ResourceError(f"{self.path} has no Resources; it must be a template")

    @cached_property
    def root(self) -> yaml.MappingNode:
        """The node of the template. Raises ResourceError."""
        try:
            node: Any = yaml.compose(self.text, Loader=yaml.SafeLoader)
        except yaml.YAMLError as exc:
            raise parsing_error(self.path, self.text, exc) from None
        except RecursionError as exc:
            raise ResourceError(f"{self.path} is nested too deeply") from exc
        if not isinstance(node, yaml.MappingNode):
            raise ResourceError(f"{self.path} is no template: it must have Resources")
        return node

    @cached_property
    def resources_node(self) -> yaml.Node | None:
        """The node of `Resources`."""
        return members(self.root).get("Resources")

    @cached_property
    def resources(self) -> tuple[Resource, ...]:
        """All resources in their order."""
        node = self.resources_node
        return tuple(_resources(node)) if isinstance(node, yaml.MappingNode) else ()

    @cached_property
    def parameters(self) -> Mapping[str, str]:
        """The defaults of the parameters; empty for one without."""
        declared = members(members(self.root).get("Parameters"))
        defaults = {name: members(node).get("Default") for name, node in declared.items()}
        return {
            name: node.value if isinstance(node, yaml.ScalarNode) else ""
            for name, node in defaults.items()
        }

    def of_type(self, kind: str) -> tuple[Resource, ...]:
        """The resources of a type."""
        return tuple(each for each in self.resources if each.type == kind)

    def value(self, node: yaml.Node | None) -> str:
        """A text, or the default of a parameter that it refers to; empty for anything else."""
        match node:
            case yaml.ScalarNode(tag="!Ref", value=name):
                return self.parameters.get(name, "")
            case yaml.ScalarNode(tag=tag, value=value) if tag.startswith("tag:yaml.org"):
                return str(value)
            case yaml.MappingNode() if members(node).keys() == {"Ref"}:
                return self.parameters.get(self.value(members(node)["Ref"]), "")
        return ""

    def flows(self, connection: Resource) -> tuple[str, ...]:
        """The names of a connection's flows."""
        node = connection.property("Flows")
        items = node.value if isinstance(node, yaml.SequenceNode) else ()
        names = (self.value(members(item).get("Name")) for item in items)
        return tuple(name for name in names if name)


def members(node: yaml.Node | None) -> dict[str, Any]:
    """The nodes of a mapping by key; empty for other nodes."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def _most_open(text: str) -> int:
    """The most brackets that are open at once, counting those in texts and comments too.

    PyYAML needs seconds for some thousand of them.
    """
    most = now = 0
    for found in _BRACKET.finditer(text):
        now = now + 1 if found[0] in "[{" else max(now - 1, 0)
        most = max(most, now)
    return most


def _resources(node: yaml.MappingNode) -> Iterator[Resource]:
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.MappingNode):
            kind = members(value).get("Type")
            name = kind.value if isinstance(kind, yaml.ScalarNode) else ""
            yield Resource(str(key.value), name, key, value)
