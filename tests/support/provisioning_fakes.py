"""Fakes for the ports of the provisioner, and a provisioner on top of them."""

import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from bridge.errors import AdobeError, UnavailableError, VendorError
from bridge.ports.adobe import Expiration, InletResponse
from bridge.provisioning.chain.plan import Step
from bridge.provisioning.chain.record import CLOSED, JOURNAL
from bridge.provisioning.connections.applied import Applied
from bridge.provisioning.connections.properties import parse_connection
from bridge.provisioning.provisioner import Dependencies, Provisioner
from tests.support.fakes import NOON, FakeClock, FakeParameters
from tests.support.schema_library_fakes import FakeSchemaLibrary
from tests.support.vendor_stand_ins import VendorStandIns

STAGE = "test"
OF_FLOW_SERVICE = ("flows", "sourceConnections", "targetConnections", "connections")
ORDERS_DATASET = "65f0c1a2b3d4e5f60718293a"
RETURNS_DATASET = "65f0c1a2b3d4e5f60718293b"
OTHER_DATASET = "65f0c1a2b3d4e5f60718293c"
SCHEMA = "https://ns.adobe.com/emulated/schemas/5f1c2d3e4a5b60718293a4b5c6d7e8f9"
OTHER_SCHEMA = "https://ns.adobe.com/emulated/schemas/00000000000000000000000000000000"
MAPPING_SET = "79a623960d3f4969835c9e00dc90c8df"
SECRET = "/inlet-bridge/test/secrets/github"
STACK = "arn:aws:cloudformation:eu-central-1:123456789012:stack/bridge/5b1c"


class KilledError(Exception):
    """The simulated process was killed."""


def nothing() -> None:
    """Default hook during a sleep."""


def nothing_on_call(call: str) -> None:
    """Default hook at each call."""


@dataclass
class Numbers:
    """0, 1, 2 and so on; unlike `itertools.count` it can be copied."""

    next: int = 0

    def __next__(self) -> int:
        self.next += 1
        return self.next - 1


type Way = Literal["before", "after", "5xx"]
"""When a call fails: before it, after it without a response, or after it with an error."""


@dataclass
class Cut:
    """Interrupts a run at its n-th call, in one of three ways or with an error.

    A killed process makes no further call; one that receives an error continues.
    """

    at: int | None = None
    way: Way = "before"
    error: Exception | None = None
    calls: list[str] = field(default_factory=list)
    dead: bool = False

    def call[T](self, name: str, work: Callable[[], T]) -> T:
        if self.dead:
            raise KilledError
        self.calls.append(name)
        if len(self.calls) != self.at:
            return work()
        if self.error:
            raise self.error
        self.dead = self.way != "5xx"
        if self.way != "before":
            work()
        if self.dead:
            raise KilledError
        if name.startswith("ssm"):
            raise UnavailableError("SSM: InternalServerError")
        if name.startswith("vendor"):
            raise VendorError("Subscription", "503", status=503, retryable=True)
        raise AdobeError("503", status=503, retryable=True)


class Cuttable:
    """A port of which every call can be interrupted."""

    def __init__(self, inner: Any, cut: Cut, service: str) -> None:
        self._inner, self._cut, self._service = inner, cut, service

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)

        def called(*args: Any) -> Any:
            what = f"{self._service} {name} {args[0] if args else ''}"
            return self._cut.call(what, lambda: method(*args))

        return called


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


@dataclass
class FakeMappingSets:
    """Data Prep in dictionaries; a source called `nonsense` does not validate.

    Attributes:
        given: the mapping sets that the bridge did not create.
        sets: those that it created.
    """

    given: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {MAPPING_SET: {"id": MAPPING_SET, "version": 9}}
    )
    sets: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def validate(self, body: Mapping[str, Any]) -> tuple[str, ...]:
        self.calls.append("VALIDATE mappingSets")
        sources = [mapping["source"] for mapping in body["mappings"]]
        return tuple(f"{source} cannot be read" for source in sources if source == "nonsense")

    def create(self, body: Mapping[str, Any]) -> str:
        self.calls.append("POST mappingSets")
        mapping_set_id = f"{len(self.sets):032x}"
        self.sets[mapping_set_id] = {**body, "id": mapping_set_id, "version": 0}
        return mapping_set_id

    def get(self, mapping_set_id: str) -> dict[str, Any] | None:
        self.calls.append("GET mappingSets")
        return self.sets.get(mapping_set_id) or self.given.get(mapping_set_id)

    def named(self, name: str) -> list[dict[str, Any]]:
        self.calls.append("LIST mappingSets")
        return [item for item in self.sets.values() if item["name"] == name]


