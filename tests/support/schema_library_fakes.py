"""A fake for the part of the Schema Registry that the bridge changes."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from bridge.errors import AdobeError

EVENT = "https://ns.adobe.com/xdm/context/experienceevent"
PROFILE = "https://ns.adobe.com/xdm/context/profile"
COMMERCE = "https://ns.adobe.com/xdm/context/experienceevent-commerce"
CONTACT = "https://ns.adobe.com/xdm/context/profile-personal-details"
_TEXT = {"type": "string"}


def _components() -> dict[str, dict[str, Any]]:
    address = {"type": "object", "properties": {"address": _TEXT}}
    return {
        EVENT: {"properties": {"_id": _TEXT, "identityMap": {"type": "object"}}},
        PROFILE: {"properties": {"personID": _TEXT}},
        COMMERCE: {"meta:intendedToExtend": [EVENT], "properties": {}},
        CONTACT: {"meta:intendedToExtend": [PROFILE], "properties": {"personalEmail": address}},
    }


@dataclass
class FakeSchemaLibrary:
    """Schemas and field groups in dictionaries: unique titles, and guards on deletion.

    Attributes:
        used: `$id` of schemas that datasets have.
    """

    objects: dict[str, dict[str, dict[str, Any]]] = field(
        default_factory=lambda: {"schemas": {}, "fieldgroups": {}}
    )
    components: dict[str, dict[str, Any]] = field(default_factory=_components)
    used: set[str] = field(default_factory=set)
    number: int = 0

    def tenant(self) -> str:
        return "acme"

    def component(self, kind: str, component_id: str) -> dict[str, Any] | None:
        return self.components.get(component_id)

    def create(self, kind: str, body: Mapping[str, Any]) -> str:
        taken = {each["name"] for items in self.objects.values() for each in items.values()}
        if body["name"] in taken:
            raise AdobeError("400 Title must be unique", status=400, retryable=False)
        self.number += 1
        segment = "schemas" if kind == "schemas" else "mixins"
        object_id = f"https://ns.adobe.com/acme/{segment}/{self.number:048x}"
        late = {"identities": [], "profile": False} if kind == "schemas" else {}
        self.objects[kind][object_id] = {**deepcopy(dict(body)), **late, "id": object_id}
        return object_id

    def get(self, kind: str, object_id: str) -> dict[str, Any] | None:
        return deepcopy(self.objects[kind].get(object_id))

    def named(self, kind: str, name: str) -> list[dict[str, Any]]:
        return [deepcopy(each) for each in self.objects[kind].values() if each["name"] == name]

    def patch(self, kind: str, object_id: str, operations: Sequence[Mapping[str, Any]]) -> None:
        item = self.objects[kind][object_id]
        for operation in operations:
            first, *rest = operation["path"].strip("/").split("/")
            value = deepcopy(operation["value"])
            if first == "identities":
                self.number += 1
                kept = [each for each in item[first] if each["@id"] != rest[0]]
                at = rest[0] if operation["op"] == "replace" else f"{self.number:040x}"
                item[first] = [*kept, {**value, "@id": at}]
            elif rest == ["-"]:
                item[first].append(value)
            elif rest:
                holder = item[first]
                for name in rest[:-1]:
                    holder = holder[name]
                holder[rest[-1]] = value
            else:
                item[first] = value

    def delete(self, kind: str, object_id: str) -> bool:
        if object_id in self.used or any(
            object_id in schema["parts"] for schema in self.objects["schemas"].values()
        ):
            raise AdobeError("400 it is used", status=400, retryable=False)
        return self.objects[kind].pop(object_id, None) is not None

    def ids(self) -> set[str]:
        """The ids of all objects."""
        return {object_id for kind in self.objects.values() for object_id in kind}
