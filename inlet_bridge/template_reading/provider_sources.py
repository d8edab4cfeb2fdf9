"""Which sources of a provider does the user's file have, and whose is a source?"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from inlet_bridge.template_reading.declared_resources import DeclaredResources
from inlet_bridge.template_reading.default_file import default_file
from inlet_bridge.template_reading.errors import ResourceError
from inlet_bridge.template_reading.resource import Resource

_LOCALLY: Final = {"EventSourceName": "events"}
"""The parameter with which the local cloud declares the source of events of `sources.yaml`."""


def sources_of_provider(provider: str, file: Path | None = None) -> tuple[str, ...]:
    """The names of the sources that have this preset; none if the file cannot be read.

    Args:
        provider: the preset.
        file: a template; None means `sources.yaml`.
    """
    named = (each for each in _sources(file) if each.name)
    return tuple(each.name for each in named if each.properties.get("Provider") == provider)


def provider_of_source(name: str) -> str:
    """The preset of a source of `sources.yaml`; empty if there is none, or it cannot be read."""
    found = (each.properties.get("Provider") for each in _sources(None) if each.name == name)
    return str(next(found, None) or "")


def is_source_of_events(name: str) -> bool:
    """Whether a source of `sources.yaml` has this name and receives events through a queue."""
    found = (each for each in _sources(None, _LOCALLY) if each.name == name)
    return any(each.properties.get("Verification") == "iam" for each in found)


def _sources(file: Path | None, given: Mapping[str, str] | None = None) -> list[Resource]:
    try:
        resources = DeclaredResources(file or default_file(), given).all(lenient=True)
    except ResourceError:
        return []
    return [each for each in resources if each.kind == "source"]
