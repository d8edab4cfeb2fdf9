"""Check an edited template before it is deployed, as `inlet map` and `inlet plan` read it."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bridge.errors import InvalidPropertyError
from bridge.provisioning.connections.properties import ConnectionProperties, desired_chain
from bridge.provisioning.property_parsing import check_names
from inlet_bridge.mapping.declared import declared_source
from inlet_bridge.mapping.preview import assumed_source
from inlet_bridge.resources.errors import UnknownValueError
from inlet_bridge.resources.source_file import SourceFile


def check_edit(file: Path, text: str, values: Mapping[str, str]) -> None:
    """Check the connections and sources of a template, without a request to any service.

    What only the deployment knows is left to it: schemas, secrets, and a resource with a value
    that another resource or an export gives.

    Args:
        file: the template, for errors.
        text: of the template.
        values: of its parameters, and pseudo parameters.

    Raises:
        OperationError: the deployment would fail, or would read something else than is written;
            names the line if it is known.
    """
    with suppress(UnknownValueError):
        sources = SourceFile(file, deployed=values, text=text)
        for logical_id, kind in sources.kinds.items():
            with suppress(UnknownValueError):
                if kind == "connection":
                    _check_connection(sources, logical_id)
                else:
                    assumed_source(declared_source(sources, logical_id), "time-series", {})


def _check_connection(sources: SourceFile, logical_id: str) -> None:
    connection = sources.resource(logical_id)
    try:
        check_names(ConnectionProperties, connection.properties)
        desired_chain(connection.properties)
    except InvalidPropertyError as exc:
        raise connection.error(exc.path, exc.reason) from exc
