"""Diagnose a deployment: each finding names the fix."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from bridge.errors import BridgeError
from bridge.names import Slot
from bridge.ports.adobe import IdentityNamespaces, Schemas
from bridge.ports.aws import Parameters
from bridge.provisioning.chain.desired import DesiredFlow
from bridge.provisioning.chain.record import ChainRecord
from bridge.provisioning.chain.request_bodies import dataset_id, schema_id
from bridge.provisioning.connections.adobe_objects import Objects
from bridge.provisioning.connections.properties import recorded_chain
from bridge.provisioning.records import Records
from bridge.provisioning.sources.checks import unchecked_flows
from bridge.provisioning.sources.documents import Documents
from bridge.sources.source import Source
from bridge.verification.stored_secrets import expected_form, stored_secret

# No object has this name: the request only checks the permission.
_NO_OBJECT = "inlet-bridge/doctor"
_SKIPPED = "the checks that need it were skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check.

    Attributes:
        advice: how to fix the problem; empty if there is none.
    """

    check: str
    advice: str = ""

    def as_document(self) -> dict[str, str | bool]:
        """The finding as JSON."""
        return {**asdict(self), "ok": not self.advice}


@dataclass(frozen=True, slots=True)
class Doctor:
    """Runs the checks; changes nothing and sends no message.

    Attributes:
        tenant: reads the credentials.
        token: has IMS issue a token to the stored credentials.
        check_host: connects to the host of a URL; raises AdobeError.
        check_batches: reads batches and failed records; raises AdobeError.
    """

    parameters: Parameters
    records: Records
    documents: Documents
    objects: Objects
    schemas: Schemas
    namespaces: IdentityNamespaces
    tenant: Callable[[], object]
    token: Callable[[], object]
    check_host: Callable[[str], object]
    check_batches: Callable[[], object]

    def examine(self) -> Iterator[Finding]:
        """Findings in order; the first that fails may cause the following ones."""
        for check, attempt in (
            ("the Adobe credentials can be read", self.tenant),
            ("IMS gives a token for their scopes", self.token),
        ):
            found = _check(check, attempt)
            if found.advice:
                yield Finding(check, f"{found.advice}; {_SKIPPED}")
                yield from self._stage(asks_adobe=False)
                return
            yield found
        yield _check(
            "Flow Service may be used in the sandbox",
            lambda: self.objects.named("connections", _NO_OBJECT),
        )
        yield _check("Data Prep may be used", lambda: self.objects.named("mappingSets", _NO_OBJECT))
        yield _check("Catalog may be used", lambda: self.objects.named("dataSets", _NO_OBJECT))
        yield _check("the Schema Registry may be used", self.objects.library.tenant)
        yield _check("batches and failed records may be read", self.check_batches)
        yield _check("the identity namespaces of the sandbox can be read", self.namespaces.codes)
        yield from self._stage(asks_adobe=True)

    def _stage(self, *, asks_adobe: bool) -> Iterator[Finding]:
        """Findings about the connections and sources; without Adobe, those of AWS only."""
        for name in self.records.names():
            record = self.records.read(name)
            yield from self._connection(name, record)
            if asks_adobe:
                yield from self._datasets(record)
        for name, source in self.documents.all().items():
            found = self.parameters.get(source.secrets)
            for secret in source.secrets:
                advice = _secret_advice(source, secret, found.get(secret, ""))
                yield Finding(f"source {name} has its secret {secret}", advice)
            if asks_adobe:
                yield from self._checks(name, source)

    def _connection(self, name: str, record: ChainRecord) -> Iterator[Finding]:
        advice = "" if record.is_usable() else f"inlet repair {name}, or deploy again"
        yield Finding(f"connection {name} is complete", advice)
        if inlet_url := record.values.get("inlet_url"):
            yield _check(
                f"the inlet of connection {name} can be reached", self.check_host, inlet_url
            )

    def _datasets(self, record: ChainRecord) -> Iterator[Finding]:
        desired = recorded_chain(record)
        for flow in desired.flows if desired else ():
            slots = (Slot("dataSets", flow.name), Slot("schemas", flow.name))
            ids = {slot: record.object_id(slot) for slot in slots}
            yield self._dataset(dataset_id(flow, ids), schema_id(flow, ids), flow)

    def _checks(self, name: str, source: Source) -> Iterator[Finding]:
        """Whether the messages of a source are compared with their schemas."""
        if source.connection.data_type == "raw":
            return
        unchecked = unchecked_flows(source)
        for flow in sorted(source.destinations() & source.flows.keys()):
            check = f"messages of source {name} to flow {flow} are checked with their schema"
            schema_id = source.flows[flow].schema_id
            advice = f"deploy source {name} again" if flow in unchecked else ""
            try:
                if self.schemas.get(schema_id) is None:
                    advice = f"the sandbox has no schema {schema_id}; correct SchemaId"
            except BridgeError as exc:
                advice = f"{exc}; then deploy source {name} again"
            yield Finding(check, advice)

    def _dataset(self, wanted: str, schema: str, flow: DesiredFlow) -> Finding:
        check = f"flow {flow.name} leads to dataset {wanted} with its schema"
        try:
            dataset = self.objects.get("dataSets", wanted)
        except BridgeError as exc:
            return Finding(check, str(exc))
        if dataset is None:
            return Finding(check, "there is no such dataset in the sandbox; correct DatasetId")
        actual = (dataset.get("schemaRef") or {}).get("id")
        if actual != schema:
            return Finding(check, f"its schema is {actual}; correct SchemaId")
        return Finding(check)


def _secret_advice(source: Source, secret: str, stored: str) -> str:
    if not stored.strip():
        return f"put the secret into {secret}"
    if stored_secret(source.scheme, stored):
        return ""
    return f"correct {secret}, which must be {expected_form(source.scheme)}"


def _check[*A](check: str, attempt: Callable[[*A], object], *arguments: *A) -> Finding:
    try:
        attempt(*arguments)
    except BridgeError as exc:
        return Finding(check, str(exc))
    return Finding(check)
