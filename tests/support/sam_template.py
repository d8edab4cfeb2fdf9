"""Load template.yaml for tests."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]


class _Loader(yaml.SafeLoader):
    """Reads `!Ref x` as {"Ref": "x"} and `!GetAtt x.y` as {"Fn::GetAtt": ["x", "y"]}."""


def _intrinsic(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    match node:
        case yaml.ScalarNode() if suffix == "GetAtt":
            return {name: str(loader.construct_scalar(node)).split(".", 1)}
        case yaml.ScalarNode():
            return {name: loader.construct_scalar(node)}
        case yaml.SequenceNode():
            return {name: loader.construct_sequence(node, deep=True)}
        case yaml.MappingNode():
            return {name: loader.construct_mapping(node, deep=True)}
    raise TypeError(node)


_Loader.add_multi_constructor("!", _intrinsic)


@cache
def template() -> dict[str, Any]:
    """The whole template."""
    document: dict[str, Any] = yaml.load(
        (ROOT / "template.yaml").read_text(),
        Loader=_Loader,  # noqa: S506 - a SafeLoader
    )
    return document


def resources() -> dict[str, Any]:
    """Resources by logical id."""
    found: dict[str, Any] = template()["Resources"]
    return found


def functions() -> dict[str, Any]:
    """The properties of the Lambda functions by logical id."""
    return {
        name: resource["Properties"]
        for name, resource in resources().items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


def part(*names: str) -> dict[str, Any]:
    """A template with some of the resources and all parameters and conditions."""
    required = {"DatasetId": "0" * 24, "SchemaId": "https://ns.adobe.com/acme/schemas/1"}
    return {
        "Parameters": {
            name: {"Type": "String", "Default": required.get(name) or str(parameter["Default"])}
            for name, parameter in template()["Parameters"].items()
        },
        "Conditions": template()["Conditions"],
        "Resources": {name: resources()[name] for name in names},
    }
