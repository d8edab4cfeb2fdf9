"""Read the chain at Adobe before a change, and plan the steps."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bridge.errors import InvalidPropertyError
from bridge.names import KINDS, ChainLocation, Slot
from bridge.provisioning.chain.comparison import differences
from bridge.provisioning.chain.desired import DesiredChain
from bridge.provisioning.chain.destination import Problem
from bridge.provisioning.chain.plan import Item, ObservedState, Step, plan
from bridge.provisioning.chain.record import ChainRecord
from bridge.provisioning.chain.request_bodies import STREAMING_CONNECTION, body
from bridge.provisioning.connections.adobe_objects import NAMED_BY_PROPERTIES, Objects
from bridge.provisioning.connections.designs import Designs
from bridge.provisioning.connections.destinations import (
    Destinations,
    flows_to_create,
    require_destinations,
)
from bridge.provisioning.connections.properties import recorded_chain
from bridge.provisioning.connections.validation import validate_creations

type Found = dict[Slot, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps and their context.

    Attributes:
        problems: of what the flows point to, as far as it was looked at.
        schemas: by flow, as far as they were looked at.
    """

    desired: DesiredChain
    location: ChainLocation
    observed: ObservedState
    steps: tuple[Step, ...]
    problems: tuple[Problem, ...] = ()
    schemas: Mapping[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Observer:
    """Reads objects at Adobe; changes nothing."""

    objects: Objects
    destinations: Destinations
    designs: Designs

    def plan(
        self,
        desired: DesiredChain,
        location: ChainLocation,
        record: ChainRecord,
        *,
        replaced_generation: str = "",
        thorough: bool = False,
        is_report: bool = False,
    ) -> Plan:
        """Read the recorded objects and, before any creation, objects of the same name.

        Before a flow is created, and in a thorough plan, also what it points to.

        Args:
            desired: the desired chain.
            location: determines the names.
            record: the record in SSM.
            replaced_generation: a generation that a later request deletes.
            thorough: search for unrecorded objects, as after an interrupted run.
            is_report: the steps are not executed, so nothing prevents them.

        Raises:
            InvalidPropertyError: Adobe would reject it, or it conflicts with an existing object.
            AdobeError: Adobe does not respond.
        """
        known = {} if thorough else _unchanged_mapping_sets(desired, location, record)
        observed = ObservedState(
            record, self._read_recorded(desired, record, known), {}, replaced_generation
        )
        if desired.adopts:
            observed = replace(observed, adopted=self._base_to_adopt(desired, location, observed))
        found: Found = {}
        if thorough:
            found = self.find_all(desired.name, location, record, desired)
        elif not observed.objects:
            # Every object has to be created: one pass of the planner less.
            found = {
                slot: self._find_created(slot, desired, location)
                for slot in desired.slots()
                if not (slot.kind == "connections" and desired.adopts)
            }
        while True:
            observed = replace(observed, found=found)
            steps = plan(desired, location, observed)
            new = [s.slot for s in steps if s.action in ("create", "replace")]
            unsearched = [slot for slot in new if slot not in found]
            if not unsearched:
                flows = desired.flows if thorough else flows_to_create(desired, steps)
                seen = self.destinations.look(flows, observed, location.sandbox)
                if not is_report:
                    require_destinations(desired, steps, seen.problems)
                    validate_creations(desired, location, steps, observed, self.objects)
                    self.designs.require(desired, steps)
                return Plan(desired, location, observed, steps, seen.problems, seen.schemas)
            found = found | {
                slot: self._find_created(slot, desired, location) for slot in unsearched
            }

    def with_problems(self, plan: Plan) -> Plan:
        """The plan with the problems of all its flows. Raises AdobeError."""
        flows, sandbox = plan.desired.flows, plan.location.sandbox
        return replace(
            plan, problems=self.destinations.look(flows, plan.observed, sandbox).problems
        )

    def _read_recorded(
        self, desired: DesiredChain, record: ChainRecord, known: Mapping[Slot, Item]
    ) -> dict[Slot, Item]:
        """The objects under the recorded ids, with one request per kind."""
        ids = {slot: record.object_id(slot) for slot in desired.slots()}
        found = {**known}
        for kind in KINDS:
            wanted = {
                slot: each
                for slot, each in ids.items()
                if each and slot.kind == kind and slot not in known
            }
            if wanted:
                items = self.objects.get_all(kind, tuple(dict.fromkeys(wanted.values())))
                found |= {slot: items[each] for slot, each in wanted.items() if each in items}
        return {slot: found[slot] for slot in ids if slot in found}

    def find_all(
        self,
        name: str,
        location: ChainLocation,
        record: ChainRecord,
        desired: DesiredChain | None = None,
    ) -> Found:
        """Objects whose ids may be unrecorded, since a response was lost."""
        found: Found = {}
        chains = [chain for chain in (desired, recorded_chain(record)) if chain]
        for chain in chains:
            for slot in chain.slots():
                if slot not in found and not (slot.kind == "connections" and chain.adopts):
                    found[slot] = self._find_created(slot, chain, location)
        for slot in self._slots_of_removed_flows(name, location, record, found):
            found[slot] = self.objects.find_created(
                slot, location.object_name(name, slot.flow), name, location
            )
        return found

    def _slots_of_removed_flows(
        self, name: str, location: ChainLocation, record: ChainRecord, found: Found
    ) -> Iterator[Slot]:
        """Slots of flows that no properties declare any more."""
        base = Slot("connections")
        if base not in found:
            found[base] = self.objects.find_created(
                base, location.object_name(name), name, location
            )
        ids = {record.object_id(base), *(item["id"] for item in found.get(base, []))} - {""}
        below = [
            str(item.get("name", ""))
            for base_id in sorted(ids)
            for item in self.objects.flow_service.find(
                "sourceConnections", {"baseConnectionId": base_id}
            )
        ]
        flows = {*record.flows(), *(location.flow_of(name, text) for text in below)} - {""}
        for flow in sorted(flows):
            for kind in KINDS:
                if kind not in ("connections", "mappingSets", *NAMED_BY_PROPERTIES):
                    slot = Slot(kind, flow)
                    if slot not in found:
                        yield slot

    def _find_created(
        self, slot: Slot, desired: DesiredChain, location: ChainLocation
    ) -> list[dict[str, Any]]:
        name = body(slot, desired, location, defaultdict(str))["name"]
        return self.objects.find_created(slot, name, desired.name, location)

    def _base_to_adopt(
        self, desired: DesiredChain, location: ChainLocation, observed: ObservedState
    ) -> Item:
        """The base connection to adopt. Raises InvalidPropertyError."""
        slot = Slot("connections")
        item = observed.objects.get(slot)
        path = "ConnectionId" if desired.connection_id else "Adopt"
        recorded = observed.record
        if not (item and recorded.is_adopted and recorded.base == desired.base):
            item = self._existing_base(desired)
        if different := differences("connections", body(slot, desired, location, {}), item):
            raise InvalidPropertyError(
                path, f"connection {item['id']} does not match: {'; '.join(different)}"
            )
        return item

    def _existing_base(self, desired: DesiredChain) -> Item:
        if desired.connection_id:
            item = self.objects.get("connections", desired.connection_id)
            if item is None:
                raise InvalidPropertyError(
                    "ConnectionId", f"Adobe has no connection {desired.connection_id}"
                )
            return item
        named = [
            item
            for item in self.objects.named("connections", desired.name)
            if (item.get("connectionSpec") or {}).get("id") == STREAMING_CONNECTION
        ]
        if len(named) != 1:
            ids = ", ".join(item["id"] for item in named) or "none"
            raise InvalidPropertyError(
                "Adopt",
                f"exactly one streaming connection must be named {desired.name}, but there is "
                f"{ids}; set ConnectionId, or omit Adopt to create one",
            )
        return named[0]


def _unchanged_mapping_sets(
    desired: DesiredChain, location: ChainLocation, record: ChainRecord
) -> dict[Slot, Item]:
    """Recorded mapping sets of the desired mappings, without reading each of them.

    Their name identifies their content, and they are never deleted. A thorough plan reads them.
    """
    before = recorded_chain(record)
    if before is None:
        return {}
    no_ids = defaultdict[Slot, str](str)
    known = {
        slot: body(slot, before, location, no_ids)
        for slot in before.slots()
        if slot.kind == "mappingSets" and not before.flow(slot.flow).schema
    }
    return {
        slot: {**known[slot], "id": record.object_id(slot)}
        for slot in desired.slots()
        if slot in known
        and record.object_id(slot)
        and known[slot] == body(slot, desired, location, no_ids)
    }
