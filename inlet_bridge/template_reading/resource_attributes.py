"""Check the attributes of a resource, which CloudFormation would reject."""

from typing import Any, Final

from bridge.spelling import nearest
from inlet_bridge.template_reading.errors import ResourceError
from inlet_bridge.template_reading.yaml_document import Document

_ATTRIBUTES: Final = (
    *("Type", "Properties", "Condition", "DependsOn", "DeletionPolicy", "Metadata"),
    *("CreationPolicy", "UpdatePolicy", "UpdateReplacePolicy"),
)
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-product-attribute-reference.html"""


def check_attributes(document: Document, logical_id: str, resource: dict[str, Any]) -> None:
    """Raise ResourceError for an unknown attribute, or for properties that are no object."""
    at = ("Resources", logical_id)
    for name in resource:
        if name not in _ATTRIBUTES:
            close = nearest(name, _ATTRIBUTES)
            hint = f"; is it {close}?" if close else "; properties belong below Properties"
            raise ResourceError(
                f"{document.file}:{document.line((*at, name))}: resource {logical_id} cannot have"
                f" {name}{hint}"
            )
    if not isinstance(resource.get("Properties", {}), dict):
        line = document.line((*at, "Properties"))
        raise ResourceError(f"{document.file}:{line}: Properties must be an object")
    if not isinstance(resource.get("Condition", ""), str):
        line = document.line((*at, "Condition"))
        raise ResourceError(f"{document.file}:{line}: Condition must be the name of a condition")
