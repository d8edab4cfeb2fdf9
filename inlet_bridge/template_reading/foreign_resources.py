"""Tell the resources of other services, whose properties CloudFormation alone knows."""

from collections.abc import Iterator
from typing import Final

import yaml

from bridge.spelling import nearest
from inlet_bridge.template_reading.return_values import ATTRIBUTES

_SIMILARITY: Final = 0.8


def is_foreign(kind: object) -> bool:
    """Whether a Type is of another service, and not one of the bridge's in another spelling."""
    is_type = isinstance(kind, str) and "::" in kind
    return is_type and not nearest(str(kind), ATTRIBUTES, similarity=_SIMILARITY)


def foreign_resources(root: yaml.Node | None) -> frozenset[str]:
    """The logical IDs of resources of other services in a template that is parsed and not read."""
    return frozenset(
        logical_id
        for name, resources in _members(root)
        if name == "Resources"
        for logical_id, resource in _members(resources)
        for attribute, value in _members(resource)
        if attribute == "Type" and is_foreign(value.value)
    )


def _members(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        yield from ((str(key.value), value) for key, value in node.value)
