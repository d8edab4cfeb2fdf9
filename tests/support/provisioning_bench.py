"""A provisioner with fakes."""

import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from bridge.errors import AdobeError
from bridge.ports.adobe import InletResponse
from bridge.provisioning.chain.journal_entry import CLOSED
from bridge.provisioning.chain.plan import Step
from bridge.provisioning.chain.record import JOURNAL
from bridge.provisioning.connections.applied import Applied
from bridge.provisioning.connections.properties import parse_connection
from bridge.provisioning.provisioner import Dependencies, Provisioner
from tests.support.adobe_fakes import (
    FakeDatasets,
    FakeExpirations,
    FakeMappingSets,
    FakeNamespaces,
    FakeSandboxes,
    FakeSchemas,
    FakeTenant,
)
from tests.support.declarations import SECRET
from tests.support.fakes import NOON, FakeClock
from tests.support.flow_service_fakes import FakeFlowService
from tests.support.interruptions import Cut, Cuttable, Way
from tests.support.numbering import Numbers
from tests.support.parameter_fakes import CountedParameters, FakeVersions
from tests.support.schema_library_fakes import FakeSchemaLibrary
from tests.support.vendor_stand_ins import VendorStandIns

STAGE = "test"


def nothing() -> None:
    """Default hook during a sleep."""


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
