"""Connections: what must exist at Adobe, and the ids of it in SSM."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bridge.chain.desired import DesiredChain
from bridge.chain.names import KINDS, Place, Slot
from bridge.chain.plan import Step, deletion_order, plan
from bridge.chain.record import CHANGING, OWNER, ChainRecord
from bridge.errors import InvalidPropertyError, UnavailableError
from bridge.ports import FlowService, Sleep
from bridge.provisioning.builder import Builder
from bridge.provisioning.connection_properties import desired_chain
from bridge.provisioning.documents import SOURCE_DOCUMENT_TTL, Documents
from bridge.provisioning.ownership import RETAINED, require_free
from bridge.provisioning.records import Records


class Tenant(Protocol):
    """Whose sandbox the credentials open."""

    @property
    def org_id(self) -> str:
        """The IMS organisation."""

    @property
    def sandbox(self) -> str:
        """The sandbox's name."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What `Connections.apply` did: the record as it is now, and the steps to it."""

    desired: DesiredChain
    record: ChainRecord
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Connections:
    """Plans, applies and destroys connections.

    Attributes:
        tenant: reads the credentials; raises UnavailableError.
        installation: the AWS region and account, see `Place`.
    """

    records: Records
    documents: Documents
    flow_service: FlowService
    builder: Builder
    tenant: Callable[[], Tenant]
    installation: str
    sleep: Sleep

    def plan(self, properties: object, owner: str) -> tuple[Step, ...]:
        """What `apply` would do; changes nothing. Raises as `apply`."""
        desired = desired_chain(properties)
        return self._plan(desired, self._place(), owner)[0]

    def apply(self, properties: object, owner: str) -> Applied:
        """Make the chain what the properties say.

        What is replaced is deleted last: after the ids and the source documents name its
        successor, and after every receiver has let go of the old documents.

        Raises:
            InvalidPropertyError: nothing was changed.
            AdobeError, UnavailableError: applying again goes on where this stopped.
        """
        desired = desired_chain(properties)
        place = self._place()
        steps, objects, before = self._plan(desired, place, owner)
        record = self.records.open(desired.name, before)
        record.put(OWNER, owner)
        self.builder.build(desired, place, steps, objects, record)
        after = record.record
        sources = self.documents.of_connection(desired.name)
        self.documents.point_to(sources, desired.name, after)
        record.remove([CHANGING])
        deletions = [step for step in steps if step.action == "delete"]
        if deletions and sources:
            self.sleep(SOURCE_DOCUMENT_TTL)
        in_use = {after.object_id(slot) for slot in after.slots()}
        self.builder.take_down(deletions, record, in_use)
        return Applied(desired, after, steps)

    def status(self, name: str) -> dict[str, Any]:
        """What is recorded, whether Adobe has it, and which sources use it."""
        record = self.records.read(name)
        return {
            "name": name,
            "owner": record.owner,
            "usable": record.is_usable(),
            "parameters": dict(sorted(record.values.items())),
            "objects": [
                {
                    "kind": slot.kind,
                    "flow": slot.flow,
                    "id": object_id,
                    "found": self.flow_service.get(slot.kind, object_id) is not None,
                }
                for slot in record.slots()
                if (object_id := record.object_id(slot))
            ],
            "sources": [source.name for source in self.documents.of_connection(name)],
        }

    def require_unused(self, name: str) -> None:
        """Raise InvalidPropertyError when a source still sends to the connection."""
        if sources := self.documents.of_connection(name):
            used_by = ", ".join(source.name for source in sources)
            raise InvalidPropertyError("connection", f"{name} is used by the sources {used_by}")

    def destroy(self, name: str, owner: str) -> tuple[Step, ...]:
        """Delete the chain and its parameters; what does not exist is fine.

        Raises:
            InvalidPropertyError: somebody else holds the name.
            AdobeError, UnavailableError: destroying again goes on where this stopped.
        """
        before = self.records.read(name)
        if not before.owner:
            return ()
        require_free(before.owner, owner)
        place = self._place()
        _require_same_place(name, before, place)
        steps = deletion_order([*self._recorded(before), *self._unrecorded(name, before, place)])
        record = self.records.open(name, before)
        self.builder.take_down(steps, record)
        record.erase()
        return steps

    def release(self, name: str, owner: str) -> bool:
        """`destroy`, unless it is not the owner's; False if there was nothing to do."""
        if self.records.read(name).owner != owner:
            return False
        self.destroy(name, owner)
        return True

    def retain(self, name: str, owner: str) -> bool:
        """Leave everything as it is, for whoever wants it next; False if there is nothing."""
        record = self.records.read(name)
        if record.owner != owner:
            return False
        self.records.open(name, record).put(OWNER, RETAINED)
        return True

    def _place(self) -> Place:
        tenant = self.tenant()
        return Place(self.records.stage, tenant.org_id, tenant.sandbox, self.installation)

    def _plan(
        self, desired: DesiredChain, place: Place, owner: str
    ) -> tuple[tuple[Step, ...], dict[Slot, Mapping[str, Any]], ChainRecord]:
        record = self.records.read(desired.name)
        require_free(record.owner, owner)
        _require_same_place(desired.name, record, place)
        self._require_routed_flows(desired)
        objects: dict[Slot, Mapping[str, Any]] = {}
        for slot in desired.slots():
            object_id = record.object_id(slot)
            found = self.flow_service.get(slot.kind, object_id) if object_id else None
            if found is not None:
                objects[slot] = found
        cut_off = CHANGING in record.values
        strays = self._unrecorded(desired.name, record, place) if cut_off else ()
        return plan(desired, place, record, objects, strays), objects, record

    def _require_routed_flows(self, desired: DesiredChain) -> None:
        flows = {flow.name for flow in desired.flows}
        for source in self.documents.of_connection(desired.name):
            for route in source.routes:
                if route.flow not in flows:
                    raise InvalidPropertyError(
                        "Flows", f"source {source.name} still routes to flow {route.flow}"
                    )

    def _recorded(self, record: ChainRecord) -> list[Step]:
        current = [(slot, record.object_id(slot)) for slot in record.slots()]
        former = [(Slot(kind), object_id) for kind, object_id in record.former()]
        return [
            Step("delete", slot, object_id, "it is recorded")
            for slot, object_id in (*current, *former)
            if object_id
        ]

    def _unrecorded(self, name: str, record: ChainRecord, place: Place) -> list[Step]:
        """Objects whose ids were lost together with the answer that held them."""
        found = self.builder.find("connections", place.object_name(name), place.description)
        bases = {record.object_id(Slot("connections")), *(item["id"] for item in found)} - {""}
        below = [
            item["name"]
            for base in sorted(bases)
            for item in self.flow_service.find("sourceConnections", {"baseConnectionId": base})
        ]
        flows = {*record.flows(), *(place.flow_of(name, text) for text in below)} - {""}
        slots = [Slot("connections")]
        slots += [Slot(kind, flow) for flow in sorted(flows) for kind in KINDS[1:]]
        return [
            Step("delete", slot, item["id"], "it has the name")
            for slot in slots
            for item in self.builder.find(
                slot.kind, place.object_name(name, slot.flow), place.description
            )
        ]


def _require_same_place(name: str, record: ChainRecord, place: Place) -> None:
    """With other credentials nothing would be found, and everything made a second time."""
    org_id = record.values.get("org_id", place.org_id)
    sandbox = record.values.get("sandbox", place.sandbox)
    if (org_id, sandbox) != (place.org_id, place.sandbox):
        raise UnavailableError(
            f"connection {name} is in sandbox {sandbox} of {org_id}, but the credentials "
            f"are for sandbox {place.sandbox} of {place.org_id}"
        )
