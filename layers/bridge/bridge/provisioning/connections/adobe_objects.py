"""All objects of a chain at Adobe, whichever of its services keeps them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from bridge.names import ChainLocation, Kind
from bridge.ports.adobe import Datasets, FlowService, MappingSets
from bridge.telemetry import logger


@dataclass(frozen=True, slots=True)
class Objects:
    """Flow Service, Data Prep and Catalog behind one set of methods, which raise AdobeError."""

    flow_service: FlowService
    mapping_sets: MappingSets
    datasets: Datasets

    def get(self, kind: Kind, object_id: str) -> dict[str, Any] | None:
        """Read an object, or None when there is none."""
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
        """Read the objects that exist, by their ids."""
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

    def ours(self, kind: Kind, name: str, place: ChainLocation) -> list[dict[str, Any]]:
        """Objects that this installation made under this name, oldest first.

        A mapping set has no description, but its name tells the installation.
        """
        found = self.named(kind, name)
        return [item for item in found if kind == "mappingSets" or place.made(item)]

    def create(self, kind: Kind, body: Mapping[str, Any]) -> str:
        """POST an object and give its id; never tried twice."""
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

    def delete(self, kind: Kind, object_id: str, why: str) -> None:
        """Delete an object, except a dataset that holds data; one that is gone is fine."""
        if kind == "dataSets":
            if self.datasets.holds_data(object_id):
                logger.warning("a dataset stays, since it holds data", extra={"id": object_id})
                return
            self.datasets.delete(object_id)
        else:
            self.flow_service.delete(kind, object_id)
        logger.info("deleted", extra={"kind": kind, "id": object_id, "why": why})
