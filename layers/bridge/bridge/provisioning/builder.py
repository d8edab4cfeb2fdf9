"""Carries out a plan at Adobe, and writes down each fact as soon as it is known."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bridge.chain.bodies import body, differences
from bridge.chain.desired import DesiredChain
from bridge.chain.inlet import read_inlet
from bridge.chain.names import Kind, Place, Slot
from bridge.chain.plan import Step
from bridge.chain.record import CHANGING
from bridge.errors import AdobeError
from bridge.ports import Clock, FlowService, Sleep
from bridge.provisioning.records import OpenRecord
from bridge.telemetry import logger

# Before looking for what a POST may have made although it failed, in seconds.
_PAUSES = (1.0, 3.0)


@dataclass(frozen=True, slots=True)
class Builder:
    """Creates, adopts and deletes objects of one chain at a time.

    Attributes:
        settling: how long a new flow is given before it gets messages.
        inlet_hosts: where an inlet may be.
    """

    flow_service: FlowService
    now: Clock
    sleep: Sleep
    settling: timedelta
    inlet_hosts: Collection[str]

    def build(
        self,
        desired: DesiredChain,
        place: Place,
        steps: Collection[Step],
        objects: Mapping[Slot, Mapping[str, Any]],
        record: OpenRecord,
    ) -> None:
        """Make what is missing; what it replaces stays, and is recorded as former.

        Args:
            desired: what the steps lead to.
            place: makes the names.
            steps: from `chain.plan.plan`.
            objects: what the plan was made from.
            record: is written after every step.

        Raises:
            AdobeError, UnavailableError: building can go on later from what is recorded.
        """
        if any(step.action != "keep" for step in steps):
            record.put("org_id", place.org_id)
            record.put("sandbox", place.sandbox)
            record.put(CHANGING, self.now().isoformat())
        ids: dict[Slot, str] = {}
        for step in steps:
            if step.action == "delete":
                continue
            if step.action == "keep":
                object_id = step.object_id
            else:
                object_id = self._ensure(step.slot.kind, body(step.slot, desired, place, ids))
            # It may have been on its way out when an earlier change was cut off.
            record.forget(step.slot.kind, object_id)
            if step.action == "replace":
                record.retire(step.slot, step.object_id, self.now())
            ids[step.slot] = object_id
            if step.slot.kind == "connections":
                connection = objects[step.slot] if step.action == "keep" else self._read(object_id)
                self._record_base(object_id, connection, desired, record)
            else:
                self._record_below(step, object_id, desired, record)
        self._drop_removed_flows(desired, record)

    def take_down(
        self, steps: Collection[Step], record: OpenRecord, in_use: Collection[str] = ()
    ) -> None:
        """Delete what the steps name, except what is in use again.

        Raises:
            AdobeError, UnavailableError: what is left is still recorded.
        """
        for step in steps:
            if step.object_id not in in_use:
                self.flow_service.delete(step.slot.kind, step.object_id)
                logger.info(
                    "deleted",
                    extra={"kind": step.slot.kind, "id": step.object_id, "why": step.reason},
                )
            record.forget(step.slot.kind, step.object_id)

    def find(self, kind: Kind, name: str, description: str) -> list[dict[str, Any]]:
        """Objects that this installation made under this name, oldest first."""
        found = self.flow_service.find(kind, {"name": name})
        ours = (
            item
            for item in found
            if item.get("name") == name and item.get("description") == description
        )
        return sorted(ours, key=lambda item: (item.get("createdAt", 0), item["id"]))

    def _ensure(self, kind: Kind, wanted: Mapping[str, Any]) -> str:
        """Look before each POST: one whose answer was lost made its object all the same."""
        for pause in _PAUSES:
            if existing := self._existing(kind, wanted):
                return existing
            try:
                return self._create(kind, wanted)
            except AdobeError as exc:
                if not exc.retryable:
                    raise
                self.sleep(pause)
        return self._existing(kind, wanted) or self._create(kind, wanted)

    def _existing(self, kind: Kind, wanted: Mapping[str, Any]) -> str:
        for item in self.find(kind, wanted["name"], wanted["description"]):
            if not differences(kind, wanted, item):
                logger.info("adopted", extra={"kind": kind, "id": item["id"]})
                return str(item["id"])
        return ""

    def _create(self, kind: Kind, wanted: Mapping[str, Any]) -> str:
        object_id = self.flow_service.create(kind, wanted)
        logger.info("created", extra={"kind": kind, "id": object_id})
        return object_id

    def _read(self, base_id: str) -> dict[str, Any]:
        """The answer to a POST holds no inlet."""
        connection = self.flow_service.get("connections", base_id)
        if connection is None:
            raise AdobeError(
                "Adobe does not find the base connection that it just made; apply again",
                status=404,
                retryable=True,
            )
        return connection

    def _record_base(
        self,
        object_id: str,
        connection: Mapping[str, Any],
        desired: DesiredChain,
        record: OpenRecord,
    ) -> None:
        record.put(Slot("connections").parameter, object_id)
        inlet = read_inlet(connection, self.inlet_hosts)
        record.put("inlet_id", inlet.inlet_id)
        record.put("inlet_url", inlet.url)
        record.put("source_id", inlet.source_id)
        record.put("authenticated", str(desired.authenticated).lower())
        record.put("data_type", desired.data_type)

    def _record_below(
        self, step: Step, object_id: str, desired: DesiredChain, record: OpenRecord
    ) -> None:
        flow = desired.flow(step.slot.flow)
        ready_at = f"flows/{flow.name}/ready_at"
        # Before the flow's own id, so that a recorded flow never lacks it.
        if step.slot.kind == "flows" and (step.action != "keep" or ready_at not in record.values):
            record.put(ready_at, (self.now() + self.settling).isoformat())
        record.put(step.slot.parameter, object_id)
        if step.slot.kind == "targetConnections":
            record.put(f"flows/{flow.name}/dataset_id", flow.dataset_id)
            record.put(f"flows/{flow.name}/schema_id", flow.schema_id)

    def _drop_removed_flows(self, desired: DesiredChain, record: OpenRecord) -> None:
        """Their objects become former ones, then nothing names the flow any more."""
        wanted = {flow.name for flow in desired.flows}
        values = record.record
        for slot in values.slots():
            if slot.flow and slot.flow not in wanted and values.object_id(slot):
                record.retire(slot, values.object_id(slot), self.now())
        removed = tuple(f"flows/{flow}/" for flow in values.flows() if flow not in wanted)
        record.remove([name for name in values.values if removed and name.startswith(removed)])