@dataclass
class FakeDatasets:
    """Catalog in dictionaries.

    Attributes:
        given: the datasets that the bridge did not create.
        sets: those that it created.
        full: those with data.
    """

    given: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {
            ORDERS_DATASET: dataset(SCHEMA),
            RETURNS_DATASET: dataset(SCHEMA),
            OTHER_DATASET: dataset(OTHER_SCHEMA),
        }
    )
    sets: dict[str, dict[str, Any]] = field(default_factory=dict)
    full: set[str] = field(default_factory=set)
    numbers: Numbers = field(default_factory=Numbers)

    def create(self, body: Mapping[str, Any]) -> str:
        dataset_id = f"{next(self.numbers):024x}"
        self.sets[dataset_id] = {**body, "id": dataset_id}
        return dataset_id

    def get(self, dataset_id: str) -> dict[str, Any] | None:
        return self.sets.get(dataset_id) or self.given.get(dataset_id)

    def get_all(self, dataset_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        found = {**self.given, **self.sets}
        return {each: found[each] for each in dataset_ids if each in found}

    def named(self, name: str) -> list[dict[str, Any]]:
        return [item for item in self.sets.values() if item["name"] == name]

    def holds_data(self, dataset_id: str) -> bool:
        return dataset_id in self.full

    def delete(self, dataset_id: str) -> bool:
        return self.sets.pop(dataset_id, None) is not None


@dataclass
class FakeSchemas:
    """Schema Registry in a dictionary; the schemas have no fields at first.

    Attributes:
        created: those of `FakeSchemaLibrary`.
    """

    schemas: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {SCHEMA: {"type": "object"}, OTHER_SCHEMA: {"type": "object"}}
    )
    down: bool = False
    created: dict[str, dict[str, Any]] = field(default_factory=dict)

    def get(self, schema_id: str) -> dict[str, Any] | None:
        if self.down:
            raise AdobeError("503", status=503, retryable=True)
        if schema_id in self.created:
            return {"type": "object", "meta:class": self.created[schema_id]["class"]}
        return self.schemas.get(schema_id)


@dataclass
class FakeNamespaces:
    """Identity Service with a few namespaces."""

    known: tuple[str, ...] = ("ECID", "Email", "Phone")
    forbidden: bool = False

    def codes(self) -> tuple[str, ...]:
        if self.forbidden:
            raise AdobeError("403: no permission", status=403, retryable=False)
        return self.known


class FakeSandboxes:
    """Sandbox management with one development sandbox."""

    def type_of(self, name: str) -> str:
        return "development" if name == "dev" else ""


@dataclass
class FakeExpirations:
    """Data Hygiene in a dictionary."""

    expirations: dict[str, Expiration] = field(default_factory=dict)

    def open(self) -> Mapping[str, Expiration]:
        return self.expirations


@dataclass
class CountedParameters(FakeParameters):
    """Parameters that count writes."""

    writes: int = 0

    def put(self, name: str, value: str) -> None:
        super().put(name, value)
        self.writes += 1

    def delete(self, names: Iterable[str]) -> None:
        super().delete(names)
        self.writes += 1


@dataclass
class FakeVersions:
    """The same parameters with the versions that SSM counts."""

    inner: FakeParameters
    versions: dict[str, int] = field(default_factory=dict)

    def create(self, name: str, value: str) -> bool:
        if name in self.inner.values:
            return False
        self.overwrite(name, value)
        return True

    def read(self, name: str) -> tuple[str, int] | None:
        if name not in self.inner.values:
            return None
        return self.inner.values[name], self.versions[name]

    def overwrite(self, name: str, value: str) -> int:
        self.inner.values[name] = value
        self.versions[name] = self.versions.get(name, 0) + 1
        return self.versions[name]

    def remove(self, name: str) -> None:
        self.inner.values.pop(name, None)
        self.versions.pop(name, None)


@dataclass(frozen=True)
class FakeTenant:
    """The organization and the sandbox of the credentials."""

    org_id: str = "0A1B2C3D4E5F60718293A4B5@AdobeOrg"
    sandbox: str = "dev"


