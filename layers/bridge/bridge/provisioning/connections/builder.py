"""Carries out the steps at Adobe, and writes down each fact as soon as it is known."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

from bridge.errors import AdobeError
from bridge.names import ChainLocation, Slot
from bridge.ports.process import Clock, Sleep
from bridge.provisioning.chain.comparison import changes, differences, is_disabled
from bridge.provisioning.chain.desired import DesiredChain
from bridge.provisioning.chain.inlet import Inlet, read_inlet
from bridge.provisioning.chain.plan import Item, Step, standing
from bridge.provisioning.chain.record import base_facts, flow_facts
from bridge.provisioning.chain.request_bodies import body
from bridge.provisioning.connections.adobe_objects import Objects
from bridge.provisioning.connections.journal import OpenJournal
from bridge.provisioning.connections.observation import Plan
from bridge.provisioning.connections.records import OpenRecord
from bridge.telemetry import logger

# Before looking for what a POST or PATCH may have done although it failed, in seconds.
_PAUSES: Final = (1.0, 3.0)
# A new base connection gets its inlet with its creation or a moment later; seconds between looks.
_INLET_PAUSES: Final = (1.0, 2.0, 4.0, 8.0)
_STALE: Final = (HTTPStatus.PRECONDITION_FAILED, HTTPStatus.CONFLICT)


@dataclass(frozen=True, slots=True)
class Builder:
    """Creates, adopts, changes and deletes objects of one chain at a time.

    Attributes:
        settling: how long a new or changed flow is given before it gets messages.
        inlet_hosts: where an inlet may be.
    """

    objects: Objects
    now: Clock
    sleep: Sleep
    settling: timedelta
    inlet_hosts: Collection[str]

    def build(self, plan: Plan, record: OpenRecord, journal: OpenJournal) -> None:
        """Make what is missing; what it replaces stays, and is recorded as former.

        Args:
            plan: the steps, and what they were made from.
            record: is written after every step.
            journal: is written before every step.

        Raises:
            AdobeError, UnavailableError: building can go on later from what is recorded.
        """
        desired, place, observed = plan.desired, plan.place, plan.observed
        ids: dict[Slot, str] = {}
        for step in plan.steps:
            if step.action == "delete":
                continue
            slot = step.slot
            wanted = body(slot, desired, place, ids)
            if step.action in ("create", "replace"):
                journal.write(f"{step.action} {slot.kind} {slot.flow}".strip())
                ids[slot] = self._ensure(slot, wanted, place)
            else:
                ids[slot] = step.object_id
            changed = self._put_right(step, wanted, plan, journal)
            if slot.kind == "connections":
                self._record_base(ids[slot], plan, record)
            else:
                if slot in observed.objects:
                    self._retire(slot, ids[slot], record)
                self._record_below(step, ids, desired, record, changed=changed)
            record.forget(slot.kind, ids[slot])
        self._drop_removed_flows(desired, record)

    def take_down(
        self,
        steps: Iterable[Step],
        record: OpenRecord,
        journal: OpenJournal,
        phase: str,
        in_use: Collection[str] = (),
    ) -> None:
        """Delete what the steps name, except what is in use again.

        Raises:
            AdobeError, UnavailableError: what is left is still recorded.
        """
        for step in steps:
            if step.object_id not in in_use:
                journal.write(phase)
                self.objects.delete(step.slot.kind, step.object_id, step.reason)
            record.forget(step.slot.kind, step.object_id)

    def _ensure(self, slot: Slot, wanted: Item, place: ChainLocation) -> str:
        """Look after each POST that failed: one whose answer was lost made its object all the same.

        The plan has looked before the first one.
        """
        for pause in (*_PAUSES, None):
            try:
                return self.objects.create(slot.kind, wanted)
            except AdobeError as exc:
                # A sourceId that is taken is refused, which is no reason to try again.
                for item in self.objects.ours(slot.kind, wanted["name"], place):
                    if not differences(slot.kind, wanted, item):
                        logger.info("adopted", extra={"kind": slot.kind, "id": item["id"]})
                        return str(item["id"])
                if pause is None or not exc.retryable:
                    raise
                self.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _put_right(self, step: Step, wanted: Item, plan: Plan, journal: OpenJournal) -> bool:
        """Change in place what of an existing object is not as wanted; whether anything was."""
        slot, observed = step.slot, plan.observed
        is_somebody_elses = slot.kind == "connections" and plan.desired.adopts
        if step.action not in ("adopt", "patch") or is_somebody_elses:
            return False
        seen = (observed.objects.get(slot), *observed.found.get(slot, ()))
        item = next(each for each in seen if each and each["id"] == step.object_id)
        if not changes(slot.kind, wanted, item) and not is_disabled(slot.kind, item):
            return False
        journal.write(f"patch {slot.kind} {slot.flow}".strip())
        self._patch(slot, wanted, item)
        return True

    def _patch(self, slot: Slot, wanted: Item, item: Item) -> None:
        """After each failure read again: it may have worked, or somebody else was faster."""
        for pause in (*_PAUSES, None):
            try:
                if operations := list(changes(slot.kind, wanted, item).values()):
                    self.objects.flow_service.patch(slot.kind, item["id"], item["etag"], operations)
                if is_disabled(slot.kind, item):
                    self.objects.flow_service.enable(item["id"])
            except AdobeError as exc:
                if pause is None or not (exc.retryable or exc.status in _STALE):
                    raise
                self.sleep(pause)
                item = self._read(slot, item["id"])
            else:
                logger.info("patched", extra={"kind": slot.kind, "id": item["id"]})
                return

    def _read(self, slot: Slot, object_id: str) -> dict[str, Any]:
        item = self.objects.get(slot.kind, object_id)
        if item is None:
            raise AdobeError(
                f"Adobe does not find {slot.kind}/{object_id} that was there just now; apply again",
                status=404,
                retryable=True,
            )
        return item

    def _record_base(self, base_id: str, plan: Plan, record: OpenRecord) -> None:
        observed = plan.observed
        slot = Slot("connections")
        seen = (observed.objects.get(slot), observed.adopted, *observed.found.get(slot, ()))
        item = next((each for each in seen if each and each["id"] == base_id), None)
        inlet = self._inlet(base_id, item)
        if record.record.generation not in ("", plan.desired.generation):
            # All at once: from here on the ids in the record are of two generations.
            stays = standing(plan.steps)
            for old, object_id in record.record.ours().items():
                gone = old in plan.desired.slots() and old not in observed.objects
                if stays.get(old) != object_id and not gone:
                    record.retire(old, object_id)
        record.put(base_facts(plan.desired, plan.place, base_id, inlet))

    def _inlet(self, base_id: str, item: Item | None) -> Inlet:
        """The answer to a POST holds no inlet, so the connection is read."""
        for pause in (*_INLET_PAUSES, None):
            try:
                return read_inlet(
                    item or self._read(Slot("connections"), base_id), self.inlet_hosts
                )
            except AdobeError as exc:
                if pause is None or exc.status is not None:
                    raise
                self.sleep(pause)
                item = None
        raise AssertionError("the last attempt returns or raises")

    @staticmethod
    def _retire(slot: Slot, successor: str, record: OpenRecord) -> None:
        recorded = record.record.object_id(slot)
        if recorded not in ("", successor):
            record.retire(slot, recorded)

    def _record_below(
        self,
        step: Step,
        ids: Mapping[Slot, str],
        desired: DesiredChain,
        record: OpenRecord,
        *,
        changed: bool,
    ) -> None:
        slot = step.slot
        if slot.kind == "flows":
            # Before the flow's own id, so that a recorded flow never lacks it.
            ready_at = f"flows/{slot.flow}/ready_at"
            former = record.recall("flows", ids[slot])
            if former and former.ready_at and not changed:
                record.put({ready_at: former.ready_at})
            elif step.action != "nothing" or ready_at not in record.values:
                record.put({ready_at: (self.now() + self.settling).isoformat()})
        record.put(flow_facts(slot, desired, ids))

    def _drop_removed_flows(self, desired: DesiredChain, record: OpenRecord) -> None:
        """Their objects become former ones, then nothing names the flow any more."""
        wanted = set(desired.slots())
        values = record.record
        for slot, object_id in values.ours().items():
            if slot not in wanted:
                record.retire(slot, object_id)
        flows = {flow.name for flow in desired.flows}
        names = tuple(f"flows/{flow}/" for flow in values.flows() if flow not in flows)
        gone = [slot.parameter for slot in values.ours() if slot not in wanted]
        gone += [f"flows/{each.name}/dataset_name" for each in desired.flows if not each.dataset]
        gone += [name for name in values.values if names and name.startswith(names)]
        record.remove(list(dict.fromkeys(gone)))
