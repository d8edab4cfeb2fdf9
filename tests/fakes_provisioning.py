"""Stand-ins for what the provisioner needs of the world, with the behaviour that matters."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bridge.chain.plan import DELETION_ORDER
from bridge.errors import AdobeError
from bridge.provisioning.provisioner import Provisioner, World
from tests.fakes import FakeClock, FakeParameters

STAGE = "test"
ORDERS_DATASET = "65f0c1a2b3d4e5f60718293a"
RETURNS_DATASET = "65f0c1a2b3d4e5f60718293b"
SCHEMA = "https://ns.adobe.com/emulated/schemas/5f1c2d3e4a5b60718293a4b5c6d7e8f9"
OTHER_SCHEMA = "https://ns.adobe.com/emulated/schemas/00000000000000000000000000000000"
MAPPING_SET = "79a623960d3f4969835c9e00dc90c8df"
SECRET = "/inlet-bridge/test/secrets/github"
STACK = "arn:aws:cloudformation:eu-central-1:123456789012:stack/bridge/5b1c"


class KilledError(Exception):
    """The process died here."""


@dataclass
class Fuse:
    """Burns through at the given moment; every call to the world has one before and one after."""

    at: int | None = None
    error: Exception = field(default_factory=KilledError)
    moments: int = 0

    def burn(self) -> None:
        self.moments += 1
        if self.moments == self.at:
            raise self.error


@dataclass
class FakeFlowService:
    """Flow Service in dictionaries: unique source ids, inlets, and guards on deletion."""

    fuse: Fuse = field(default_factory=Fuse)
    inlet_host: str = "dcs.adobedc.net"
    objects: dict[str, dict[str, dict[str, Any]]] = field(
        default_factory=lambda: {kind: {} for kind in DELETION_ORDER}
    )
    calls: list[str] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=count)

    def create(self, kind: str, body: Mapping[str, Any]) -> str:
        self._call("POST", kind)
        number = next(self.numbers)
        document = {**body, "id": f"00000000-0000-4000-8000-{number:012x}", "createdAt": number}
        if kind == "connections":
            document["auth"] = self._auth(body["auth"], number)
        self.objects[kind][document["id"]] = document
        self.fuse.burn()
        return str(document["id"])

    def get(self, kind: str, object_id: str) -> dict[str, Any] | None:
        self._call("GET", kind)
        return self.objects[kind].get(object_id)

    def find(self, kind: str, filters: Mapping[str, str]) -> list[dict[str, Any]]:
        self._call("LIST", kind)
        return [
            item
            for item in self.objects[kind].values()
            if all(item[name] == value for name, value in filters.items())
        ]

    def delete(self, kind: str, object_id: str) -> None:
        self._call("DELETE", kind)
        for others in self.objects.values():
            for other in others.values():
                if object_id != other["id"] and object_id in str(other):
                    raise AdobeError("1447-400 in use", status=400, retryable=True)
        self.objects[kind].pop(object_id, None)
        self.fuse.burn()

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
        self.fuse.burn()

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


@dataclass
class FusedParameters:
    """Parameters that can break off, and know how often they were written."""

    fuse: Fuse = field(default_factory=Fuse)
    inner: FakeParameters = field(default_factory=FakeParameters)
    writes: int = 0

    def get(self, names: Sequence[str]) -> dict[str, str]:
        return self.inner.get(names)

    def under(self, path: str) -> dict[str, str]:
        return self.inner.under(path)

    def put(self, name: str, value: str) -> None:
        self.fuse.burn()
        self.inner.put(name, value)
        self.writes += 1
        self.fuse.burn()

    def delete(self, names: Iterable[str]) -> None:
        self.fuse.burn()
        self.inner.delete(names)
        self.writes += 1
        self.fuse.burn()


@dataclass(frozen=True)
class FakeTenant:
    """Whose sandbox it is."""

    org_id: str = "0A1B2C3D4E5F60718293A4B5@AdobeOrg"
    sandbox: str = "dev"


@dataclass
class Bench:
    """A provisioner in a world of fakes; `slept` holds what it waited for, in seconds."""

    adobe: FakeFlowService = field(default_factory=FakeFlowService)
    parameters: FusedParameters = field(default_factory=FusedParameters)
    clock: FakeClock = field(default_factory=FakeClock)
    tenant: FakeTenant = field(default_factory=FakeTenant)
    slept: list[float] = field(default_factory=list)
    installation: str = "eu-central-1:123456789012"
    while_sleeping: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.parameters.inner.values[SECRET] = "whsec_never_seen_anywhere"

    @property
    def values(self) -> dict[str, str]:
        """What is in SSM."""
        return self.parameters.inner.values

    def below(self, connection: str) -> dict[str, str]:
        """What is in SSM below a connection's path."""
        path = f"/inlet-bridge/{STAGE}/connections/{connection}/"
        return {
            name.removeprefix(path): value
            for name, value in self.values.items()
            if name.startswith(path)
        }

    def set_fuse(self, fuse: Fuse) -> Fuse:
        """Put one fuse into Adobe and SSM."""
        self.adobe.fuse = self.parameters.fuse = fuse
        return fuse

    def provisioner(self) -> Provisioner:
        """A new process, as after a crash."""
        return Provisioner.of(
            World(
                parameters=self.parameters,
                flow_service=self.adobe,
                tenant=lambda: self.tenant,
                now=self.clock,
                sleep=self._sleep,
            ),
            stage=STAGE,
            installation=self.installation,
            inlet_hosts=("dcs.adobedc.net",),
            settling_seconds=300,
        )

    def _sleep(self, seconds: float) -> None:
        self.while_sleeping()
        self.slept.append(seconds)
        self.clock.advance(seconds)


def flow(name: str = "orders", dataset: str = ORDERS_DATASET, **more: Any) -> dict[str, Any]:
    """An entry of `Flows`."""
    return {"Name": name, "DatasetId": dataset, "SchemaId": SCHEMA, **more}


def connection(*flows: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Properties of a connection, as a template has them."""
    return {"Name": "orders", "Flows": list(flows or (flow(),)), **more}


def source(**more: Any) -> dict[str, Any]:
    """Properties of a source, as a template has them."""
    return {
        "Name": "github",
        "Provider": "github",
        "Secrets": [SECRET],
        "Connection": "orders",
        **more,
    }


def event(
    request: str,
    properties: Mapping[str, Any],
    physical_id: str | None = None,
    *,
    resource: str = "Custom::StreamingConnection",
    logical_id: str = "OrdersConnection",
    stack: str = STACK,
) -> dict[str, Any]:
    """What CloudFormation sends."""
    return {
        "RequestType": request,
        "ResponseURL": "https://cloudformation.example/answer?X-Amz-Signature=secret",
        "StackId": stack,
        "RequestId": "f5a1d2c3",
        "ResourceType": resource,
        "LogicalResourceId": logical_id,
        "ResourceProperties": {"ServiceToken": "arn:aws:lambda:x", **properties},
        **({"PhysicalResourceId": physical_id} if physical_id else {}),
    }
