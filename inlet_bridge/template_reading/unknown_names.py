"""Say what a function names that a template does not have."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from bridge.messages.expression_tree import NAMES
from bridge.names import NAME
from bridge.spelling import nearest
from inlet_bridge.template_reading.return_values import likely_target
from inlet_bridge.template_reading.yaml_document import Steps

_NAMES: Final = ("Name", "Connection")


def unknown_name_fault(
    target: str,
    attribute: str,
    at: Steps,
    parameters: Collection[str],
    resources: Mapping[str, Any],
) -> str:
    """The fault of a reference to a name that does not exist.

    Args:
        target: what should be a parameter or a resource.
        attribute: of a resource; empty for a reference.
        at: where the function is; ends with its name.
        parameters: those of the template, and pseudo parameters.
        resources: those of the template.
    """
    what = "resource" if attribute else "parameter and no resource"
    fault = f"there is no {what} {target}"
    if target in NAMES and "Properties" in at:
        expression = f"{target}.{attribute}" if attribute else target
        function = at[-1].removeprefix("Fn::")
        return f"{fault}; write an expression such as {expression} without !{function}"
    close = (
        likely_target(target, attribute, resources)
        if attribute
        else nearest(target, [*parameters, *resources])
    )
    function, named = at[-1].removeprefix("Fn::"), at[-2] if len(at) > 1 else ""
    if not close and named in _NAMES and not attribute and NAME.fullmatch(target):
        return f"{fault}; write the name as a text without !{function}, {named}: {target}"
    if close or attribute:
        return f"{fault}; is it {close}?" if close else fault
    own = ", ".join(each for each in parameters if "::" not in each)
    return f"{fault}; the file's parameters are {own}" if own else f"{fault}; it has no parameters"
