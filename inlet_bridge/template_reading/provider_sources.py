"""Which sources of a provider does the user's file have?"""

from pathlib import Path

from inlet_bridge.template_reading.declared_resources import DeclaredResources
from inlet_bridge.template_reading.default_file import default_file
from inlet_bridge.template_reading.errors import ResourceError


def sources_of_provider(provider: str, file: Path | None = None) -> tuple[str, ...]:
    """The names of the sources that have this preset; none if the file cannot be read.

    Args:
        provider: the preset.
        file: a template; None means `sources.yaml`.
    """
    try:
        resources = DeclaredResources(file or default_file()).all(lenient=True)
    except ResourceError:
        return ()
    return tuple(
        each.name
        for each in resources
        if each.kind == "source" and each.name and each.properties.get("Provider") == provider
    )
