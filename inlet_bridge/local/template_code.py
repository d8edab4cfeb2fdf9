"""Find the folders of code that a SAM template names, and put other addresses in their place."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import yaml

from inlet_bridge.local.errors import LocalCloudError

_FOLDER_OF: Final = {
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
}


@dataclass(frozen=True, slots=True)
class Code:
    """The code of a function or layer.

    Attributes:
        logical_id: of the resource.
        is_layer: whether it is a layer.
        folder: relative to the template.
        package: the Python package that a function's handler imports it as, such as
            `functions.receiver`; empty for a folder whose modules are at the top.
        start, end: where the template's text names the folder.
    """

    logical_id: str
    is_layer: bool
    folder: str
    package: str
    start: int
    end: int


def code_of(text: str) -> tuple[Code, ...]:
    """The folders that a template names. Raises LocalCloudError for text that is not YAML."""
    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError as exc:
        raise LocalCloudError(f"the template is not YAML: {exc}") from exc
    resources = _values(root).get("Resources")
    return tuple(
        code
        for logical_id, resource in _values(resources).items()
        for code in _code(logical_id, _values(resource))
    )


def with_addresses(text: str, address: Callable[[Code], str]) -> str:
    """The template with an address in place of each folder."""
    for code in sorted(code_of(text), key=lambda each: each.start, reverse=True):
        text = text[: code.start] + address(code) + text[code.end :]
    return text


def _code(logical_id: str, resource: dict[str, yaml.Node]) -> Iterator[Code]:
    kind, properties = _text(resource.get("Type")), _values(resource.get("Properties"))
    named = properties.get(_FOLDER_OF.get(kind, ""))
    if isinstance(named, yaml.ScalarNode) and "://" not in named.value:
        built = _values(_values(resource.get("Metadata")).get("BuildProperties"))
        yield Code(
            logical_id=logical_id,
            is_layer=kind == "AWS::Serverless::LayerVersion",
            folder=named.value,
            package=_text(built.get("ParentPackages")),
            start=named.start_mark.index,
            end=named.end_mark.index,
        )


def _values(node: yaml.Node | None) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {_text(key): value for key, value in node.value}


def _text(node: yaml.Node | None) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""
