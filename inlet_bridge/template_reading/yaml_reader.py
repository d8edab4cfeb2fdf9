"""Read a template as YAML, with the line of each value.

CloudFormation reads YAML 1.1 without aliases, hash merges and some tags:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
What YAML would misread silently, such as `on` or `010`, is an error here.
"""

import math
import re
from pathlib import Path
from typing import Any, Final

import yaml

from bridge.provisioning.property_parsing import number_form
from inlet_bridge.template_reading.errors import ResourceError
from inlet_bridge.template_reading.foreign_resources import foreign_resources
from inlet_bridge.template_reading.hidden_secrets import error_at
from inlet_bridge.template_reading.no_template import name_fault, no_template
from inlet_bridge.template_reading.odd_characters import odd_name
from inlet_bridge.template_reading.template_text import text_of
from inlet_bridge.template_reading.yaml_diagnosis import diagnosis
from inlet_bridge.template_reading.yaml_document import Document, NamePosition, Position, Steps
from inlet_bridge.template_reading.yaml_loader import SHORT_FORMS, TemplateLoader
from inlet_bridge.template_reading.yaml_traps import (
    QUOTES,
    colon_fault,
    comma_trap,
    is_balanced,
    shown,
    shown_path,
    unknown_tag,
)

_NULL: Final = "tag:yaml.org,2002:null"
_TEXT: Final = "tag:yaml.org,2002:str"
_NUMBERS: Final = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_BOOLEAN: Final = re.compile(r"true|false", re.IGNORECASE)


def read_document(file: Path, text: str | None = None) -> Document:
    """Read a template with resources.

    Args:
        file: the template.
        text: what is read instead of the file, which is for errors only then.

    Raises:
        ResourceError: it cannot be read, or is not YAML that CloudFormation accepts.
    """
    document = read_text(text_of(file) if text is None else text.removeprefix("\ufeff"), file)
    if not isinstance(document.content, dict) or "Resources" not in document.content:
        raise no_template(document)
    return document


def read_text(text: str, file: Path) -> Document:
    """Read a part of a template; the file is for errors only. Raises ResourceError."""
    return _Reader(file, text).read()


