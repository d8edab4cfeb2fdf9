"""The file that the map editor reads and writes."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bridge.names import NAME
from inlet_bridge.mapping.secret_references import UNUSED
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.template_editing.document import SourcesFile
from inlet_bridge.template_editing.map_text import MapText, map_text
from inlet_bridge.template_editing.saving import replacement
from inlet_bridge.template_reading.declared_resources import DeclaredResources

_UNKNOWN = frozenset({*UNUSED, "Connection"})


@dataclass(frozen=True, slots=True)
class EditedMap:
    """The map of a source of a file.

    Attributes:
        provider: the preset of the source; empty without one.
        version: a hash of the file.
    """

    name: str
    provider: str
    text: MapText
    version: str


def read_map(path: Path, name: str, values: dict[str, str]) -> EditedMap:
    """Read the map of a source.

    Args:
        path: of the file.
        name: of the source, or its logical ID.
        values: of the deployment, with which functions are resolved.

    Raises:
        OperationError: the file cannot be read, or does not have the source with routes.
    """
    file = SourcesFile.read(path)
    resource = DeclaredResources(path, {}, values, text=file.text).source(
        name, _UNKNOWN | {"Routes"}
    )
    provider = str(resource.properties.get("Provider", ""))
    return EditedMap(name, provider, map_text(file, resource.logical_id), version_of(file))


def source_names(path: Path, values: dict[str, str]) -> list[str]:
    """The names of the sources of a file, as far as they are known. Raises OperationError."""
    found = DeclaredResources(path, {}, values, text=SourcesFile.read(path).text).all(lenient=True)
    return sorted(
        each.name for each in found if each.kind == "source" and NAME.fullmatch(each.name)
    )


def save(edited: SourcesFile, version: str) -> None:
    """Replace the file, unless it has changed since it was read.

    Args:
        edited: with its new text.
        version: of the file that was edited.

    Raises:
        ChangedFileError: it has changed.
        OperationError: it cannot be written.
    """
    try:
        with replacement(edited.path, edited.text):
            # As late as possible: another program may write it too.
            if version_of(SourcesFile.read(edited.path)) != version:
                raise ChangedFileError(
                    f"{edited.path} has changed since this page read it; nothing was saved",
                    hint="Copy your text, load the page again, and edit that.",
                )
    except OSError as exc:
        raise OperationError(f"{edited.path} cannot be written: {exc.strerror}") from exc


class ChangedFileError(OperationError):
    """The file is not the one that was edited."""


def version_of(file: SourcesFile) -> str:
    """A hash of a file as it was read."""
    return sha256(file.text.encode()).hexdigest()
