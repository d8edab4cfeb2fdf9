"""Check a source of an edited file as the deployment will."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bridge.provisioning.sources.properties import source_properties
from bridge.provisioning.sources.subscription_properties import registered
from bridge.sources.source import Source
from inlet_bridge.mapping.declared import read_source
from inlet_bridge.mapping.preview import assumed_source
from inlet_bridge.template_editing.document import SourcesFile
from inlet_bridge.template_editing.new_source import NewSource


def candidate_source(
    file: SourcesFile,
    name: str,
    flows: tuple[str, ...],
    schemas_of: Callable[[str], Mapping[str, Mapping[str, Any]]] = lambda _: {},
) -> Source:
    """The source with this name of a file that is not written yet.

    Args:
        file: as it will be.
        name: of the source.
        flows: of its connection, as far as they are known.
        schemas_of: returns the schemas of a connection's flows, as far as they are known.

    Raises:
        OperationError: it cannot be read, a property is invalid, or a schema lacks a field.
    """
    declared = read_source(file.path, name, text=file.text)
    schemas = schemas_of(declared.connection) if declared.connection else {}
    return assumed_source(replace(declared, flows=flows), "time-series", schemas)


def check_subscription(source: NewSource, stage: str) -> None:
    """Check the webhook that the bridge registers. Raises InvalidPropertyError."""
    if not source.subscription:
        return
    credential = f"/inlet-bridge/{stage}/{source.subscription['Credential']}"
    properties = {
        "Name": source.name,
        "Provider": source.provider,
        "Connection": "connection",
        "Subscription": {**source.subscription, "Credential": credential},
    }
    registered(source_properties(properties, stage), stage)
