"""A source of a template, for a preview of its messages."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from bridge.errors import InvalidPropertyError, UnknownFieldError
from bridge.provisioning.connections.properties import ConnectionProperties
from bridge.provisioning.property_parsing import check_names
from bridge.provisioning.sources.properties import SourceProperties, connection_name
from bridge.spelling import nearest
from inlet_bridge.mapping.errors import PreviewError
from inlet_bridge.mapping.secret_references import (
    UNUSED,
    References,
    has_secrets,
    read_references,
)
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.template_reading.declared_resources import DeclaredResources
from inlet_bridge.template_reading.errors import MissingFieldError, ResourceError
from inlet_bridge.template_reading.resource import Resource
from inlet_bridge.template_reading.service_properties import check_tokens

_CONNECTION: Final = "Connection"
# A preview needs a name; a deployment may compute it.
_ASSUMED: Final = "connection"


@dataclass(frozen=True, slots=True)
class Declared:
    """A source as declared in a file.

    Attributes:
        properties: of the source.
        flows: names of its connection's flows; empty if the connection is declared elsewhere.
        connection: its name; empty if it is not known before the deployment.
        resource: where the properties come from, for errors; None for a part of a template.
        has_secrets: whether the file names some; a part of a template need not.
        likely_connection: of the file, which `connection` may mean if the file has not this one.
        references: to its secrets.
        connection_properties: of `connection`; None if the file does not have all of them.
    """

    properties: Mapping[str, Any]
    flows: tuple[str, ...] = ()
    data_type: Literal["xdm", "raw"] = "xdm"
    connection: str = ""
    resource: Resource | None = None
    has_secrets: bool = True
    likely_connection: str = ""
    references: References = field(default_factory=References)
    connection_properties: Mapping[str, Any] | None = None

    def check_names(self) -> None:
        """Raise OperationError for a property that does not exist."""
        try:
            check_names(SourceProperties, self.properties)
        except InvalidPropertyError as exc:
            raise self.error(exc) from exc

    def unknown_connection(self) -> str:
        """What is said of a connection that only a deployment can have; empty if all is well."""
        if not self.likely_connection:
            return ""
        reason = f"the file has no connection {self.connection}; is it {self.likely_connection}?"
        return str(self.invalid(_CONNECTION, reason))

    def error(self, exc: InvalidPropertyError) -> OperationError:
        """The error for an invalid property, with its line if it is known."""
        found = self.invalid(exc.path, exc.reason)
        if isinstance(exc, UnknownFieldError):
            return MissingFieldError(str(found), hint=found.hint)
        return found

    def invalid(self, path: str, reason: str) -> OperationError:
        """As `error`, of the path of a property and what is wrong."""
        if self.resource is None:
            return PreviewError(f"{path}: {reason}")
        return self.resource.error(path, reason)


def read_source(
    file: Path,
    name: str,
    given: Mapping[str, str] | None = None,
    deployed: Mapping[str, str] | None = None,
    *,
    text: str | None = None,
) -> Declared:
    """Read the source with this name from a template.

    Args:
        file: the template.
        name: its `Name` or its logical ID.
        given: values of the template's parameters.
        deployed: values of its stack.
        text: what is read instead of the file.

    Raises:
        OperationError: the file cannot be read, or it has no such source.
    """
    return declared_source(DeclaredResources(file, given, deployed, text=text), name)


def declared_source(sources: DeclaredResources, name: str) -> Declared:
    """As `read_source`, of a file that is read already. Raises OperationError."""
    check_tokens(sources.document, sources.kinds, "source")
    source = sources.source(name, UNUSED | {_CONNECTION})
    named = sources.known(source, _CONNECTION)
    for each in sorted(UNUSED):
        sources.known(source, each)  # Raises for a name that the file does not have.
    references = read_references(sources, source.logical_id)
    given = sources.document.content["Resources"][source.logical_id].get("Properties", {})
    has_own = has_secrets(given)
    properties = dict(source.properties)
    if named is not None:
        properties[_CONNECTION] = named or _ASSUMED
        try:
            connection_name(properties[_CONNECTION])
        except ValueError as exc:
            raise source.error(_CONNECTION, str(exc)) from exc
    connection = sources.connection(named) if named else None
    if connection is None:
        likely = nearest(named, sources.connection_names()) if named else ""
        return Declared(
            properties,
            connection=named or "",
            resource=source,
            has_secrets=has_own,
            likely_connection=likely,
            references=references,
        )
    try:
        check_names(ConnectionProperties, connection.properties)
    except InvalidPropertyError as exc:
        raise connection.error(exc.path, exc.reason) from exc
    flows = connection.properties.get("Flows")
    names = tuple(
        str(flow["Name"])
        for flow in (flows if isinstance(flows, list) else [])
        if isinstance(flow, dict) and "Name" in flow
    )
    data_type: Literal["xdm", "raw"] = "xdm"
    if connection.properties.get("DataType") == "raw":
        data_type = "raw"
    return Declared(
        properties,
        names,
        data_type,
        connection.name,
        source,
        has_own,
        references=references,
        connection_properties=declared_connection(sources, connection.name),
    )


def declared_connection(sources: DeclaredResources, name: str) -> Mapping[str, Any] | None:
    """The properties of the connection with this `Name`; None if the file has not all of them."""
    found = sources.connection(name) if name else None
    if found is None:
        return None
    with suppress(ResourceError):
        return sources.resource(found.logical_id).properties
    return None
