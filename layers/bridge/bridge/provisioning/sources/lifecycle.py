"""Plan, apply and delete sources; a source has no object at Adobe."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bridge.errors import InvalidPropertyError, UnavailableError
from bridge.names import resource_path
from bridge.ports.adobe import IdentityNamespaces, Schemas
from bridge.ports.aws import Parameters
from bridge.ports.process import Clock
from bridge.provisioning.chain.record import OWNER, ChainRecord
from bridge.provisioning.connections.records import Records
from bridge.provisioning.connections.schemas import read_schemas
from bridge.provisioning.ownership import require_owner
from bridge.provisioning.sources.builder import build_source
from bridge.provisioning.sources.checks import with_checks
from bridge.provisioning.sources.declaration import declared_sender, warnings
from bridge.provisioning.sources.documents import Documents, connection_of, flows_of
from bridge.provisioning.sources.namespaces import read_namespaces
from bridge.provisioning.sources.properties import SourceProperties, source_properties
from bridge.sources.configured import paused_parameter
from bridge.sources.source import Source
from bridge.verification.schemes import Scheme
from bridge.verification.stored_secrets import expected_form, stored_secret
from bridge.verification.verify import needs_secrets

MOST_BYTES = 8_192
"""The size limit of an SSM parameter, "Parameter tiers"."""
REGISTRATION_LIFETIME = timedelta(hours=1)
"""How long the provider can register its secret after the deployment."""

_PATH_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,128}")


@dataclass(frozen=True, slots=True)
class Sources:
    """Plans, applies and deletes sources."""

    parameters: Parameters
    records: Records
    documents: Documents
    schemas: Schemas
    namespaces: IdentityNamespaces
    stage: str
    now: Clock

    def plan(self, properties: object, owner: str) -> bool:
        """Whether `apply` would write a document; changes nothing. Raises as `apply`."""
        source, _ = self._source(properties, owner)
        return self._document(source.name) != source.to_document()

    def apply(self, properties: object, owner: str) -> tuple[Source, bool]:
        """Write the source's document; return the source, and whether it was written.

        Raises:
            InvalidPropertyError: nothing was changed.
            UnavailableError: the connection is being changed, or SSM does not respond.
        """
        source, schemas = self._source(properties, owner)
        owned_by = self._owner_parameter(source.name)
        if self._owner(source.name) != owner:
            self.parameters.put(owned_by, owner)
        return source, self.documents.put(source, schemas)

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
            "secrets": {secret: bool(found.get(secret)) for secret in source.secrets},
        }

    def destroy(self, name: str, owner: str) -> bool:
        """Delete the document and its pause; False if there is none. Raises as `apply`."""
        current = self._owner(name)
        if not current:
            return False
        require_owner(current, owner)
        path = resource_path(self.stage, "sources", name)
        self.parameters.delete([path, paused_parameter(path)])
        self.parameters.delete([self._owner_parameter(name)])
        self.documents.delete_unused_schemas()
        return True

    def delete_if_owned(self, name: str, owner: str) -> bool:
        """Delete the document of this owner; False if there is none."""
        return self._owner(name) == owner and self.destroy(name, owner)

    def _source(self, properties: object, owner: str) -> tuple[Source, Mapping[str, str]]:
        """Validate everything before anything is written; also return the schemas to store."""
        parsed = source_properties(properties, self.stage)
        declared = declared_sender(parsed)
        # Published keys need no secret, and a missing one would be an error.
        secrets = parsed.secrets if needs_secrets(declared.scheme) else ()
        require_owner(self._owner(parsed.name), owner)
        record = self._connection(parsed.connection)
        until = self._registration(parsed)
        if not until:
            self._require_secrets("Secrets", secrets)
            self._require_readable(parsed.name, declared.scheme, secrets)
        self._require_secrets("HandshakeSecrets", parsed.handshake_secrets)
        self._require_path_tokens(parsed.path_tokens)
        connection = connection_of(parsed.connection, record)
        existing = self.documents.all().get(parsed.name)
        flows = flows_of(record, existing.flows if existing else {})
        schemas = read_schemas(self.schemas, connection, flows)
        namespaces = read_namespaces(self.namespaces, connection)
        source = build_source(parsed, declared, connection, flows, schemas, namespaces=namespaces)
        source = replace(
            source,
            secrets=secrets,
            registration_until=until,
            schemas=existing.schemas if existing else {},
        )
        source, to_store = with_checks(source, schemas)
        if len(source.to_document().encode()) > MOST_BYTES:
            raise InvalidPropertyError(
                "Properties", f"would make a document of more than {MOST_BYTES} bytes"
            )
        return source, to_store

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

    def _require_secrets(self, name: str, secrets: Sequence[str]) -> None:
        found = self.parameters.get(secrets) if secrets else {}
        for index, secret in enumerate(secrets):
            if secret not in found:
                raise InvalidPropertyError(f"{name}.{index}", f"{secret} does not exist")
            if not found[secret].strip():
                raise InvalidPropertyError(f"{name}.{index}", f"{secret} is empty")

    def _require_readable(self, name: str, scheme: Scheme, secrets: Sequence[str]) -> None:
        """Reject a secret that no webhook could be verified with; its value is never quoted."""
        found = self.parameters.get(secrets) if secrets else {}
        for index, secret in enumerate(secrets):
            if not stored_secret(scheme, found[secret]):
                raise InvalidPropertyError(
                    f"Secrets.{index}",
                    f"{secret} of source {name} must be {expected_form(scheme)}",
                )

    def _require_path_tokens(self, references: Sequence[str]) -> None:
        self._require_secrets("PathTokens", references)
        found = self.parameters.get(references) if references else {}
        for index, reference in enumerate(references):
            if not _PATH_TOKEN.fullmatch(found[reference]):
                raise InvalidPropertyError(
                    f"PathTokens.{index}",
                    f"{reference} must contain 16-128 letters, digits, - or _",
                )

    def _document(self, name: str) -> str:
        document = resource_path(self.stage, "sources", name)
        return self.parameters.get([document]).get(document, "")

    def _owner(self, name: str) -> str:
        parameter = self._owner_parameter(name)
        return self.parameters.get([parameter]).get(parameter, "")

    def _owner_parameter(self, name: str) -> str:
        return f"{resource_path(self.stage, 'sources', name)}/{OWNER}"


def webhook_path(name: str) -> str:
    """The path of the webhook URL."""
    return f"/webhooks/{name}"
