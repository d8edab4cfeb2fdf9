"""Find resources, and attributes of resources, that are not indented enough.

YAML reads such a resource as a section of the template, and such an attribute as a resource or a
section; CloudFormation then rejects the template, or the resource lacks what was written for it.
"""

from typing import Any, Final

from inlet_bridge.template_reading.errors import ResourceError
from inlet_bridge.template_reading.property_depths import check_property_depths
from inlet_bridge.template_reading.yaml_document import Document, Steps
from inlet_bridge.template_reading.yaml_lines import spaces

_ATTRIBUTES: Final = ("Type", "Properties")
_STEP: Final = 2
"""Spaces by which a template is indented where it has no example of it."""


def check_depths(document: Document) -> None:
    """Raise ResourceError for the first one; `Resources` is an object."""
    for name, each in document.content.items():
        if _is_resource(each):
            raise _too_shallow(document, (name,), f"resource {name}", _resource_column(document))
        if name in _ATTRIBUTES:
            raise _attribute(document, (name,))
    for name, each in document.content["Resources"].items():
        if name in _ATTRIBUTES and not _is_resource(each):
            raise _attribute(document, ("Resources", name))
    check_property_depths(document)


def _attribute(document: Document, at: Steps) -> ResourceError:
    """The error for an attribute, which belongs to the last resource above it."""
    line = document.names[at].line
    above = [
        steps
        for steps, place in document.names.items()
        if len(steps) == len(("Resources", "ID")) and steps[0] == "Resources" and place.line < line
        if steps[1] not in _ATTRIBUTES or _is_resource(document.content["Resources"][steps[1]])
    ]
    if not above:
        return _too_shallow(document, at, at[-1], _resource_column(document) + _STEP)
    owner = max(above, key=lambda steps: document.names[steps].line)
    inner = [place.column for steps, place in document.names.items() if steps[:-1] == owner]
    column = inner[0] if inner else document.names[owner].column + _STEP
    return _too_shallow(document, at, f"{at[-1]} of resource {owner[-1]}", column)


def _too_shallow(document: Document, at: Steps, what: str, column: int) -> ResourceError:
    line, own = document.names[at]
    return ResourceError(
        f"{document.file}:{line}: {what} is indented with {spaces(own)}, which is not deep enough",
        hint=f"Indent it with {spaces(column)}, and what is below it deeper than that.",
    )


def _resource_column(document: Document) -> int:
    """The column in which the first resource begins."""
    first = next((steps for steps in document.names if steps[:-1] == ("Resources",)), None)
    if first is None:
        return document.names[("Resources",)].column + _STEP
    return document.names[first].column


def _is_resource(each: Any) -> bool:
    return isinstance(each, dict) and isinstance(each.get("Type"), str)
