"""Check what CloudFormation checks of the parameters of a template before it reads their values.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from collections.abc import Mapping
from typing import Any, Final

from inlet_bridge.template_reading.errors import ResourceError
from inlet_bridge.template_reading.parameter_values import value_faults
from inlet_bridge.template_reading.scalar_text import as_text
from inlet_bridge.template_reading.yaml_document import Document
from inlet_bridge.template_reading.yaml_traps import shown

_VERSION: Final = "AWSTemplateFormatVersion"
_ONLY_VERSION: Final = "2010-09-09"
_SCALARS: Final = ("String", "Number")
_TYPES: Final = (*_SCALARS, "CommaDelimitedList", "List<Number>")
_OF_AWS: Final = ("AWS::", "List<AWS::")
_OTHER_TYPES: Final = {
    **dict.fromkeys(("bool", "boolean", "date", "str", "string", "text"), "String"),
    **dict.fromkeys(("double", "float", "int", "integer", "long", "number"), "Number"),
    **dict.fromkeys(("array", "list", "list<string>", "commadelimitedlist"), "CommaDelimitedList"),
}


def check_parameters(document: Document) -> None:
    """Raise ResourceError for a version, a type or a default that is not valid."""
    version = document.content.get(_VERSION)
    if version is not None and as_text(version) != _ONLY_VERSION:
        raise ResourceError(
            f"{document.file}:{document.line((_VERSION,))}: {_VERSION} must be {_ONLY_VERSION}",
            hint=f'Write {_VERSION}: "{_ONLY_VERSION}", the only version that there is.',
        )
    parameters = document.content.get("Parameters")
    for name, stated in parameters.items() if isinstance(parameters, dict) else ():
        if isinstance(stated, dict):
            _check(document, name, stated)


def _check(document: Document, name: str, stated: Mapping[str, Any]) -> None:
    where = f"{document.file}:{document.line(('Parameters', name, 'Type'))}: Parameters.{name}"
    kind = stated.get("Type")
    if kind is None:
        raise ResourceError(f"{where}: must have a Type", hint="Write Type: String or another.")
    if not isinstance(kind, str) or not (kind in _TYPES or kind.startswith(_OF_AWS)):
        meant = _OTHER_TYPES.get(kind.lower(), "") if isinstance(kind, str) else ""
        raise ResourceError(
            f"{where}.Type: there is no type {shown(as_text(kind) or '')}"
            f"{f'; is it {meant}?' if meant else ''}",
            hint=f"The types are {', '.join(_TYPES)}, and those of AWS, such as AWS::EC2::VPC::Id.",
        )
    default = as_text(stated.get("Default"))
    if kind not in _SCALARS or not isinstance(default, str):
        return
    for reason in value_faults(stated, default):
        line = document.line(("Parameters", name, "Default"))
        raise ResourceError(
            f"{document.file}:{line}: Parameters.{name}.Default: {reason}; it is read as"
            f" {shown(default) or 'an empty text'}",
        )
