"""Find properties that YAML reads as resources or sections, since they are not indented enough."""

from typing import Any, Final

from bridge.spelling import nearest
from inlet_bridge.template_reading.errors import ResourceError
from inlet_bridge.template_reading.property_names import OF_RESOURCES, OF_ROUTES
from inlet_bridge.template_reading.yaml_document import Document, Steps
from inlet_bridge.template_reading.yaml_indentation import SECTIONS
from inlet_bridge.template_reading.yaml_lines import spaces

_SIMILARITY: Final = 0.8
_RESOURCES: Final = "Resources"
_PROPERTIES: Final = "Properties"
_OF_A_RESOURCE: Final = frozenset({"Type", _PROPERTIES})


def check_property_depths(document: Document) -> None:
    """Raise ResourceError for the first one; `Resources` is an object."""
    for name in document.content:
        if name not in SECTIONS and name in OF_RESOURCES | OF_ROUTES:
            raise _too_shallow(document, (name,), name)
    for name, each in document.content[_RESOURCES].items():
        if property_name := _property(name, each):
            raise _too_shallow(document, (_RESOURCES, name), property_name)


def _property(name: str, value: Any) -> str:
    """The property that is meant; empty for a resource, and for what resembles no property."""
    known = sorted(OF_RESOURCES | OF_ROUTES)
    if not isinstance(value, dict):
        return nearest(name, known, similarity=_SIMILARITY)
    is_resource = bool(_OF_A_RESOURCE & value.keys()) or bool(nearest("Type", value))
    return name if name in known and not is_resource else ""


def _too_shallow(document: Document, at: Steps, name: str) -> ResourceError:
    line, own = document.names[at]
    shown = at[-1] if at[-1] == name else f"{at[-1]}, which resembles {name},"
    above = {steps: place for steps, place in document.names.items() if place.line < line}
    owners = [steps for steps in above if steps[0] == _RESOURCES and steps[2:] == (_PROPERTIES,)]
    owner = max(owners, key=lambda steps: above[steps].line, default=None)
    if owner is None:
        return ResourceError(
            f"{document.file}:{line}: {shown} is a property, and no resource",
            hint="Indent it deeper than the Properties of the resource that it belongs to.",
        )
    level = (*owner, "Routes") if name in OF_ROUTES else owner
    steps_to_it = len(level) + (2 if name in OF_ROUTES else 1)
    columns = [
        place.column
        for steps, place in above.items()
        if steps[: len(level)] == level and len(steps) == steps_to_it
    ]
    way = f"Indent it with {spaces(columns[-1])}" if columns else f"Indent it below {level[-1]}"
    return ResourceError(
        f"{document.file}:{line}: {shown} is a property of resource {owner[1]}, and is indented"
        f" with {spaces(own)}, which is not deep enough",
        hint=f"{way}, and what is below it deeper than that.",
    )
