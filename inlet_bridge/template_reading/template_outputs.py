"""Check the form of `Outputs`, and the attributes of connections and sources that they have."""

from typing import Any, Final

from inlet_bridge.template_reading.errors import ResourceError
from inlet_bridge.template_reading.return_values import likely_target, return_value_fault
from inlet_bridge.template_reading.yaml_document import Document, Steps

_OUTPUTS: Final = "Outputs"
_VALUE: Final = "Value"


def check_outputs(document: Document, *, is_expanded: bool) -> None:
    """Raise ResourceError for the first one that CloudFormation refuses.

    Args:
        document: the template.
        is_expanded: whether a transform or a function adds resources to it.
    """
    if _OUTPUTS not in document.content:
        return
    outputs = document.content[_OUTPUTS]
    if not isinstance(outputs, dict):
        raise _error(
            document, (_OUTPUTS,), "must be an object", "Write Outputs as NAME: {Value: …}."
        )
    for name, output in outputs.items():
        at = (_OUTPUTS, name)
        if name.startswith("Fn::"):
            continue
        if not isinstance(output, dict) or _VALUE not in output:
            reason = f"{name} must be an object with a {_VALUE}"
            raise _error(document, at, reason, f"Write {name}: {{{_VALUE}: …}}.")
        if not is_expanded:
            _check_attribute(document, (*at, _VALUE), output[_VALUE])


def _check_attribute(document: Document, at: Steps, value: Any) -> None:
    match value:
        case {"Fn::GetAtt": [str(target), str(attribute)]} if len(value) == 1:
            resources = document.content["Resources"]
            close = likely_target(target, attribute, resources)
            if target not in resources:
                meant = f"; is it {close}?" if close else ""
                raise _error(document, at, f"there is no resource {target}{meant}", "")
            if fault := return_value_fault(resources[target], target, attribute):
                raise _error(document, at, fault, "")


def _error(document: Document, at: Steps, reason: str, hint: str) -> ResourceError:
    place = document.names.get(at)
    line = place.line if place else document.line(at)
    where = ".".join(at[:2]) if len(at) > 1 and at[-1] == _VALUE else _OUTPUTS
    return ResourceError(f"{document.file}:{line}: {where}: {reason}", hint=hint)