@dataclass
class Bench:
    """A provisioner with fakes; `slept` contains the seconds of each wait."""

    adobe: FakeFlowService = field(default_factory=FakeFlowService)
    mapping_sets: FakeMappingSets = field(default_factory=FakeMappingSets)
    datasets: FakeDatasets = field(default_factory=FakeDatasets)
    schemas: FakeSchemas = field(default_factory=FakeSchemas)
    namespaces: FakeNamespaces = field(default_factory=FakeNamespaces)
    expirations: FakeExpirations = field(default_factory=FakeExpirations)
    library: FakeSchemaLibrary = field(default_factory=FakeSchemaLibrary)
    parameters: CountedParameters = field(default_factory=CountedParameters)
    clock: FakeClock = field(default_factory=FakeClock)
    tenant: FakeTenant = field(default_factory=FakeTenant)
    slept: list[float] = field(default_factory=list)
    installation: str = "eu-central-1:123456789012"
    while_sleeping: Callable[[], None] = nothing
    cut: Cut = field(default_factory=Cut)
    tokens: list[str] = field(default_factory=lambda: ["token"])
    persistent_until: datetime = NOON
    refused_batches: str = ""
    vendors: VendorStandIns = field(default_factory=VendorStandIns)
    keys: Numbers = field(default_factory=Numbers)
    webhook_url: str = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"

    def __post_init__(self) -> None:
        self.parameters.values[SECRET] = "whsec_never_seen_anywhere"
        self.versions = FakeVersions(self.parameters)
        self.schemas.created = self.library.objects["schemas"]
        self.runs = Numbers()

    @property
    def values(self) -> dict[str, str]:
        """All SSM parameters."""
        return self.parameters.values

    def below(self, connection: str) -> dict[str, str]:
        """The SSM parameters below a connection's path, without a closed journal."""
        path = f"/inlet-bridge/{STAGE}/connections/{connection}/"
        return {
            name.removeprefix(path): value
            for name, value in self.values.items()
            if name.startswith(path) and (name, value) != (f"{path}{JOURNAL}", CLOSED)
        }

    def total(self) -> int:
        """The number of objects at Adobe without mapping sets."""
        return self.adobe.total() + len(self.datasets.sets) + len(self.library.ids())

    def set_cut(
        self, at: int | None = None, way: Way = "before", error: Exception | None = None
    ) -> Cut:
        """Count the calls from now on, and interrupt one."""
        self.cut = Cut(at, way, error)
        return self.cut

    def copy(self) -> "Bench":
        """A deep copy, for another sequence of requests."""
        twin: Bench = pickle.loads(pickle.dumps(self))  # noqa: S301 - faster than deepcopy
        twin.set_cut()
        return twin

    def provisioner(self) -> Provisioner:
        """A new process, as after a crash."""

        def cuttable(inner: object, service: str) -> Any:
            return Cuttable(inner, self.cut, service)

        return Provisioner.of(
            Dependencies(
                parameters=cuttable(self.parameters, "ssm"),
                journals=cuttable(self.versions, "ssm"),
                flow_service=cuttable(self.adobe, "flow-service"),
                mapping_sets=cuttable(self.mapping_sets, "data-prep"),
                datasets=cuttable(self.datasets, "catalog"),
                schemas=cuttable(self.schemas, "schema-registry"),
                library=cuttable(self.library, "schema-registry"),
                namespaces=cuttable(self.namespaces, "identity-service"),
                expirations=cuttable(self.expirations, "data-hygiene"),
                sandboxes=FakeSandboxes(),
                inlet=lambda *_: InletResponse(200, body=b'{"syncValidation":{"status":"pass"}}'),
                own_secrets=cuttable(self.parameters, "ssm"),
                vendors=cuttable(self.vendors, "vendor"),
                new_key=lambda: sha256(bytes([next(self.keys)])).digest(),
                tenant=lambda: self.tenant,
                token=self._token,
                check_host=self._check_host,
                check_batches=self._check_batches,
                delete_token=lambda: self.cut.call("ssm forget token", self.tokens.clear),
                new_run_id=lambda: f"run-{next(self.runs)}",
                now=self.clock,
                sleep=self._sleep,
                persist=self._persist,
            ),
            stage=STAGE,
            installation=self.installation,
            inlet_hosts=("dcs.adobedc.net",),
            webhook_url=self.webhook_url,
        )

    def plan(self, properties: object, owner: str) -> tuple[Step, ...]:
        """The steps of `apply`, in a new process."""
        return self.provisioner().connections.plan(parse_connection(properties), owner)

    def apply(self, properties: object, owner: str, **options: Any) -> Applied:
        """Apply the properties of a connection, in a new process."""
        return self.provisioner().connections.apply(parse_connection(properties), owner, **options)

    def _token(self) -> str:
        if not self.tokens:
            raise AdobeError(
                "IMS refused the credentials: 400 invalid_scope", status=400, retryable=False
            )
        return self.tokens[0]

    def _check_batches(self) -> None:
        if self.refused_batches:
            raise AdobeError(self.refused_batches, status=403, retryable=False)

    def _check_host(self, url: str) -> None:
        if "elsewhere" in url:
            raise AdobeError(f"{url} cannot be reached", status=None, retryable=True)

    def _persist(self, attempt: int, retry_after: str | None, reason: object) -> bool:
        if self.persistent_until <= self.clock():
            return False
        self._sleep(float(retry_after or 10))
        return True

    def _sleep(self, seconds: float) -> None:
        self.while_sleeping()
        self.slept.append(seconds)
        self.clock.advance(seconds)


def dataset(schema: str) -> dict[str, Any]:
    """A dataset that the bridge did not create, as Catalog returns it."""
    return {"name": "Given", "schemaRef": {"id": schema}, "state": "ACTIVE"}


def flow(name: str = "orders", dataset: str = "", **more: Any) -> dict[str, Any]:
    """An entry of `Flows`; by default with a dataset of its schema."""
    is_other = more.get("SchemaId") == OTHER_SCHEMA
    dataset_id = dataset or (OTHER_DATASET if is_other else ORDERS_DATASET)
    return {"Name": name, "DatasetId": dataset_id, "SchemaId": SCHEMA, **more}


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
    """A custom resource request."""
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
