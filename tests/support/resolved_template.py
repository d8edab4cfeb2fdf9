"""The template with the values of its parameters."""

from collections.abc import Mapping
from typing import Any

from tests.support.sam_template import source_resources, sources_template

GIVEN = {"DatasetId": "65f0c1a2b3d4e5f60718293a", "SchemaId": "https://ns.adobe.com/a/schemas/b"}


def resolved(value: Any, parameters: Mapping[str, str]) -> Any:
    """The value as CloudFormation passes it on: every scalar as a text."""
    match value:
        case {"Ref": _} | {"Fn::ImportValue": _} | {"Fn::GetAtt": _} | {"Fn::Sub": _}:
            return _intrinsic(value, parameters)
        case dict():
            found = {name: resolved(item, parameters) for name, item in value.items()}
            return {name: item for name, item in found.items() if item is not None}
        case list():
            return [resolved(item, parameters) for item in value]
    return str(value)


def _intrinsic(value: Mapping[str, Any], parameters: Mapping[str, str]) -> Any:
    match value:
        case {"Ref": name}:
            return parameters[name]
        case {"Fn::GetAtt": ["PreflightSecret", "Name"]}:
            return f"/inlet-bridge/{parameters['Stage']}/secrets/preflight"
        case {"Fn::GetAtt": [resource, "Name"]}:
            return resolved(source_resources()[resource]["Properties"]["Name"], parameters)
        case {"Fn::Sub": text}:
            for name, replacement in parameters.items():
                text = text.replace(f"${{{name}}}", replacement)
            return text
    return "arn:aws:lambda:eu-central-1:123456789012:function:provisioner"


def parameters(**given: str) -> dict[str, str]:
    """The given parameters, and the defaults of the others."""
    defaults = {
        name: str(parameter.get("Default", ""))
        for name, parameter in sources_template()["Parameters"].items()
    }
    return defaults | GIVEN | given
