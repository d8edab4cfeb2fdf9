"""Take the routes of a source out of a file as text, and put others in their place.

Everything else of the file stays as it is, byte for byte.
"""

import copy
import difflib
from dataclasses import dataclass
from typing import Any, Final

import yaml

from inlet_bridge.template_editing.appending import content_end
from inlet_bridge.template_editing.document import Resource, SourcesFile, members
from inlet_bridge.template_reading.errors import ResourceError
from inlet_bridge.template_reading.yaml_reader import read_document

ROUTES: Final = "Routes"


@dataclass(frozen=True, slots=True)
class MapText:
    """The property `Routes` of a source, as the file has it.

    Attributes:
        file: as it was read.
        logical_id: of the source.
        begin, end: indexes of the text in that of the file: whole lines, except in `{…}`.
    """

    file: SourcesFile
    logical_id: str
    begin: int
    end: int

    @property
    def text(self) -> str:
        r"""The text, with its indentation; line breaks are `\n`."""
        return _lines(self.file.text[self.begin : self.end])

    @property
    def line(self) -> int:
        """The line in the file at which it begins, from 1."""
        return self.file.text.count("\n", 0, self.begin) + 1

    def replaced(self, text: str) -> SourcesFile:
        """The file with another text in this place. Line breaks are those of the file.

        Raises:
            ResourceError: it is no YAML then, or something else than the routes has changed.
        """
        new = _lines(text).rstrip()
        if new == self.text:
            return self.file
        if self.file.text.count("\r\n") * 2 > self.file.text.count("\n"):
            new = new.replace("\n", "\r\n")
        whole = self.file.text
        edited = SourcesFile(self.file.path, whole[: self.begin] + new + whole[self.end :])
        if self._others(edited) != self._others(self.file):
            raise ResourceError(
                f"the text changes more than {ROUTES} of {self.logical_id}",
                hint="Begin each line with at least as many spaces as its first one.",
            )
        return edited

    def difference(self, edited: SourcesFile) -> str:
        """The unified diff to an edited file; empty without one."""
        name = self.file.path.name
        before, after = (_lines(each.text).splitlines() for each in (self.file, edited))
        lines = difflib.unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm="")
        return "\n".join(lines)

    def _others(self, file: SourcesFile) -> Any:
        """What the file has besides. Raises ResourceError."""
        content = copy.deepcopy(read_document(file.path, file.text).content)
        resource = content["Resources"].get(self.logical_id)
        properties = resource.get("Properties") if isinstance(resource, dict) else None
        if isinstance(properties, dict):
            properties.pop(ROUTES, None)
        return content


def map_text(file: SourcesFile, logical_id: str) -> MapText:
    """The routes of a source.

    Raises:
        ResourceError: the source is not in the file, or has no routes there.
    """
    resource = next((each for each in file.resources if each.logical_id == logical_id), None)
    nodes = _routes_of(resource) if resource else None
    if nodes is None:
        raise ResourceError(
            f"{file.path} has no {ROUTES} of {logical_id}", hint="Add them: docs/mapping.md."
        )
    key, value = nodes
    begin = int(key.start_mark.index)
    # Blank lines at the end of a literal are no part of the text.
    end = len(file.text[: content_end(file.text, value)].rstrip())
    before = begin - int(key.start_mark.column)
    if file.text[before:begin].strip(" "):
        return MapText(file, logical_id, begin, end)  # Within braces.
    rest = file.text[end:].partition("\n")[0]
    if rest.lstrip().startswith("#"):
        end += len(rest.rstrip())
    return MapText(file, logical_id, before, end)


def _routes_of(resource: Resource) -> tuple[yaml.ScalarNode, yaml.Node] | None:
    properties = members(resource.node).get("Properties")
    pairs = properties.value if isinstance(properties, yaml.MappingNode) else ()
    for key, value in pairs:
        if isinstance(key, yaml.ScalarNode) and key.value == ROUTES:
            return key, value
    return None


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")
