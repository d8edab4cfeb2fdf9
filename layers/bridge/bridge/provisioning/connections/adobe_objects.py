"""Access the objects of a chain at Adobe, whichever service manages them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, assert_never

from bridge.errors import AdobeError
from bridge.names import ChainLocation, Kind
from bridge.ports.adobe import Datasets, FlowService, MappingSets
from bridge.provisioning.chain.plan import Done, Kept, Step
from bridge.telemetry import logger


@dataclass(frozen=True, slots=True)
class Objects:
    """Flow Service, Data Prep and Catalog behind one interface; every method raises AdobeError."""

    flow_service: FlowService
    mapping_sets: MappingSets
    datasets: Datasets

    def get(self, kind: Kind, object_id: str) -> dict[str, Any] | None:
        """An object, or None if it does not exist."""
        match kind:
            case "mappingSets":
                return self.mapping_sets.get(object_id)
            case "dataSets":
                return self.datasets.get(object_id)
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
            case "connections" | "sourceConnections" | "targetConnections" | "flows":
                found = self.flow_service.find(kind, {"name": name})
            case other:
                assert_never(other)
        named = (item for item in found if item.get("name") == name)
        return sorted(named, key=lambda item: (str(item.get("createdAt", "")), item["id"]))

    def find_created(self, kind: Kind, name: str, location: ChainLocation) -> list[dict[str, Any]]:
        """Objects of this name that this installation created, oldest first.

        A mapping set has no description, but its name identifies the installation.
        """
        found = self.named(kind, name)
        return [item for item in found if kind == "mappingSets" or location.created(item)]

    def create(self, kind: Kind, body: Mapping[str, Any]) -> str:
        """Create an object and return its id; never retried."""
        match kind:
            case "mappingSets":
                object_id = self.mapping_sets.create(body)
            case "dataSets":
                object_id = self.datasets.create(body)
            case "connections" | "sourceConnections" | "targetConnections" | "flows":
                object_id = self.flow_service.create(kind, body)
            case other:
                assert_never(other)
        logger.info("created", extra={"kind": kind, "id": object_id})
        return object_id

    def delete(self, step: Step) -> Done:
        """Delete an object, except a dataset that contains data; return what was done.

        A dataset is also kept if Adobe refuses to tell whether it contains data, or to delete it:
        nothing else depends on it, and no repetition would succeed.
        """
        kind, object_id = step.slot.kind, step.object_id
        try:
            if kind == "dataSets" and self.datasets.holds_data(object_id):
                return _kept(step, "it contains data; delete it in Experience Platform")
            if kind == "dataSets":
                was_there = self.datasets.delete(object_id)
            else:
                was_there = self.flow_service.delete(kind, object_id)
        except AdobeError as exc:
            if kind != "dataSets" or exc.retryable:
                raise
            return _kept(step, str(exc))
        if not was_there:
            return replace(step, action="nothing", reason="Adobe no longer had it")
        logger.info("deleted", extra={"kind": kind, "id": object_id, "reason": step.reason})
        return step


def _kept(step: Step, reason: str) -> Kept:
    kept = Kept(step.slot.kind, step.object_id, step.slot.flow, reason)
    logger.warning("not deleted", extra={"kind": kept.kind, "id": kept.object_id, "reason": reason})
    return kept
