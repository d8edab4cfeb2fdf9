"""A connection or a source of a template such as sources.yaml."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from inlet_bridge.template_reading.errors import ResourceError
from inlet_bridge.template_reading.function_texts import as_quoted, as_written
from inlet_bridge.template_reading.odd_characters import odd_value
from inlet_bridge.template_reading.yaml_document import Position, Steps, deepest
from inlet_bridge.template_reading.yaml_traps import expression_hint, shown

type Kind = Literal["connection", "source"]

_WITH_EXPRESSIONS: Final = ("Routes", "Split", "ItemId")
# What is written there may be the secret itself, and is never shown.
_OF_SECRETS: Final = ("Secrets", "HandshakeSecrets", "PathTokens", "Subscription", "Credentials")
_ABOUT_NAMES: Final = (
    *("no such property", "no such field", "is required by the schema", "indent it as"),
    *("there is no connection", "the file has no connection"),
    *("the sandbox spells this namespace", "the sandbox has no identity namespace"),
)
_OF_LINES: Final = frozenset({"Identity", "Map", "Routes", "Targets"})
_LINES: Final = re.compile(r"\s*(?:- |[\w.$-]+:(?:\s|$))")
_FIELDS: Final = "`inlet schema show CONNECTION/FLOW` lists the fields, with their types."


@dataclass(frozen=True, slots=True)
class Resource:
    """A connection or a source of a file, as CloudFormation sends it to the provisioner.

    Attributes:
        logical_id: its name in the template.
        properties: without functions, and with texts for all scalars.
        positions: where each property is.
    """

    file: Path
    logical_id: str
    kind: Kind
    properties: Mapping[str, Any]
    positions: Mapping[Steps, Position] = field(repr=False)

    @property
    def name(self) -> str:
        """The property `Name`; empty without one."""
        return str(self.properties.get("Name", ""))

    def error(self, path: str, reason: str) -> ResourceError:
        """The error for an invalid property, with its line and with the text that YAML read.

        Args:
            path: of the property, such as `Routes.0.Map`.
            reason: what is wrong. It may begin with the rest of the path, as in `total: is …`.
        """
        steps = deepest(self.positions, path, reason)
        position = self.positions.get(steps)
        where = f"{self.file}:{position.line}" if position else str(self.file)
        text = f"{where}: {path}: {reason}"
        hint = _FIELDS if "the schema has no such field" in reason else ""
        if position and position.function and steps[:1] and steps[0] in _WITH_EXPRESSIONS:
            way = as_quoted(position.function)
            # A text that a function gives is no name that is misspelled.
            text = text.partition("; a field of the webhook")[0] if way else text
            text += f", which {as_written(position.function)} gives as an expression"
            return ResourceError(text, hint=f"For a text, write {way}." if way else hint)
        if (
            position
            and position.block
            and steps[-1] in _OF_LINES
            and _LINES.match(position.read or "")
        ):
            text = f"{where}: {'.'.join(steps)}: is a text, since {position.block} follows its name"
            way = f"Remove the {position.block}, so that the lines below it are read."
            return ResourceError(text, hint=way)
        is_hidden = path.partition(".")[0] in _OF_SECRETS
        is_name = any(each in reason for each in _ABOUT_NAMES)
        if position and position.read is not None and steps and not is_name and not is_hidden:
            text += f"; it is read as {shown(position.read) or 'an empty text'}"
            if hint := odd_value(position.read):
                return ResourceError(text, hint=hint)
            if steps[0] in _WITH_EXPRESSIONS:
                hint = expression_hint(position.read, position.after, quoted=position.quoted)
        return ResourceError(text, hint=hint)