class _Reader:
    """Builds the document of one file."""

    def __init__(self, file: Path, text: str) -> None:
        self._file = file
        self._text = text
        self._positions: dict[Steps, Position] = {}
        self._names: dict[Steps, NamePosition] = {}

    def read(self) -> Document:
        """Raises ResourceError."""
        try:
            self._loader = TemplateLoader(self._text)
            node = self._loader.get_single_node()
        except yaml.YAMLError as exc:
            raise parsing_error(self._file, self._text, exc) from None
        except RecursionError:
            raise ResourceError(f"{self._file} is nested too deeply") from None
        self._foreign = foreign_resources(node)
        content = None if node is None else self._value(node, ())
        return Document(self._file, content, self._positions, self._names)

    def _value(self, node: yaml.Node, steps: Steps) -> Any:
        self._positions[steps] = self._position(node)
        if node.tag.startswith("!"):
            return self._short_form(node, steps)
        match node:
            case yaml.MappingNode():
                return self._object(node, steps)
            case yaml.SequenceNode():
                return self._items(node, steps)
            case yaml.ScalarNode():
                return self._scalar(node, steps)
        raise self._error(node, f"{node.tag} is not supported")

    def _object(self, node: yaml.MappingNode, steps: Steps) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for index, (key_node, value_node) in enumerate(node.value):
            name = self._name(key_node, steps)
            below = (*steps, name)
            if name in found:
                raise self._error(key_node, f"{shown_path(below)} occurs twice", _once(name, steps))
            if value_node.tag == _NULL:
                if node.flow_style and (fault := self._without_colon(node, index)):
                    raise fault
                if node.flow_style and index and not value_node.value:
                    raise self._comma_error(node, index)
                raise self._null(key_node, below, value_node.value)
            mark = key_node.start_mark
            self._names[below] = NamePosition(mark.line + 1, mark.column)
            found[name] = self._value(value_node, below)
        return found

    def _items(self, node: yaml.SequenceNode, steps: Steps) -> list[Any]:
        return [self._value(each, (*steps, str(i))) for i, each in enumerate(node.value)]

    def _is_foreign(self, steps: Steps) -> bool:
        return steps[:1] == ("Resources",) and steps[1:2] != () and steps[1] in self._foreign

    def _name(self, node: yaml.Node, steps: Steps) -> str:
        if not isinstance(node, yaml.ScalarNode):
            is_placeholder = self._text[node.start_mark.index - 1 :].startswith("{{")
            raise self._error(node, *name_fault(steps, is_placeholder=is_placeholder))
        if node.tag in (_TEXT, *_NUMBERS):
            has_reason = not node.style and not self._is_foreign(steps)
            if has_reason and (odd := odd_name(str(node.value))):
                raise self._error(node, *odd)
            return str(node.value)
        if node.tag.endswith(":merge"):
            raise self._error(node, "CloudFormation supports no hash merge (<<)")
        if node.tag.startswith("!"):
            raise self._error(node, f"{shown(node.tag)} is where a name must be", QUOTES)
        read = "null" if node.tag == _NULL else str(self._loader.construct_object(node)).lower()
        raise self._error(node, f"the name {node.value} is read as {read}", "Put it in quotes.")

    def _scalar(self, node: yaml.ScalarNode, steps: Steps) -> str | float | bool:
        if node.tag == _TEXT:
            return str(node.value)
        if node.tag == _NULL:
            raise self._null(node, steps, node.value)
        try:
            value: Any = self._loader.construct_object(node)
        except (ValueError, yaml.YAMLError):
            reason = f"{shown_path(steps)} cannot be read"
            raise self._error(node, reason, "Put it in quotes.") from None
        is_plain = _BOOLEAN if isinstance(value, bool) else _NUMBER
        is_finite = not isinstance(value, float) or math.isfinite(value)
        if not isinstance(value, bool | int | float) or not (
            is_plain.fullmatch(node.value) and is_finite
        ):
            read = str(value).lower()
            form = number_form(steps[-1]) if steps else ""
            way = f"Put it in quotes, or write {read}." if is_finite else "Put it in quotes."
            raise self._error(
                node,
                f"{shown_path(steps)}: YAML reads {shown(node.value)} as {read}",
                f"Write {form}." if form else way,
            )
        return value

    def _short_form(self, node: yaml.Node, steps: Steps) -> Any:
        name = SHORT_FORMS.get(node.tag.removeprefix("!"))
        if name is None:
            reason, hint, is_close = unknown_tag(node.tag)
            if is_close or not self._is_foreign(steps):
                raise self._error(node, f"{shown_path(steps)}: {reason}", hint)
            name = f"Fn::{node.tag.removeprefix('!')}"
        below = (*steps, name)
        self._positions[below] = self._position(node)
        match node:
            case yaml.ScalarNode() if name == "Fn::GetAtt":
                return {name: node.value.split(".", 1)}
            case yaml.ScalarNode():
                return {name: node.value}
            case yaml.SequenceNode():
                return {name: self._items(node, below)}
            case yaml.MappingNode():
                return {name: self._object(node, below)}
        raise self._error(node, f"{node.tag} is not supported")

    def _position(self, node: yaml.Node) -> Position:
        line = node.start_mark.line + 1
        if not isinstance(node, yaml.ScalarNode):
            return Position(line)
        end = self._text.find("\n", node.end_mark.index)
        after = self._text[node.end_mark.index : end if end >= 0 else None]
        begin = self._text[node.start_mark.index : node.end_mark.index]
        block = begin.split(maxsplit=1)[0] if node.style in ("|", ">") else ""
        return Position(line, node.value, after, node.style in ("'", '"'), block)

    def _null(self, node: yaml.Node, steps: Steps, written: str) -> ResourceError:
        """Report a value that is null: a written one, or none at all."""
        way = 'write "null" in quotes' if written else "indent its value deeper than its name"
        reason = f"{shown_path(steps)} is null, which CloudFormation rejects"
        return self._error(node, reason, f"Leave it out, or {way}.")

    def _without_colon(self, node: yaml.MappingNode, index: int) -> ResourceError | None:
        """The error for a name, such as `a:b` or `a b`, that was meant to have a value."""
        key, value = node.value[index]
        if value.value or key.style:
            return None
        # Within an expression that a comma has ended, a colon is the expression's.
        if index and not is_balanced(str(node.value[index - 1][1].value)):
            return None
        fault = colon_fault(str(key.value), is_first=not index)
        return self._error(key, *fault) if fault else None

    def _comma_error(self, node: yaml.MappingNode, index: int) -> ResourceError:
        """Report a name without a value, which is the rest of the value before it."""
        name, before = node.value[index - 1]
        rest = [key for key, value in node.value[index:] if value.tag == _NULL]
        written = self._text[before.start_mark.index : rest[0].end_mark.index]
        for key in rest[1:]:
            if is_balanced(written):
                break
            written = self._text[before.start_mark.index : key.end_mark.index]
        reason, hint = comma_trap(str(name.value), str(before.value), written)
        return self._error(before, reason, hint)

    def _error(self, node: yaml.Node, reason: str, hint: str = "") -> ResourceError:
        return error_at(self._file, self._text.splitlines(), node.start_mark.line, reason, hint)


def _once(name: str, steps: Steps) -> str:
    """What to do with a name that an object has twice."""
    if not steps:
        return f"A template has each section once: write all of {name} below the first one."
    way = f"begin another list item: - {name}" if steps[-1].isdigit() else "rename it"
    return f"Remove one, or {way}."


def parsing_error(file: Path, text: str, exc: yaml.YAMLError) -> ResourceError:
    """The error for a file that YAML's parser rejects."""
    found = diagnosis(text, exc)
    lines = text.splitlines()
    written = shown(lines[found.line - 1]) if found.line <= len(lines) else ""
    said = f"{found.reason}, in: {written}" if written else found.reason
    return error_at(file, lines, found.line - 1, said, found.hint)
