"""What is there before a change: the record, the objects at Adobe, and the steps that follow."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bridge.errors import InvalidPropertyError
from bridge.names import KINDS, ChainLocation, Slot
from bridge.provisioning.chain.comparison import differences
from bridge.provisioning.chain.desired import DesiredChain
from bridge.provisioning.chain.plan import Item, Observed, Step, plan
from bridge.provisioning.chain.record import ChainRecord
from bridge.provisioning.chain.request_bodies import STREAMING_CONNECTION, body
from bridge.provisioning.connections.adobe_objects import Objects
from bridge.provisioning.connections.properties import recorded_chain

type Found = dict[Slot, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps, and what they were made from."""

    desired: DesiredChain
    place: ChainLocation
    observed: Observed
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Observer:
    """Looks at Adobe and changes nothing."""

    objects: Objects

    def plan(
        self,
        desired: DesiredChain,
        place: ChainLocation,
        record: ChainRecord,
        *,
        kept: str = "",
        thorough: bool = False,
    ) -> Plan:
        """Look at what is recorded and, where something has to be made, at what is there already.

        Args:
            desired: the chain as it shall be.
            place: makes the names.
            record: what SSM says.
            kept: the generation of which nothing is deleted yet.
            thorough: look for all that bears our names, as after a run that was cut off.

        Raises:
            InvalidPropertyError: Adobe would not take it, or it does not fit what is there.
            AdobeError: Adobe does not answer.
        """
        trusted = {} if thorough else _trusted(desired, place, record)
        observed = Observed(record, self._recorded(desired, record, trusted), {}, kept)
        if desired.adopts:
            observed = replace(observed, adopted=self._adopted(desired, place, observed))
        found = self.everything(desired.name, place, record, desired) if thorough else {}
        while True:
            observed = replace(observed, found=found)
            steps = plan(desired, place, observed)
            new = [s.slot for s in steps if s.action in ("create", "replace")]
            unseen = [slot for slot in new if slot not in found]
            if not unseen:
                self._require_makeable(desired, place, steps, observed)
                return Plan(desired, place, observed, steps)
            found = found | {slot: self._ours(slot, desired, place) for slot in unseen}

    def _recorded(
        self, desired: DesiredChain, record: ChainRecord, trusted: Mapping[Slot, Item]
    ) -> dict[Slot, Item]:
        """What Adobe has under the recorded ids, read kind by kind."""
        ids = {slot: record.object_id(slot) for slot in desired.slots()}
        found = {**trusted}
        for kind in KINDS:
            wanted = {
                slot: each
                for slot, each in ids.items()
                if each and slot.kind == kind and slot not in trusted
            }
            if wanted:
                items = self.objects.get_all(kind, tuple(dict.fromkeys(wanted.values())))
                found |= {slot: items[each] for slot, each in wanted.items() if each in items}
        return {slot: found[slot] for slot in ids if slot in found}

    def everything(
        self,
        name: str,
        place: ChainLocation,
        record: ChainRecord,
        desired: DesiredChain | None = None,
    ) -> Found:
        """Objects whose ids may have been lost together with the answer that held them."""
        found: Found = {}
        chains = [chain for chain in (desired, recorded_chain(record)) if chain]
        for chain in chains:
            for slot in chain.slots():
                if slot not in found and not (slot.kind == "connections" and chain.adopts):
                    found[slot] = self._ours(slot, chain, place)
        for slot in self._discovered(name, place, record, found):
            found[slot] = self.objects.ours(slot.kind, place.object_name(name, slot.flow), place)
        return found

    def _discovered(
        self, name: str, place: ChainLocation, record: ChainRecord, found: Found
    ) -> Iterator[Slot]:
        """Slots of flows that no properties name any more."""
        base = Slot("connections")
        if base not in found:
            found[base] = self.objects.ours(base.kind, place.object_name(name), place)
        ids = {record.object_id(base), *(item["id"] for item in found.get(base, []))} - {""}
        below = [
            str(item.get("name", ""))
            for base_id in sorted(ids)
            for item in self.objects.flow_service.find(
                "sourceConnections", {"baseConnectionId": base_id}
            )
        ]
        flows = {*record.flows(), *(place.flow_of(name, text) for text in below)} - {""}
        for flow in sorted(flows):
            for kind in KINDS:
                if kind not in ("connections", "dataSets", "mappingSets"):
                    slot = Slot(kind, flow)
                    if slot not in found:
                        yield slot

    def _ours(
        self, slot: Slot, desired: DesiredChain, place: ChainLocation
    ) -> list[dict[str, Any]]:
        nothing = dict.fromkeys(desired.slots(), "")
        return self.objects.ours(slot.kind, body(slot, desired, place, nothing)["name"], place)

    def _adopted(self, desired: DesiredChain, place: ChainLocation, observed: Observed) -> Item:
        """The base connection that the properties name. Raises InvalidPropertyError."""
        slot = Slot("connections")
        item = observed.objects.get(slot)
        path = "ConnectionId" if desired.connection_id else "Adopt"
        recorded = observed.record
        if not (item and recorded.is_adopted and recorded.base == desired.base):
            item = self._existing(desired)
        if different := differences("connections", body(slot, desired, place, {}), item):
            raise InvalidPropertyError(
                path, f"connection {item['id']} does not fit: {'; '.join(different)}"
            )
        return item

    def _existing(self, desired: DesiredChain) -> Item:
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
                f"{ids}; name one by ConnectionId, or leave Adopt out to make one",
            )
        return named[0]

    def _require_makeable(
        self,
        desired: DesiredChain,
        place: ChainLocation,
        steps: tuple[Step, ...],
        observed: Observed,
    ) -> None:
        """Ask Adobe about mappings and datasets before anything is made."""
        indices = {flow.name: index for index, flow in enumerate(desired.flows)}
        nothing = dict.fromkeys(desired.slots(), "")
        for step in steps:
            if step.action not in ("create", "replace"):
                continue
            slot = step.slot
            if slot.kind == "mappingSets":
                wanted = body(slot, desired, place, nothing)
                if problems := self.objects.mapping_sets.validate(wanted):
                    raise InvalidPropertyError(
                        f"Flows.{indices[slot.flow]}.Mappings", "; ".join(problems)
                    )
            if slot.kind == "dataSets":
                wanted = body(slot, desired, place, nothing)
                _require_makeable_dataset(
                    f"Flows.{indices[slot.flow]}.Dataset",
                    wanted,
                    [
                        *observed.found.get(slot, ()),
                        *self.objects.named("dataSets", wanted["name"]),
                    ],
                )


def _trusted(desired: DesiredChain, place: ChainLocation, record: ChainRecord) -> dict[Slot, Item]:
    """Mapping sets that were made for just these mappings, which need not be read each by each.

    Their name tells their content, and nothing deletes them. A thorough look reads them all the
    same.
    """
    before = recorded_chain(record)
    if before is None:
        return {}
    nothing = dict.fromkeys((*before.slots(), *desired.slots()), "")
    known = {slot: body(slot, before, place, nothing) for slot in before.slots() if _is_set(slot)}
    return {
        slot: {**known[slot], "id": record.object_id(slot)}
        for slot in desired.slots()
        if slot in known
        and record.object_id(slot)
        and known[slot] == body(slot, desired, place, nothing)
    }


def _is_set(slot: Slot) -> bool:
    return slot.kind == "mappingSets"


def _require_makeable_dataset(path: str, wanted: Item, named: list[Item]) -> None:
    """Neither a twin nor a second one beside data that is there."""
    for item in named:
        different = differences("dataSets", wanted, item)
        why = f"but {'; '.join(different)}" if different else "but somebody else made it"
        raise InvalidPropertyError(
            path,
            f"dataset {item['id']} has this name, {why}; "
            "give it as DatasetId, or choose another name",
        )
