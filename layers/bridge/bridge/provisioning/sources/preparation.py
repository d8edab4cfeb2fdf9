"""Make the document of a source from its properties, and check it; nothing is changed.

It is checked against what exists: its owner, its secrets, its connection and schemas.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bridge.errors import InvalidPropertyError, UnavailableError
from bridge.ports.adobe import IdentityNamespaces, Schemas
from bridge.ports.aws import Parameters
from bridge.ports.process import Clock
from bridge.provisioning.chain.record import ChainRecord
from bridge.provisioning.ownership import SourceOwners, require_owner
from bridge.provisioning.records import Records
from bridge.provisioning.sources.builder import build_source
from bridge.provisioning.sources.checks import with_checks
from bridge.provisioning.sources.declaration import declared_sender
from bridge.provisioning.sources.documents import (
    NO_CONNECTION,
    Documents,
    flows_of,
)
from bridge.provisioning.sources.namespaces import read_namespaces
from bridge.provisioning.sources.planned_connection import PlannedConnection
from bridge.provisioning.sources.properties import SourceProperties, source_properties
from bridge.provisioning.sources.schemas import read_schemas
from bridge.provisioning.sources.secret_checks import SecretChecks
from bridge.provisioning.sources.subscription_properties import registered
from bridge.provisioning.subscriptions.record import Registered
from bridge.provisioning.unknown_connection import unknown_connection
from bridge.provisioning.xdm_constraints import constraints
from bridge.sources.connection import Flow
from bridge.sources.destinations import stored_connection
from bridge.sources.source import Source
from bridge.verification.verify import needs_secrets

MOST_BYTES = 8_192
"""The size limit of an SSM parameter, "Parameter tiers"."""
REGISTRATION_LIFETIME = timedelta(hours=1)
"""How long the provider can register its secret after the deployment."""


class PreparedSource(NamedTuple):
    """A source that can be stored.

    Attributes:
        schemas: texts of schemas to store with its document, by reference.
        registered: the webhook that its vendor must have; None without a `Subscription`.
    """

    source: Source
    schemas: Mapping[str, str]
    registered: Registered | None


@dataclass(frozen=True, slots=True)
class SourcePreparation:
    """Prepares the sources of a stage."""

    parameters: Parameters
    records: Records
    documents: Documents
    schemas: Schemas
    namespaces: IdentityNamespaces
    owners: SourceOwners
    stage: str
    now: Clock

    def prepare(
        self, properties: object, owner: str, planned: PlannedConnection | None = None
    ) -> PreparedSource:
        """Validate everything before anything is written.

        Args:
            properties: of the source.
            owner: the stack and the resource, or `DIRECT`.
            planned: its connection as it will be, if the source is not to be stored yet.

        Raises:
            InvalidPropertyError: names the property.
            UnavailableError: the connection is being changed, or SSM does not respond.
        """
        parsed = source_properties(properties, self.stage)
        declared = declared_sender(parsed)
        # Published keys need no secret, and a missing one would be an error.
        secrets = parsed.secrets if needs_secrets(declared.scheme) else ()
        require_owner(self.owners.of(parsed.name), owner)
        existing = self.documents.all().get(parsed.name)
        known = existing.flows if existing else {}
        target = self._target(parsed.connection, known, planned)
        until = self._registration(parsed)
        wanted = registered(parsed, self.stage)
        checks = SecretChecks(self.parameters)
        if not until and not wanted:
            likely = [parsed.name, *([parsed.provider] if parsed.provider else [])]
            checks.require("Secrets", secrets, likely)
            checks.require_readable(parsed.name, declared.scheme, secrets)
        checks.require("HandshakeSecrets", parsed.handshake_secrets)
        checks.require_path_tokens(parsed.path_tokens)
        connection, flows, schemas = target
        namespaces = read_namespaces(self.namespaces, connection) if parsed.connection else ()
        source = build_source(parsed, declared, connection, flows, schemas, namespaces=namespaces)
        source = source._replace(
            secrets=secrets,
            registration_until=until,
            schemas=existing.schemas if existing else {},
        )
        source, to_store = with_checks(source, schemas)
        if len(source.to_document().encode()) > MOST_BYTES:
            raise InvalidPropertyError(
                "Properties", f"would make a document of more than {MOST_BYTES} bytes"
            )
        return PreparedSource(source, to_store, wanted)

    def schemas_of(self, name: str, planned: PlannedConnection | None = None) -> dict[str, Any]:
        """What the messages to a connection's flows must fit, for previews of messages.

        Raises:
            AdobeError: Adobe does not respond.
        """
        connection, flows, schemas = self._target(name, {}, planned)
        return {
            "data_type": connection.data_type,
            "flows": {
                flow: _constraints(schemas[flow]) if flow in schemas else None for flow in flows
            },
            "namespaces": read_namespaces(self.namespaces, connection),
        }

    def _registration(self, parsed: SourceProperties) -> datetime | None:
        """Until when the provider can register its secret; None once it exists."""
        if not parsed.registration or self.parameters.get(parsed.secrets):
            return None
        return self.now() + REGISTRATION_LIFETIME

    def _target(
        self, name: str | None, known: Mapping[str, Flow], planned: PlannedConnection | None
    ) -> PlannedConnection:
        """The connection of a source, with its flows and their schemas."""
        if not name:
            return PlannedConnection(NO_CONNECTION, {}, {})
        if planned and planned.connection.name == name:
            return planned.with_known(known)
        record = self._connection(name)
        connection, flows = stored_connection(name, record.values), flows_of(record, known)
        return PlannedConnection(connection, flows, read_schemas(self.schemas, connection, flows))

    def _connection(self, name: str) -> ChainRecord:
        record = self.records.read(name)
        if not record.values:
            raise InvalidPropertyError("Connection", unknown_connection(name, self.records.names()))
        if not record.is_usable():
            raise UnavailableError(
                f"connection {name} is being changed, or a change was interrupted; apply it first"
            )
        return record


def _constraints(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema without titles, which a response could be too small for."""
    kept = {name: schema[name] for name in ("meta:class", "meta:extends") if name in schema}
    return {**constraints(schema), **kept}
