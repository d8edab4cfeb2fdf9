"""Flow Service, as the provisioner uses it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bridge.errors import AdobeError
from tests.support.numbering import Numbers

OF_FLOW_SERVICE = ("flows", "sourceConnections", "targetConnections", "connections")


def nothing_on_call(call: str) -> None:
    """Default hook at each call."""


@dataclass
class FakeFlowService:
    """Flow Service in dictionaries: unique source ids, inlets, etags, and guards on deletion."""

    inlet_host: str = "dcs.adobedc.net"
    objects: dict[str, dict[str, dict[str, Any]]] = field(
        default_factory=lambda: {kind: {} for kind in OF_FLOW_SERVICE}
    )
    calls: list[str] = field(default_factory=list)
    numbers: Numbers = field(default_factory=Numbers)
    on_call: Callable[[str], None] = nothing_on_call

    def create(self, kind: str, body: Mapping[str, Any]) -> str:
        self._call("POST", kind)
        number = next(self.numbers)
        document = {**body, "id": f"00000000-0000-4000-8000-{number:012x}", "createdAt": number}
        if kind == "connections":
            document["auth"] = self._auth(body["auth"], number)
        self.objects[kind][document["id"]] = document | {"state": "enabled", "etag": '"0"'}
        return str(document["id"])

    def get(self, kind: str, object_id: str) -> dict[str, Any] | None:
        self._call("GET", kind)
        item = self.objects[kind].get(object_id)
        return {**item} if item else None

    def get_all(self, kind: str, object_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        self._call("GET", kind)
        there = self.objects[kind]
        return {each: {**there[each]} for each in object_ids if each in there}

    def find(self, kind: str, filters: Mapping[str, str]) -> list[dict[str, Any]]:
        self._call("LIST", kind)
        return [
            {**item}
            for item in self.objects[kind].values()
            if all(item[name] == value for name, value in filters.items())
        ]

    def patch(
        self, kind: str, object_id: str, etag: str, operations: Sequence[Mapping[str, Any]]
    ) -> None:
        self._call("PATCH", kind)
        item = self.objects[kind][object_id]
        if item["etag"] != etag:
            raise AdobeError("1404-412", status=412, retryable=False)
        for operation in operations:
            name, *rest = operation["path"].strip("/").split("/")
            if rest:
                changed = [*item[name]]
                changed[int(rest[0])] = operation["value"]
                item[name] = changed
            else:
                item[name] = operation["value"]
        item["etag"] = f'"{next(self.numbers)}"'

    def enable(self, flow_id: str) -> None:
        self._call("ENABLE", "flows")
        self.objects["flows"][flow_id] |= {"state": "enabled", "etag": f'"{next(self.numbers)}"'}

    def delete(self, kind: str, object_id: str) -> bool:
        self._call("DELETE", kind)
        for others in self.objects.values():
            for other in others.values():
                if object_id != other["id"] and object_id in str(other):
                    raise AdobeError("1447-400 in use", status=400, retryable=True)
        return self.objects[kind].pop(object_id, None) is not None

    def counted(self) -> Counter[str]:
        """How often each method was called."""
        return Counter(call.split()[0] for call in self.calls)

    def ids(self, kind: str) -> set[str]:
        """The ids of all objects of a kind."""
        return set(self.objects[kind])

    def total(self) -> int:
        """How many objects there are."""
        return sum(map(len, self.objects.values()))

    def _call(self, method: str, kind: str) -> None:
        self.calls.append(f"{method} {kind}")
        self.on_call(f"{method} {kind}")

    def _auth(self, auth: Mapping[str, Any], number: int) -> dict[str, Any]:
        params = auth["params"]
        others = (
            item["auth"]["params"]["sourceId"] for item in self.objects["connections"].values()
        )
        if params["sourceId"] in others:
            raise AdobeError("sourceId is taken", status=400, retryable=False)
        inlet_id = f"{number:064x}"
        inlet_url = f"https://{self.inlet_host}/collection/{inlet_id}"
        return {**auth, "params": {**params, "inletUrl": inlet_url, "inletId": inlet_id}}
