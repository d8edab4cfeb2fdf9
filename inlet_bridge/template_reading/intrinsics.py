"""Resolve CloudFormation's functions as far as a template and its parameters allow.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bridge.names import NAME
from inlet_bridge.template_reading.conditions import holds
from inlet_bridge.template_reading.errors import ResourceError, UnknownValueError
from inlet_bridge.template_reading.return_values import return_value_fault
from inlet_bridge.template_reading.scalar_text import as_text
from inlet_bridge.template_reading.unknown_names import unknown_name_fault
from inlet_bridge.template_reading.yaml_document import Document, Position, Steps
from inlet_bridge.template_reading.yaml_traps import shown_path

_FUNCTION: Final = re.compile(r"Ref|Condition|Fn::\w+")
_VARIABLE: Final = re.compile(r"\$\{(!?)([^{}]+)\}")
_NAMES_OF_FLOWS: Final = ("Flow", "Otherwise")
_NO_VALUE: Final = {"Ref": "AWS::NoValue"}
_WAY_OUT: Final = (
    "Write it out, or !Ref a parameter of the file in its place, whose value --parameter gives."
)
_PSEUDO: Final = {"AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}

type Attribute = Callable[[str, str], str | None]
"""The value of an attribute of a resource in the same file; None if it is not known."""


@dataclass(slots=True)
class Resolved:
    """A value without functions, and where each part of it is."""

    value: Any
    positions: dict[Steps, Position] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resolver:
    """Resolves the functions of a document.

    Attributes:
        parameters: values by name, with the pseudo parameters that are known; None for a
            parameter that has no value.
        attribute: looks up `!GetAtt` and `!Ref` of resources.
        lenient: whether what is not known before the deployment becomes an empty text.
        excerpt: whether what the document does not have becomes an empty text, too.
    """

    document: Document
    parameters: Mapping[str, Any]
    attribute: Attribute
    lenient: bool = False
    excerpt: bool = False

    def resolve(self, node: Any, at: Steps) -> Resolved:
        """The value of a part of the document as CloudFormation sends it, with texts for scalars.

        Raises:
            ResourceError: a function cannot be resolved; names the line.
        """
        found = Resolved(None)
        found.value = self._value(node, at, (), found.positions)
        return found

    def is_true(self, condition: str) -> bool:
        """Whether the condition with this name holds. Raises ResourceError."""
        at, found = ("Conditions", condition), self.document.content.get("Conditions")
        known = found if isinstance(found, dict) else {}
        try:
            return holds(condition, known, lambda node: self._text(node, at))
        except RecursionError:
            raise self._error(at, f"condition {condition} refers to itself") from None

    def _value(self, node: Any, at: Steps, out: Steps, positions: dict[Steps, Position]) -> Any:
        if position := self.document.positions.get(at):
            positions[out] = position
        match node:
            case {"Fn::If": [condition, yes, no]} if len(node) == 1:
                chosen, index = (yes, "1") if self._holds(condition, at) else (no, "2")
                return self._value(chosen, (*at, "Fn::If", index), out, positions)
            case {"Fn::Transform": given} if not self.lenient:  # It stands beside other names too.
                return self._of_texts("Fn::Transform", given, (*at, "Fn::Transform"))
            case dict() if is_function(node):
                if position:
                    positions[out] = replace(position, function=node)
                return self._function(node, at)
            case dict():
                return {
                    name: self._value(each, (*at, name), (*out, name), positions)
                    for name, each in node.items()
                    if not self._is_omitted(each, at)
                }
            case list():
                kept = [(i, each) for i, each in enumerate(node) if not self._is_omitted(each, at)]
                return [
                    self._value(each, (*at, str(i)), (*out, str(position)), positions)
                    for position, (i, each) in enumerate(kept)
                ]
        return as_text(node)

    def _is_omitted(self, node: Any, at: Steps) -> bool:
        match node:
            case {"Fn::If": [condition, yes, no]} if len(node) == 1:
                return self._is_omitted(yes if self._holds(condition, at) else no, at)
        return bool(node == _NO_VALUE)

    def _holds(self, condition: Any, at: Steps) -> bool:
        if not isinstance(condition, str):
            raise self._error(at, "Fn::If needs the name of a condition")
        if condition not in (self.document.content.get("Conditions") or {}):
            raise self._error(at, f"there is no condition {condition}", "Add it below Conditions.")
        return self.is_true(condition)

    def _function(self, node: Mapping[str, Any], at: Steps) -> Any:
        ((name, given),) = node.items()
        at = (*at, name)
        match name, given:
            case "Ref", str(target):
                return self._reference(target, at)
            case "Fn::GetAtt", [str(target), str(attribute)]:
                return self._attribute(target, attribute, at)
            case "Fn::GetAtt", str(text) if "." in text:
                target, attribute = text.split(".", 1)
                return self._attribute(target, attribute, at)
            case "Fn::GetAtt", str(target) | [str(target)]:
                raise self._error(at, f"!GetAtt needs an attribute, such as {target}.Name")
            case "Fn::Sub", str(text):
                return self._substituted(text, {}, at)
            case "Fn::Sub", [str(text), dict(variables)]:
                return self._substituted(text, variables, at)
        return self._of_texts(name, given, at)

    def _of_texts(self, name: str, given: Any, at: Steps) -> Any:
        """A function whose arguments are texts and lists of texts."""
        match name, given:
            case "Fn::Join", [str(delimiter), items]:
                return delimiter.join(self._texts(items, at))
            case "Fn::Split", [str(delimiter), text] if delimiter:
                return self._text(text, at).split(delimiter)
            case "Fn::Select", [index, items]:
                return self._selected(self._text(index, at), self._texts(items, at), at)
            case "Fn::FindInMap", [first, second, third]:
                return self._mapped([self._text(each, at) for each in (first, second, third)], at)
            case "Fn::Base64", text:
                return base64.b64encode(self._text(text, at).encode()).decode()
        if self.lenient:
            return ""
        raise self._unknown(at, f"{name} cannot be resolved before the deployment", _WAY_OUT)

    def _reference(self, name: str, at: Steps) -> Any:
        if name in self.parameters:
            value = self.parameters[name]
            if value is None and self.lenient:
                return ""
            if value is None:
                raise self._unknown(
                    at,
                    f"parameter {name} has no value",
                    f"Give it one: --parameter {name}=VALUE, or deploy the file.",
                )
            return value
        if name in _PSEUDO:
            return _PSEUDO[name]
        return self._attribute(name, "", at)

    def _attribute(self, target: str, attribute: str, at: Steps) -> str:
        value = self.attribute(target, attribute)
        if value is not None:
            return value
        if at[-2:-1] and at[-2] in _NAMES_OF_FLOWS:
            flow = next((each for each in (attribute, target) if NAME.fullmatch(each)), "events")
            raise self._error(
                at,
                f"{shown_path(at[:-1])}: is the name of a flow, to which no function refers",
                f"Write the name as a text, such as {at[-2]}: {flow}.",
            )
        resources = self.document.content["Resources"]
        if target not in resources and not target.startswith("AWS::") and not self.excerpt:
            raise self._error(
                at, unknown_name_fault(target, attribute, at, self.parameters, resources)
            )
        if fault := return_value_fault(resources.get(target), target, attribute):
            raise self._error(at, fault)
        if self.lenient:
            return ""
        shown = f"{target}.{attribute}" if attribute else target
        raise self._unknown(at, f"{shown} is not known before the deployment", _WAY_OUT)

    def _substituted(self, text: str, variables: Mapping[str, Any], at: Steps) -> str:
        def value(found: re.Match[str]) -> str:
            literal, name = found[1], found[2].strip()
            if literal:
                return f"${{{found[2]}}}"
            if name in variables:
                return self._text(variables[name], at)
            target, _, attribute = name.partition(".")
            return self._as_text(
                self._attribute(target, attribute, at) if attribute else self._reference(name, at),
                at,
            )

        return _VARIABLE.sub(value, text)

    def _selected(self, index: str, items: list[str], at: Steps) -> str:
        if not (index.isascii() and index.isdecimal()) or int(index) >= len(items):
            raise self._error(at, f"Fn::Select has no item {index}")
        return items[int(index)]

    def _mapped(self, names: list[str], at: Steps) -> Any:
        node: Any = self.document.content.get("Mappings")
        for name in names:
            node = node.get(name) if isinstance(node, dict) else None
        if node is None:
            raise self._error(at, f"Mappings has no {'.'.join(names)}")
        return self._value(node, ("Mappings", *names), (), {})

    def _texts(self, node: Any, at: Steps) -> list[str]:
        if isinstance(value := self._value(node, at, (), {}), list):
            return [self._as_text(each, at) for each in value]
        raise self._error(at, "needs a list")

    def _text(self, node: Any, at: Steps) -> str:
        return self._as_text(self._value(node, at, (), {}), at)

    def _as_text(self, value: Any, at: Steps) -> str:
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return ",".join(value)
        if not isinstance(value, str):
            raise self._error(at, "needs a text")
        return value

    def _error(self, at: Steps, reason: str, hint: str = "") -> ResourceError:
        return ResourceError(f"{self._where(at)}: {reason}", hint=hint)

    def _unknown(self, at: Steps, reason: str, hint: str) -> UnknownValueError:
        return UnknownValueError(f"{self._where(at)}: {reason}", hint=hint)

    def _where(self, at: Steps) -> str:
        return f"{self.document.file}:{self.document.line(at)}"


def is_function(node: Any) -> bool:
    """Whether a value is one of CloudFormation's functions with its full name."""
    return isinstance(node, dict) and len(node) == 1 and bool(_FUNCTION.fullmatch(next(iter(node))))
