"""Plan, apply and delete sources; only a `Subscription` is an object elsewhere."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bridge.errors import BridgeError, InvalidPropertyError, UnavailableError, VendorError
from bridge.names import NAME, resource_path
from bridge.ports.adobe import IdentityNamespaces, Schemas
from bridge.ports.aws import Parameters
from bridge.ports.process import Clock
from bridge.provisioning.chain.record import JOURNAL, OWNER, ChainRecord
from bridge.provisioning.connections.records import Records
from bridge.provisioning.connections.schemas import read_schemas
from bridge.provisioning.ownership import require_owner
from bridge.provisioning.sources.builder import build_source
from bridge.provisioning.sources.checks import with_checks
from bridge.provisioning.sources.declaration import declared_sender, warnings
from bridge.provisioning.sources.documents import (
    NO_CONNECTION,
    Documents,
    connection_of,
    flows_of,
)
from bridge.provisioning.sources.namespaces import read_namespaces
from bridge.provisioning.sources.properties import SourceProperties, source_properties
from bridge.provisioning.sources.secret_checks import SecretChecks
from bridge.provisioning.sources.subscription_properties import registered
from bridge.provisioning.subscriptions.drift import SubscriptionDrift
from bridge.provisioning.subscriptions.lifecycle import Subscriptions
from bridge.provisioning.subscriptions.preparation import Prepared
from bridge.provisioning.subscriptions.record import Registered
from bridge.provisioning.xdm_constraints import constraints
from bridge.sources.configured import paused_parameter
from bridge.sources.connection import Flow
from bridge.sources.source import Source
from bridge.verification.verify import needs_secrets

MOST_BYTES = 8_192
"""The size limit of an SSM parameter, "Parameter tiers"."""
REGISTRATION_LIFETIME = timedelta(hours=1)
"""How long the provider can register its secret after the deployment."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Plans, applies and deletes sources."""

    parameters: Parameters
    records: Records
    documents: Documents
    schemas: Schemas
    namespaces: IdentityNamespaces
    subscriptions: Subscriptions
    subscription_drift: SubscriptionDrift
    stage: str
    now: Clock

    def plan(self, properties: object, owner: str) -> bool:
        """Whether `apply` would write or register anything; changes nothing. Raises as `apply`."""
        source, _, wanted = self._source(properties, owner)
        prepared = self._prepared(source, wanted)
        return self._document(source.name) != source.to_document() or self._registers(
            source.name, prepared
        )

    def owner_of(self, properties: object) -> str:
        """The owner of the source with the name of these properties; empty without one."""
        name = str(properties.get("Name")) if isinstance(properties, Mapping) else ""
        return self._owner(name) if NAME.fullmatch(name) else ""

    def apply(self, properties: object, owner: str) -> tuple[Source, bool]:
        """Write the source's document; return the source, and whether anything was written.

        With a `Subscription`, also register the webhook at its vendor; without, remove it.

        Raises:
            InvalidPropertyError: nothing was changed.
            UnavailableError: the connection is being changed, or SSM does not respond.
            VendorError: the vendor rejects the webhook, or does not respond. If the source is new
                and another run would fail as well, everything is deleted again.
        """
        source, schemas, wanted = self._source(properties, owner)
        prepared = self._prepared(source, wanted)
        before = self._owner(source.name)
        if before != owner:
            self.parameters.put(self._owner_parameter(source.name), owner)
        if prepared is None:
            written = self.documents.put(source, schemas)
            return source, self.subscriptions.unsubscribe(source.name) or written
        try:
            return source, self.subscriptions.execute(
                prepared, lambda: self.documents.put(source, schemas)
            )
        except VendorError as exc:
            if not before and not exc.retryable:
                with suppress(BridgeError):  # The first error is the more important one.
                    self.destroy(source.name, owner)
            raise

    def status(self, name: str) -> dict[str, Any]:
        """The record of a source, without the values of its secrets."""
        source = self.documents.all().get(name)
        if source is None:
            return {"name": name, "exists": False}
        found = self.parameters.get(source.secrets) if source.secrets else {}
        return {
            "name": name,
            "exists": True,
            "owner": self._owner(name),
            "path": webhook_path(name),
            "provider": source.provider,
            "connection": source.connection.name,
            "delivery": source.delivery,
            "flows": {
                flow: {"flow_id": each.flow_id, "ready_at": each.ready_at.isoformat()}
                for flow, each in source.flows.items()
            },
            "warnings": warnings(source),
            "subscription": self.subscription_drift.status(source),
            "secrets": {secret: bool(found.get(secret)) for secret in source.secrets},
        }

    def schemas_of(self, name: str) -> dict[str, Any]:
        """What the messages to a connection's flows must fit, for previews of messages.

        Raises:
            AdobeError: Adobe does not respond.
        """
        record = self._connection(name)
        connection, flows = connection_of(name, record), flows_of(record, {})
        schemas = read_schemas(self.schemas, connection, flows)
        return {
            "data_type": connection.data_type,
            "flows": {
                flow: _constraints(schemas[flow]) if flow in schemas else None for flow in flows
            },
            "namespaces": read_namespaces(self.namespaces, connection),
        }

    def repair(self, name: str) -> bool:
        """Register the webhook of a source again; False if nothing differed. Raises as `apply`."""
        source = self.documents.all().get(name)
        if source is None:
            raise InvalidPropertyError("source", f"there is no source {name}")
        return self.subscriptions.repair(source)

    def destroy(self, name: str, owner: str) -> bool:
        """Delete a source; False if there is none. Raises as `apply`."""
        return self.remove(name, owner) is not None

    def remove(self, name: str, owner: str) -> list[str] | None:
        """Delete the webhook at its vendor, the document and its pause.

        Returns what stays at a vendor, as sentences; None if there is no such source. Raises as
        `apply`: another call continues.
        """
        current = self._owner(name)
        if not current:
            return None
        require_owner(current, owner)
        path = resource_path(self.stage, "sources", name)
        parameters = [path, paused_parameter(path)]
        with self.subscriptions.removed(name) as notes:
            self.parameters.delete(parameters)
            # The owner last, since only the owner may delete the rest.
            self.parameters.delete([self._owner_parameter(name), f"{path}/{JOURNAL}"])
        self.documents.delete_unused_schemas()
        return notes

    def remove_if_owned(self, name: str, owner: str) -> list[str] | None:
        """Delete the source of this owner; returns and raises as `remove`."""
        return self.remove(name, owner) if self._owner(name) == owner else None

    def _prepared(self, source: Source, wanted: Registered | None) -> Prepared | None:
        return self.subscriptions.prepare(source, wanted) if wanted else None

    def _registers(self, name: str, prepared: Prepared | None) -> bool:
        """Whether a run changes anything at a vendor."""
        if prepared:
            return not prepared.is_done
        return not self.subscriptions.stored.record(name).is_empty

    def _source(
        self, properties: object, owner: str
    ) -> tuple[Source, Mapping[str, str], Registered | None]:
        """Validate everything before anything is written; also return the schemas to store."""
        parsed = source_properties(properties, self.stage)
        declared = declared_sender(parsed)
        # Published keys need no secret, and a missing one would be an error.
        secrets = parsed.secrets if needs_secrets(declared.scheme) else ()
        require_owner(self._owner(parsed.name), owner)
        record = self._connection(parsed.connection) if parsed.connection else None
        until = self._registration(parsed)
        wanted = registered(parsed, self.stage)
        checks = SecretChecks(self.parameters)
        if not until and not wanted:
            checks.require("Secrets", secrets)
            checks.require_readable(parsed.name, declared.scheme, secrets)
        checks.require("HandshakeSecrets", parsed.handshake_secrets)
        checks.require_path_tokens(parsed.path_tokens)
        existing = self.documents.all().get(parsed.name)
        connection, flows = NO_CONNECTION, dict[str, Flow]()
        namespaces: tuple[str, ...] | None = ()
        if record:
            connection = connection_of(parsed.connection or "", record)
            flows = flows_of(record, existing.flows if existing else {})
            namespaces = read_namespaces(self.namespaces, connection)
        schemas = read_schemas(self.schemas, connection, flows)
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
        return source, to_store, wanted

    def _registration(self, parsed: SourceProperties) -> datetime | None:
        """Until when the provider can register its secret; None once it exists."""
        if not parsed.registration or self.parameters.get(parsed.secrets):
            return None
        return self.now() + REGISTRATION_LIFETIME

    def _connection(self, name: str) -> ChainRecord:
        record = self.records.read(name)
        if not record.values:
            raise InvalidPropertyError("Connection", f"there is no connection {name}")
        if not record.is_usable():
            raise UnavailableError(
                f"connection {name} is being changed, or a change was interrupted; apply it first"
            )
        return record

    def _document(self, name: str) -> str:
        document = resource_path(self.stage, "sources", name)
        return self.parameters.get([document]).get(document, "")

    def _owner(self, name: str) -> str:
        parameter = self._owner_parameter(name)
        return self.parameters.get([parameter]).get(parameter, "")

    def _owner_parameter(self, name: str) -> str:
        return f"{resource_path(self.stage, 'sources', name)}/{OWNER}"


def _constraints(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema without titles, which a response could be too small for."""
    kept = {name: schema[name] for name in ("meta:class", "meta:extends") if name in schema}
    return {**constraints(schema), **kept}


def webhook_path(name: str) -> str:
    """The path of the webhook URL."""
    return f"/webhooks/{name}"
