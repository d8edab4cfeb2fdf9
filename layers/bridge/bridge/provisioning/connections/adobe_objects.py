"""Access the objects of a chain at Adobe, whichever service manages them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, assert_never

from bridge.errors import AdobeError
from bridge.names import ChainLocation, Kind, Slot
from bridge.ports.adobe import Datasets, FlowService, MappingSets, SchemaLibrary
from bridge.provisioning.chain.comparison import Operation
from bridge.provisioning.chain.plan import Done, Kept, Step
from bridge.telemetry import logger

NAMED_BY_PROPERTIES: Final[tuple[Kind, ...]] = ("dataSets", "schemas", "fieldgroups")
"""The kinds whose names the properties choose."""


@dataclass(frozen=True, slots=True)
class Objects:
    """The services of a chain behind one interface; every method raises AdobeError."""

    flow_service: FlowService
    mapping_sets: MappingSets
    datasets: Datasets
    library: SchemaLibrary

    def get(self, kind: Kind, object_id: str) -> dict[str, Any] | None:
        """An object, or None if it does not exist."""
        match kind:
            case "mappingSets":
                return self.mapping_sets.get(object_id)
            case "dataSets":
                return self.datasets.get(object_id)
            case "schemas" | "fieldgroups":
                return self.library.get(kind, object_id)
            case "connections" | "sourceConnections" | "targetConnections" | "flows":
                return self.flow_service.get(kind, object_id)
            case other:
                assert_never(other)

    def get_all(self, kind: Kind, object_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The objects that exist, by their ids."""
        match kind:
            case "mappingSets":
                found = {each: self.mapping_sets.get(each) for each in object_ids}
                return {each: item for each, item in found.items() if item is not None}
            case "dataSets":
                return self.datasets.get_all(object_ids)
            case "schemas" | "fieldgroups":
                read = {each: self.library.get(kind, each) for each in object_ids}
                return {each: item for each, item in read.items() if item is not None}
            case "connections" | "sourceConnections" | "targetConnections" | "flows":
                return self.flow_service.get_all(kind, object_ids)
            case other:
                assert_never(other)

    def named(self, kind: Kind, name: str) -> list[dict[str, Any]]:
        """The objects of this name, oldest first."""
        match kind:
            case "mappingSets":
                found = self.mapping_sets.named(name)
            case "dataSets":
                found = self.datasets.named(name)
            case "schemas" | "fieldgroups":
                found = self.library.named(kind, name)
            case "connections" | "sourceConnections" | "targetConnections" | "flows":
                found = self.flow_service.find(kind, {"name": name})
            case other:
                assert_never(other)
        named = (item for item in found if item.get("name") == name)
        return sorted(named, key=lambda item: (str(item.get("createdAt", "")), item["id"]))

    def find_created(
        self, slot: Slot, name: str, connection: str, location: ChainLocation
    ) -> list[dict[str, Any]]:
        """Objects of this name that this installation created, oldest first.

        A mapping set has no description, but its name identifies the installation. The properties
        choose the name of some kinds, so their description says which flow they are for.
        """
        found = self.named(slot.kind, name)
        if slot.kind == "mappingSets":
            return found
        if slot.kind in NAMED_BY_PROPERTIES:
            return [each for each in found if location.created_for(connection, slot.flow, each)]
        return [each for each in found if location.created(each)]

    def create(self, kind: Kind, body: Mapping[str, Any]) -> str:
        """Create an object and return its id; never retried."""
        match kind:
            case "mappingSets":
                object_id = self.mapping_sets.create(body)
            case "dataSets":
                object_id = self.datasets.create(body)
            case "schemas" | "fieldgroups":
                object_id = self.library.create(kind, body)
            case "connections" | "sourceConnections" | "targetConnections" | "flows":
                object_id = self.flow_service.create(kind, body)
            case other:
                assert_never(other)
        logger.info("created", extra={"kind": kind, "id": object_id})
        return object_id

    def patch(self, kind: Kind, item: Mapping[str, Any], operations: Sequence[Operation]) -> None:
        """Change an object in place; where it has an etag, only if it is still as it was read."""
        if kind in ("schemas", "fieldgroups"):
            self.library.patch(kind, item["id"], operations)
        else:
            self.flow_service.patch(kind, item["id"], item["etag"], operations)

    def needed_by(self, kind: str, object_id: str) -> set[str]:
        """What an object that stays needs: a dataset its schema, a schema its field groups."""
        match kind:
            case "dataSets":
                dataset = self.datasets.get(object_id) or {}
                schema_id = (dataset.get("schemaRef") or {}).get("id")
                return {schema_id, *self.needed_by("schemas", schema_id)} if schema_id else set()
            case "schemas":
                return set((self.library.get("schemas", object_id) or {}).get("parts", ()))
        return set()

    def delete(self, step: Step) -> Done:
        """Delete an object, except a dataset that contains data; return what was done.

        A dataset is also kept if Adobe refuses to tell whether it contains data. It, a schema and a
        field group are kept if Adobe refuses to delete them: nothing else of the chain depends on
        them, and no repetition would succeed.
        """
        kind, object_id = step.slot.kind, step.object_id
        try:
            if kind == "dataSets" and self.datasets.holds_data(object_id):
                return kept(step, "it contains data; delete it in Experience Platform")
            if kind == "dataSets":
                was_there = self.datasets.delete(object_id)
            elif kind in ("schemas", "fieldgroups"):
                was_there = self.library.delete(kind, object_id)
            else:
                was_there = self.flow_service.delete(kind, object_id)
        except AdobeError as exc:
            if kind not in NAMED_BY_PROPERTIES or exc.retryable:
                raise
            return kept(step, str(exc))
        if not was_there:
            return replace(step, action="nothing", reason="Adobe no longer had it")
        logger.info("deleted", extra={"kind": kind, "id": object_id, "reason": step.reason})
        return step


def kept(step: Step, reason: str) -> Kept:
    """What is done with an object that is not deleted."""
    stays = Kept(step.slot.kind, step.object_id, step.slot.flow, reason)
    logger.warning(
        "not deleted", extra={"kind": stays.kind, "id": stays.object_id, "reason": reason}
    )
    return stays
