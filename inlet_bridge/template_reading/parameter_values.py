"""Give the parameters of a template their values."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bridge.spelling import nearest
from inlet_bridge.template_reading.errors import ResourceError
from inlet_bridge.template_reading.scalar_text import as_text
from inlet_bridge.template_reading.yaml_document import Document


def parameter_values(
    document: Document, given: Mapping[str, str], deployed: Mapping[str, str]
) -> dict[str, Any]:
    """The value of each parameter: the given one, the deployed one, or the default.

    A parameter without a value is None; a list is a list of texts.

    Args:
        document: the template.
        given: by the operator; each must be one of the template's.
        deployed: of its stack, and pseudo parameters such as `AWS::Region`.

    Raises:
        ResourceError: a given value is not permitted.
    """
    declared = document.content.get("Parameters")
    parameters: Mapping[str, Any] = declared if isinstance(declared, dict) else {}
    for name in given:
        if name not in parameters:
            close = nearest(name, parameters)
            known = ", ".join(parameters) or "none"
            hint = f"Is it {close}?" if close else f"Its parameters are: {known}."
            raise ResourceError(f"{document.file} has no parameter {name}", hint=hint)
    values: dict[str, Any] = {
        name: value for name, value in deployed.items() if name.startswith("AWS::")
    }
    for name, stated in parameters.items():
        if not isinstance(stated, dict):
            line = document.line(("Parameters", name))
            raise ResourceError(f"{document.file}:{line}: parameter {name} must be an object")
        # The default of a parameter that is read from SSM is a name there, not the value.
        is_named = str(stated.get("Type", "")).startswith("AWS::SSM::Parameter::Value")
        default: Any = None if is_named else as_text(stated.get("Default"))
        value = given.get(name, deployed.get(name, default))
        if name in given:
            for reason in value_faults(stated, given[name]):
                raise ResourceError(f"--parameter {name}: {reason}")
        is_list = isinstance(value, str) and str(stated.get("Type", "")).endswith(
            ("List", "List<Number>", "List<String>")
        )
        values[name] = [each.strip() for each in value.split(",")] if is_list else value
    return values


def value_faults(stated: Mapping[str, Any], value: str) -> Iterator[str]:
    """What is wrong with a value of a parameter, as CloudFormation checks it."""
    constraint = stated.get("ConstraintDescription")
    allowed = stated.get("AllowedValues")
    if isinstance(allowed, list) and value not in map(as_text, allowed):
        yield str(constraint or f"must be one of {', '.join(map(str, map(as_text, allowed)))}")
    if stated.get("Type") == "Number":
        yield from _number_faults(stated, value)
    pattern = stated.get("AllowedPattern")
    if isinstance(pattern, str):
        try:
            matches = re.fullmatch(pattern, value)
        except re.error:
            return
        if not matches:
            yield str(constraint or f"must match {pattern}")


def _number_faults(stated: Mapping[str, Any], value: str) -> Iterator[str]:
    least, most = _number(stated.get("MinValue")), _number(stated.get("MaxValue"))
    number = _number(value)
    if number is None:
        yield "must be a number"
    elif least is not None and number < least:
        yield f"must be at least {least:g}"
    elif most is not None and number > most:
        yield f"must be at most {most:g}"


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
