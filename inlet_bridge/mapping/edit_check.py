"""Check an edited template before it is deployed, as `inlet map` and `inlet plan` read it."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from bridge.errors import InvalidPropertyError
from bridge.provisioning.connections.properties import (
    ConnectionProperties,
    desired_chain,
    field_warnings,
)
from bridge.provisioning.property_parsing import check_names
from inlet_bridge.mapping.declared import declared_source
from inlet_bridge.mapping.preview import assumed_source
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.template_reading.declared_resources import DeclaredResources
from inlet_bridge.template_reading.errors import ResourceError, UnknownValueError
from inlet_bridge.template_reading.service_properties import check_tokens

_OF_A_PROPERTY: Final = re.compile(r"(\w+): ([A-Z]\w*(?:\.\w+)*): (.+)", re.DOTALL)
"""The logical ID, the property and what is wrong, as the provisioner reports to CloudFormation."""


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
        check_resources(DeclaredResources(file, deployed=values, text=text))


def check_resources(sources: DeclaredResources, only: str = "") -> None:
    """Check connections and sources of a template that is read already, as `check_edit` does.

    Args:
        sources: the template.
        only: the logical ID of the resource to check; empty for all.

    Raises:
        OperationError: as of `check_edit`.
    """
    for logical_id, kind in sources.kinds.items():
        if only and logical_id != only:
            continue
        with suppress(UnknownValueError):
            if kind == "connection":
                _check_connection(sources, logical_id)
            else:
                assumed_source(declared_source(sources, logical_id), "time-series", {})
    check_tokens(sources.document, sources.kinds)
    sources.check_names()


def _check_connection(sources: DeclaredResources, logical_id: str) -> None:
    connection = sources.resource(logical_id)
    try:
        check_names(ConnectionProperties, connection.properties)
        desired_chain(connection.properties)
    except InvalidPropertyError as exc:
        raise connection.error(exc.path, exc.reason) from exc


def connection_warnings(file: Path, text: str, values: Mapping[str, str]) -> list[str]:
    """What a deployment warns about the connections of a template that `check_edit` accepts.

    Args: as of `check_edit`.
    """
    sources = DeclaredResources(file, deployed=values, text=text)
    found: list[str] = []
    for logical_id in (each for each, kind in sources.kinds.items() if kind == "connection"):
        with suppress(UnknownValueError):
            connection = sources.resource(logical_id)
            warnings = field_warnings(desired_chain(connection.properties))
            found += [f"connection {connection.name}: {each}" for each in warnings]
    return found


def failed_deployment(
    file: Path, text: str, values: Mapping[str, str], reasons: Iterable[str]
) -> OperationError | None:
    """The error for a deployment that failed, with the lines of the properties that it names.

    Args:
        file: the template, for errors.
        text: of the template.
        values: of its parameters, and pseudo parameters.
        reasons: of CloudFormation, each after the logical ID of its resource.

    Returns:
        An error with a line of text for each reason; None if no reason names a property.
    """
    try:
        sources = DeclaredResources(file, deployed=values, text=text)
        errors = [_located(sources, each) for each in reasons]
    except ResourceError:
        return None
    found = [each for each in errors if isinstance(each, ResourceError)]
    if not found:
        return None
    hint = next((each.hint for each in found if each.hint), "")
    return OperationError("\n".join(map(str, errors)), hint=hint)


def _located(sources: DeclaredResources, reason: str) -> ResourceError | str:
    """The error with the line of the property that a reason names, or else the reason."""
    found = _OF_A_PROPERTY.fullmatch(reason)
    if found is None or found[1] not in sources.kinds:
        return reason
    return sources.resource(found[1], lenient=True).error(found[2], found[3])
