"""Read what the flows of a connection will be once its properties are applied."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bridge.errors import AdobeError, InvalidPropertyError
from bridge.names import Slot
from bridge.ports.adobe import SchemaLibrary, Schemas
from bridge.provisioning.chain.custom_fields import xdm_fields
from bridge.provisioning.chain.desired import DesiredChain, DesiredFlow, SchemaDesign
from bridge.provisioning.chain.plan import existing_ids
from bridge.provisioning.connections.lifecycle import Connections
from bridge.provisioning.connections.properties import parse_connection
from bridge.provisioning.ownership import DIRECT
from bridge.provisioning.sources.documents import flows_of
from bridge.provisioning.sources.planned_connection import PlannedConnection
from bridge.sources.connection import Connection, Flow
from bridge.sources.destinations import stored_connection
from bridge.telemetry import logger

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PlannedConnections:
    """Reads what connections will be; changes nothing."""

    connections: Connections
    library: SchemaLibrary
    schemas: Schemas

    def of(self, properties: object) -> PlannedConnection:
        """The connection of these properties.

        Raises:
            InvalidPropertyError: of `Connection`; its properties are invalid, or cannot be applied.
            AdobeError: retryable.
            UnavailableError: SSM cannot be read.
        """
        try:
            declaration = parse_connection(properties)
            desired = declaration.desired
            record = self.connections.records.read(desired.name)
            steps = self.connections.plan(declaration, record.owner or DIRECT)
        except InvalidPropertyError as exc:
            raise InvalidPropertyError("Connection", f"cannot be applied: {exc}") from exc
        known: Mapping[str, Flow] = {}
        connection = _new(desired)
        if record.is_usable():
            connection = stored_connection(desired.name, record.values)
            known = flows_of(record, {})
        ids = existing_ids(steps)
        flows: dict[str, Flow] = {}
        schemas: dict[str, Mapping[str, Any]] = {}
        for each in desired.flows:
            schema_id = each.schema_id or ids.get(Slot("schemas", each.name), "")
            former = known.get(each.name, Flow("", each.dataset_id, schema_id, _NEVER))
            flows[each.name] = former._replace(schema_id=schema_id)
            schema = None if desired.data_type == "raw" else self._schema(each, schema_id)
            if schema is not None:
                schemas[each.name] = schema
        return PlannedConnection(connection._replace(data_type=desired.data_type), flows, schemas)

    def _schema(self, flow: DesiredFlow, schema_id: str) -> Mapping[str, Any] | None:
        """The schema of a flow; None if Adobe does not show it."""
        try:
            actual = self.schemas.get(schema_id) if schema_id else None
            if flow.schema is None:
                return actual
            wanted = self._composed(flow.schema)
        except AdobeError as exc:
            if exc.retryable:
                raise
            logger.warning("a schema cannot be read", extra={"reason": str(exc)})
            return None
        return wanted if actual is None else _with_fields(actual, wanted)

    def _composed(self, design: SchemaDesign) -> dict[str, Any]:
        """A schema of its class, its field groups and its custom fields."""
        tenant = f"_{self.library.tenant()}"
        found = [
            self.library.component("classes", design.class_id) or {},
            *(self.library.component("fieldgroups", each) or {} for each in design.field_groups),
        ]
        if design.fields:
            own = {"type": "object", "properties": xdm_fields(design.fields)}
            found.append({"properties": {tenant: own}})
        composed: dict[str, Any] = {
            "type": "object",
            "meta:class": design.class_id,
            "meta:extends": [each for part in found for each in part.get("meta:extends") or ()],
            "required": [each for part in found for each in part.get("required") or ()],
        }
        for part in found:
            composed = _with_fields(composed, part)
        return composed


def _new(desired: DesiredChain) -> Connection:
    return Connection(desired.name, "", desired.authenticated, desired.data_type, "", "", "")


def _with_fields(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """A schema with those fields of another one that it does not have, at every level."""
    found = dict(one)
    ours, theirs = one.get("properties"), other.get("properties")
    if isinstance(theirs, Mapping):
        ours = ours if isinstance(ours, Mapping) else {}
        found["properties"] = {**theirs, **ours} | {
            name: _with_fields(ours[name], theirs[name])
            for name in ours.keys() & theirs.keys()
            if isinstance(ours[name], Mapping) and isinstance(theirs[name], Mapping)
        }
    ours, theirs = one.get("items"), other.get("items")
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        found["items"] = _with_fields(ours, theirs)
    return found
