"""Read the properties of a source from a template or a separate file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from bridge.names import NAME
from inlet_bridge.mapping.errors import PreviewError
from inlet_bridge.mapping.template_conditions import FUNCTIONS, holds

_SOURCE: Final = "Custom::WebhookSource"
_CONNECTION: Final = "Custom::StreamingConnection"
# The preview needs a name; that of the deployment is in `Declared.connection`.
_ASSUMED: Final = "connection"


@dataclass(frozen=True, slots=True)
class Declared:
    """A source as declared in a file.

    Attributes:
        properties: of the source.
        flows: names of its connection's flows; empty if the connection is declared elsewhere.
        connection: its name; empty if the file computes it.
    """

    properties: Mapping[str, Any]
    flows: tuple[str, ...] = ()
    data_type: Literal["xdm", "raw"] = "xdm"
    connection: str = ""


def read_source(file: Path, name: str) -> Declared:
    """Read the source with this name from a template, or a file that holds only its properties.

    Raises:
        PreviewError: the file cannot be read, or it has no such source.
    """
    try:
        document = yaml.load(file.read_text(), TemplateLoader)  # noqa: S506 - a SafeLoader
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as exc:
        raise PreviewError(f"{file} cannot be read: {exc}") from exc
    if not isinstance(document, dict):
        raise PreviewError(f"{file} is no template and no properties of a source")
    if "Resources" not in document:
        properties = {"Name": name, **document.get("Properties", document)}
        return Declared(
            {**properties, "Connection": _ASSUMED}, connection=_name(properties.get("Connection"))
        )
    defaults = {
        parameter: stated.get("Default", "")
        for parameter, stated in document.get("Parameters", {}).items()
    }
    template = _Template(document.get("Conditions", {}), defaults)
    resources = template.resolved(document["Resources"])
    sources = {each["Name"]: each for each in _of_type(resources, _SOURCE) if "Name" in each}
    if name not in sources:
        there = ", ".join(sorted(map(str, sources))) or "none"
        raise PreviewError(f"{file} has no source {name}; there is {there}")
    source = _as_sent(sources[name], "")
    return _declared(source, _of_type(resources, _CONNECTION))


def _declared(source: Mapping[str, Any], connections: list[Mapping[str, Any]]) -> Declared:
    # A reference to a connection resource means the only connection.
    of_source = [
        each for each in connections if each.get("Name") == source.get("Connection")
    ] or connections[:1]
    properties = {**source, "Connection": _ASSUMED}
    if not of_source:
        return Declared(properties, connection=_name(source.get("Connection")))
    (connection, *_) = of_source
    flows = [flow for flow in connection.get("Flows", []) if isinstance(flow, dict)]
    names = tuple(str(flow.get("Name", "")) for flow in flows)
    data_type: Literal["xdm", "raw"] = "raw" if connection.get("DataType") == "raw" else "xdm"
    return Declared(properties, names, data_type, _name(connection.get("Name")))


def _name(given: Any) -> str:
    """A name that the file spells out; empty for one that a function of the template makes."""
    return given if isinstance(given, str) and NAME.fullmatch(given) else ""


def _as_sent(node: Any, path: str) -> Any:
    """Properties as CloudFormation sends them to the provisioner: with texts for all scalars.

    Raises:
        PreviewError: a value is null, which CloudFormation rejects.
    """
    match node:
        case dict():
            return {name: _as_sent(each, f"{path}.{name}") for name, each in node.items()}
        case list():
            return [_as_sent(each, f"{path}.{index}") for index, each in enumerate(node)]
        case None:
            raise PreviewError(
                f'{path[1:]} is null, which CloudFormation rejects; leave it out, or write "null"'
            )
        case bool():
            return "true" if node else "false"
        case int() | float():
            return str(node)
    return node


def _of_type(resources: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    found = (each for each in resources.values() if isinstance(each, dict))
    return [each.get("Properties", {}) for each in found if each.get("Type") == kind]


@dataclass(frozen=True, slots=True)
class _Template:
    """Conditions, and the default values of parameters."""

    conditions: Mapping[str, Any]
    defaults: Mapping[str, Any]

    def resolved(self, node: Any) -> Any:
        """Resolve references to parameters and `!If`; other functions remain text."""
        match node:
            case {"Ref": str(name)} if len(node) == 1:
                return self.defaults.get(name, f"!Ref {name}")
            case {"Fn::If": [condition, yes, no]} if len(node) == 1:
                chosen = yes if holds(condition, self.conditions, self.defaults) else no
                return self.resolved(chosen)
            case dict():
                return {
                    name: self.resolved(each) for name, each in node.items() if not self.omits(each)
                }
            case list():
                return [self.resolved(each) for each in node if not self.omits(each)]
        return node

    def omits(self, node: Any) -> bool:
        """Whether a value is `AWS::NoValue`, perhaps by a condition."""
        match node:
            case {"Ref": "AWS::NoValue"}:
                return True
            case {"Fn::If": [condition, yes, no]}:
                return self.omits(yes if holds(condition, self.conditions, self.defaults) else no)
        return False


class TemplateLoader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms, in which a date is a text."""


# PyYAML's resolvers by first character; assigned, since it declares them for instances.
TemplateLoader.yaml_implicit_resolvers = {
    first: [each for each in resolvers if each[0] != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _short_form(loader: TemplateLoader, suffix: str, node: yaml.Node) -> Any:
    match node:
        case yaml.ScalarNode():
            value: Any = loader.construct_scalar(node)
        case yaml.SequenceNode():
            value = loader.construct_sequence(node, deep=True)
        case yaml.MappingNode():
            value = loader.construct_mapping(node, deep=True)
        case _:
            value = None
    if suffix == "Ref":
        return {"Ref": value}
    return {FUNCTIONS[suffix]: value} if suffix in FUNCTIONS else f"!{suffix} {value}"


TemplateLoader.add_multi_constructor("!", _short_form)
