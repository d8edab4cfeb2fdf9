"""Plan, apply and delete sources; only a `Subscription` is an object elsewhere."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bridge.errors import BridgeError, InvalidPropertyError, VendorError
from bridge.names import NAME, resource_path
from bridge.ports.aws import Parameters
from bridge.provisioning.chain.record import JOURNAL
from bridge.provisioning.ownership import SourceOwners, require_owner
from bridge.provisioning.sources.declaration import warnings
from bridge.provisioning.sources.documents import Documents
from bridge.provisioning.sources.planned_connection import PlannedConnection
from bridge.provisioning.sources.preparation import SourcePreparation
from bridge.provisioning.subscriptions.drift import SubscriptionDrift
from bridge.provisioning.subscriptions.lifecycle import Subscriptions
from bridge.provisioning.subscriptions.preparation import Prepared
from bridge.provisioning.subscriptions.record import Registered
from bridge.sources.configured import paused_parameter, paused_since
from bridge.sources.source import Source


@dataclass(frozen=True, slots=True)
class Sources:
    """Plans, applies and deletes sources."""

    parameters: Parameters
    documents: Documents
    owners: SourceOwners
    preparation: SourcePreparation
    subscriptions: Subscriptions
    subscription_drift: SubscriptionDrift
    stage: str

    def plan(
        self, properties: object, owner: str, planned: PlannedConnection | None = None
    ) -> tuple[Source, bool]:
        """The source, and whether `apply` would write or register anything; changes nothing.

        Args:
            properties: of the source.
            owner: the stack and the resource, or `DIRECT`.
            planned: its connection as it will be; None if it is applied already.

        Raises as `apply`.
        """
        source, _, registered = self.preparation.prepare(properties, owner, planned)
        prepared = self._prepared(source, registered)
        return source, self._document(source.name) != source.to_document() or self._registers(
            source.name, prepared
        )

    def owner_of(self, properties: object) -> str:
        """The owner of the source with the name of these properties; empty without one."""
        name = str(properties.get("Name")) if isinstance(properties, Mapping) else ""
        return self.owners.of(name) if NAME.fullmatch(name) else ""

    def apply(self, properties: object, owner: str) -> tuple[Source, bool]:
        """Write the source's document; return the source, and whether anything was written.

        With a `Subscription`, also register the webhook at its vendor; without, remove it.

        Raises:
            InvalidPropertyError: nothing was changed.
            UnavailableError: the connection is being changed, or SSM does not respond.
            VendorError: the vendor rejects the webhook, or does not respond. If the source is new
                and another run would fail as well, everything is deleted again.
        """
        source, schemas, registered = self.preparation.prepare(properties, owner)
        prepared = self._prepared(source, registered)
        before = self.owners.of(source.name)
        if before != owner:
            self.owners.put(source.name, owner)
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
        pause = paused_parameter(resource_path(self.stage, "sources", name))
        found = self.parameters.get([*source.secrets, pause])
        return {
            "name": name,
            "exists": True,
            "owner": self.owners.of(name),
            "path": webhook_path(name),
            "provider": source.provider,
            "connection": source.connection.name,
            "delivery": source.delivery,
            "paused_since": paused_since(found, pause),
            "flows": {
                flow: {"flow_id": each.flow_id, "ready_at": each.ready_at.isoformat()}
                for flow, each in source.flows.items()
            },
            "warnings": warnings(source),
            "subscription": self.subscription_drift.status(source),
            "secrets": {secret: bool(found.get(secret)) for secret in source.secrets},
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
        current = self.owners.of(name)
        if not current:
            return None
        require_owner(current, owner)
        path = resource_path(self.stage, "sources", name)
        parameters = [path, paused_parameter(path)]
        with self.subscriptions.removed(name) as notes:
            self.parameters.delete(parameters)
            # The owner last, since only the owner may delete the rest.
            self.parameters.delete([self.owners.parameter(name), f"{path}/{JOURNAL}"])
        self.documents.delete_unused_schemas()
        return notes

    def remove_if_owned(self, name: str, owner: str) -> list[str] | None:
        """Delete the source of this owner; returns and raises as `remove`."""
        return self.remove(name, owner) if self.owners.of(name) == owner else None

    def _prepared(self, source: Source, wanted: Registered | None) -> Prepared | None:
        return self.subscriptions.prepare(source, wanted) if wanted else None

    def _registers(self, name: str, prepared: Prepared | None) -> bool:
        """Whether a run changes anything at a vendor."""
        if prepared:
            return not prepared.is_done
        return not self.subscriptions.stored.record(name).is_empty

    def _document(self, name: str) -> str:
        document = resource_path(self.stage, "sources", name)
        return self.parameters.get([document]).get(document, "")


def webhook_path(name: str) -> str:
    """The path of the webhook URL."""
    return f"/webhooks/{name}"
