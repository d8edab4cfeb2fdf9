"""What `!GetAtt` and `!Ref` return for a connection and a source."""

from collections.abc import Mapping
from typing import Any, Final

from bridge.spelling import nearest

ATTRIBUTES: Final[Mapping[str, tuple[str, ...]]] = {
    "Custom::StreamingConnection": ("Name", "InletUrl", "InletId", "BaseConnectionId", "FlowId"),
    "Custom::WebhookSource": ("Name", "Path", "Url"),
}
"""By the type of the resource."""


def return_value_fault(resource: Any, target: str, attribute: str) -> str:
    """Why a property of a connection or a source cannot refer to this; empty if it can.

    Args:
        resource: that is referred to; anything if it is of another type.
        target: its logical ID.
        attribute: of `!GetAtt`; empty for `!Ref`, which returns the physical ID, of no use here.
    """
    stated = resource.get("Type") if isinstance(resource, dict) else None
    known = ATTRIBUTES.get(stated) if isinstance(stated, str) else None
    if known is None or attribute in known:
        return ""
    if not attribute:
        return f"!Ref {target} is the physical ID of {target}; write !GetAtt {target}.Name"
    close = nearest(attribute, known)
    hint = f"is it {close}?" if close else f"there is {', '.join(known)}"
    return f"{target} has no attribute {attribute}; {hint}"


def likely_target(target: str, attribute: str, resources: Mapping[str, Any]) -> str:
    """The resource that a misspelled logical ID may mean, if it can have the attribute; or empty.

    Args:
        target: the logical ID.
        attribute: of `!GetAtt`.
        resources: of the template.
    """
    able = [name for name, each in resources.items() if not return_value_fault(each, "", attribute)]
    return nearest(target, able)
