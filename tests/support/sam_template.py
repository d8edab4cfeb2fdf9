"""Load template.yaml and sources.yaml for tests."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]


class _Loader(yaml.CSafeLoader):
    """Reads `!Ref x` as {"Ref": "x"} and `!GetAtt x.y` as {"Fn::GetAtt": ["x", "y"]}."""


def _intrinsic(loader: yaml.CSafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
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


def _read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.load(
        (ROOT / name).read_text(),
        Loader=_Loader,  # noqa: S506 - a SafeLoader
    )
    return document


@cache
def template() -> dict[str, Any]:
    """The whole template of the bridge."""
    return _read("template.yaml")


@cache
def sources_template() -> dict[str, Any]:
    """The whole template of the sources."""
    return _read("sources.yaml")


def source_resources() -> dict[str, Any]:
    """Resources of sources.yaml by logical id."""
    found: dict[str, Any] = sources_template()["Resources"]
    return found


def resources() -> dict[str, Any]:
    """Resources of template.yaml by logical id."""
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
    return {
        "Parameters": {
            name: {"Type": "String", "Default": str(parameter["Default"])}
            for name, parameter in template()["Parameters"].items()
        },
        "Conditions": template()["Conditions"],
        "Resources": {name: resources()[name] for name in names},
    }
