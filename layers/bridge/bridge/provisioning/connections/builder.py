"""Execute the steps of a plan at Adobe, and record each result at once."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bridge.errors import AdobeError
from bridge.names import Slot
from bridge.ports.process import Clock, Persist, Sleep
from bridge.provisioning.chain.comparison import changes, is_disabled
from bridge.provisioning.chain.desired import DesiredChain
from bridge.provisioning.chain.inlet import Inlet, read_inlet
from bridge.provisioning.chain.plan import Done, Item, Kept, Step, existing_ids
from bridge.provisioning.chain.record import base_parameters, flow_parameters, id_parameter
from bridge.provisioning.chain.request_bodies import body
from bridge.provisioning.connections.adobe_objects import Objects, kept
from bridge.provisioning.connections.object_writer import ObjectWriter
from bridge.provisioning.connections.observation import Plan
from bridge.provisioning.journal import OpenJournal
from bridge.provisioning.records import OpenRecord

# Adobe may add the inlet shortly after it creates a base connection; seconds between reads.
_INLET_PAUSES: Final = (1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True, slots=True)
class Builder:
    """Creates, adopts, changes and deletes the objects of a chain.

    Attributes:
        inlet_hosts: the allowed hosts of an inlet.
        persist: waits for further attempts of a deployment.
    """

    objects: Objects
    now: Clock
    sleep: Sleep
    persist: Persist
    inlet_hosts: Collection[str]

    @property
    def _writer(self) -> ObjectWriter:
        return ObjectWriter(self.objects, self.sleep, self.persist)

    def build(self, plan: Plan, record: OpenRecord, journal: OpenJournal) -> None:
        """Create and change objects; objects that they replace are recorded as retired.

        Args:
            plan: the steps and their context.
            record: written after every step.
            journal: written before every step.

        Raises:
            AdobeError, UnavailableError: another run continues from the record.
        """
        desired, location, observed = plan.desired, plan.location, plan.observed
        ids: dict[Slot, str] = {}
        for step in plan.steps:
            if step.action == "delete":
                continue
            slot = step.slot
            wanted = body(slot, desired, location, ids)
            if step.action in ("create", "replace"):
                journal.write(f"{step.action} {slot.kind} {slot.flow}".strip())
                ids[slot] = self._writer.create_or_adopt(slot, wanted, desired.name, location)
                if slot.kind == "schemas":
                    # Identities and Profile need the `$id`.
                    self._writer.complete(slot, ids[slot], wanted, journal)
            else:
                ids[slot] = step.object_id
            changed = self._patch_if_needed(step, wanted, plan, journal)
            if slot.kind == "connections":
                self._record_base(ids[slot], plan, record)
            else:
                if slot in observed.objects:
                    self._retire(slot, ids[slot], record)
                self._record_flow_object(step, ids, desired, record, changed=changed)
            record.forget_retired(slot.kind, ids[slot])
        self._drop_removed_flows(desired, record)

    def delete(
        self,
        steps: Iterable[Step],
        record: OpenRecord,
        journal: OpenJournal,
        phase: str,
        in_use: Collection[str] = (),
    ) -> Iterator[Done]:
        """Delete the objects of the steps, except those in use again; yield what was done.

        Raises:
            AdobeError, UnavailableError: the remaining objects are still recorded.
        """
        needed: set[str] = set()
        for step in steps:
            done: Done | None = None
            if step.object_id in needed:
                done = kept(step, "what stays needs it")
            elif step.object_id not in in_use:
                journal.write(phase)
                done = self.objects.delete(step)
            if isinstance(done, Kept):
                needed |= self.objects.needed_by(done.kind, done.object_id)
            record.forget_retired(step.slot.kind, step.object_id)
            if done:
                yield done

    def _patch_if_needed(self, step: Step, wanted: Item, plan: Plan, journal: OpenJournal) -> bool:
        """Patch an existing object that differs; return whether it was changed."""
        slot, observed = step.slot, plan.observed
        if step.action not in ("adopt", "patch"):
            return False
        if slot.kind == "connections" and plan.desired.adopts:
            return False
        candidates = (observed.objects.get(slot), *observed.found.get(slot, ()))
        item = next(each for each in candidates if each and each["id"] == step.object_id)
        if not changes(slot.kind, wanted, item) and not is_disabled(slot.kind, item):
            return False
        journal.write(f"patch {slot.kind} {slot.flow}".strip())
        self._writer.patch(slot, wanted, item)
        return True

    def _record_base(self, base_id: str, plan: Plan, record: OpenRecord) -> None:
        observed = plan.observed
        slot = Slot("connections")
        candidates = (observed.objects.get(slot), observed.adopted, *observed.found.get(slot, ()))
        item = next((each for each in candidates if each and each["id"] == base_id), None)
        inlet = self._inlet(base_id, item)
        if record.generation not in ("", plan.desired.generation):
            # All at once, since from here on the record contains ids of two generations.
            remaining = existing_ids(plan.steps)
            for old, object_id in record.created_ids().items():
                is_missing = old in plan.desired.slots() and old not in observed.objects
                if remaining.get(old) != object_id and not is_missing:
                    record.retire(old, object_id)
        record.put(base_parameters(plan.desired, plan.location, base_id, inlet))

    def _inlet(self, base_id: str, item: Item | None) -> Inlet:
        """Read the connection: the response to a POST contains no inlet."""
        for pause in (*_INLET_PAUSES, None):
            try:
                return read_inlet(
                    item or self._writer.read(Slot("connections"), base_id), self.inlet_hosts
                )
            except AdobeError as exc:
                if pause is None or exc.status is not None:
                    raise
                self.sleep(pause)
                item = None
        raise AssertionError("the last attempt returns or raises")

    @staticmethod
    def _retire(slot: Slot, successor: str, record: OpenRecord) -> None:
        recorded = record.object_id(slot)
        if recorded not in ("", successor):
            record.retire(slot, recorded)

    def _record_flow_object(
        self,
        step: Step,
        ids: Mapping[Slot, str],
        desired: DesiredChain,
        record: OpenRecord,
        *,
        changed: bool,
    ) -> None:
        slot = step.slot
        values: dict[str, str] = {}
        if slot.kind == "flows":
            # Before the flow's id, so that a recorded flow always has it.
            ready_at = f"flows/{slot.flow}/ready_at"
            retired = record.retired_object("flows", ids[slot])
            if retired and retired.ready_at and not changed:
                values[ready_at] = retired.ready_at
            elif step.action != "nothing" or ready_at not in record.values:
                values[ready_at] = (self.now() + desired.settling).isoformat()
        record.put(values | flow_parameters(slot, desired, ids))

    def _drop_removed_flows(self, desired: DesiredChain, record: OpenRecord) -> None:
        """Retire the objects of removed flows, then delete their parameters."""
        wanted = set(desired.slots())
        removed = {slot: each for slot, each in record.created_ids().items() if slot not in wanted}
        for slot, object_id in removed.items():
            record.retire(slot, object_id)
        flows = {flow.name for flow in desired.flows}
        names = tuple(f"flows/{flow}/" for flow in record.flows() if flow not in flows)
        obsolete = [*map(id_parameter, removed)]
        obsolete += [
            f"flows/{each.name}/dataset_name" for each in desired.flows if not each.dataset
        ]
        obsolete += [name for name in record.values if names and name.startswith(names)]
        record.remove(list(dict.fromkeys(obsolete)))
