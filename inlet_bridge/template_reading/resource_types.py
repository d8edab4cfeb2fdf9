"""Check the type of a resource, without which CloudFormation rejects the template."""

from collections.abc import Collection
from typing import Any, Final

from bridge.spelling import nearest
from inlet_bridge.template_reading.errors import ResourceError
from inlet_bridge.template_reading.yaml_document import Document

# Of functions that expand to resources, such as Fn::ForEach:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html
_EXPANDED: Final = "Fn::"
_SIMILARITY: Final = 0.8
_OF_A_CONNECTION: Final = "Flows"


def check_type(document: Document, logical_id: str, resource: Any, known: Collection[str]) -> None:
    """Raise ResourceError for a resource without a type, or with a misspelled one.

    Args:
        document: the template.
        logical_id: of the resource.
        resource: its attributes.
        known: the types of connections and of sources, in this order. Others are not checked.
    """
    at = ("Resources", logical_id)
    if logical_id.startswith(_EXPANDED):
        return
    if not isinstance(resource, dict):
        raise ResourceError(
            f"{document.file}:{document.line(at)}: resource {logical_id} must be an object",
            hint="Write Type and Properties below its name.",
        )
    if "Type" not in resource:
        close = nearest("Type", resource)
        line = document.line((*at, close) if close else at)
        meant = f"; is {close} meant to be it?" if close else ""
        raise ResourceError(
            f"{document.file}:{line}: resource {logical_id} has no Type{meant}",
            hint=f"Write Type: {_likely(resource, known)}.",
        )
    given = resource["Type"]
    line = document.line((*at, "Type"))
    if not isinstance(given, str):
        raise ResourceError(
            f"{document.file}:{line}: Type of resource {logical_id} must be a text",
            hint=f"Write Type: {_likely(resource, known)}.",
        )
    if given not in known and (close := _nearest(given, known)):
        raise ResourceError(
            f"{document.file}:{line}: there is no type {given}; is it {close}?",
            hint=f"Write Type: {close}.",
        )


def _likely(resource: dict[str, Any], known: Collection[str]) -> str:
    """The type of a resource by its properties, or by the value that was meant to be its type."""
    for value in resource.values():
        if isinstance(value, str) and "::" in value:
            return _nearest(value, known) or value
    connection, source = known
    properties = resource.get("Properties")
    has_flows = isinstance(properties, dict) and _OF_A_CONNECTION in properties
    return connection if has_flows else source


def _nearest(given: str, known: Collection[str]) -> str:
    """The known type that is meant; empty for a type of AWS or of others."""
    if close := nearest(given, known, similarity=_SIMILARITY):
        return close
    names = {each.rpartition(":")[2]: each for each in known}
    name = nearest(given.rpartition(":")[2], names, similarity=_SIMILARITY)
    return names[name] if name and not given.startswith("AWS::") else ""
