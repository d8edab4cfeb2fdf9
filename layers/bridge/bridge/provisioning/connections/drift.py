"""Drift: where Adobe, SSM and the properties no longer say the same."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bridge.names import ChainLocation, Slot
from bridge.provisioning.chain.inlet import read_inlet
from bridge.provisioning.chain.plan import Item, Observed, standing
from bridge.provisioning.chain.record import (
    REPLACED,
    ChainRecord,
    base_facts,
    flow_facts,
    replaced_parameter,
)
from bridge.provisioning.connections.observation import Observer, Plan
from bridge.provisioning.connections.properties import recorded_chain
from bridge.provisioning.sources.documents import is_current
from bridge.sources.source import Source


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference.

    Attributes:
        place: `adobe`, `ssm` or `sources`.
        name: the object, parameter or source.
        reason: what is different, with both values.
    """

    place: str
    name: str
    reason: str

    def as_document(self) -> dict[str, str]:
        """As JSON has it."""
        return asdict(self)


def drift(
    record: ChainRecord,
    place: ChainLocation,
    sources: Sequence[Source],
    observer: Observer,
    inlet_hosts: Collection[str],
) -> tuple[Drift, ...]:
    """Compare what was asked for last with what there is, field by field."""
    desired = recorded_chain(record)
    if desired is None:
        return ()
    plan = observer.plan(desired, place, record, thorough=True)
    return drift_of(plan, sources, inlet_hosts)


def drift_of(
    plan: Plan, sources: Sequence[Source], inlet_hosts: Collection[str]
) -> tuple[Drift, ...]:
    """What a plan would have to change, in all three places."""
    return (*_at_adobe(plan), *_in_ssm(plan, inlet_hosts), *_in_sources(plan, sources))


def _at_adobe(plan: Plan) -> Iterator[Drift]:
    for step in plan.steps:
        if step.action != "nothing":
            where = f"{step.slot.kind}/{step.object_id}" if step.object_id else step.slot.kind
            flow = f" of flow {step.slot.flow}" if step.slot.flow else ""
            yield Drift("adobe", f"{where}{flow}", f"{step.reason}; {step.action} it")


def _in_ssm(plan: Plan, inlet_hosts: Collection[str]) -> Iterator[Drift]:
    record = plan.observed.record
    for name, expected in _facts(plan, inlet_hosts).items():
        recorded = record.values.get(name)
        if recorded != expected:
            yield Drift("ssm", name, f"it is {recorded or 'missing'}, not {expected}")
    for flow in plan.desired.flows:
        if f"flows/{flow.name}/ready_at" not in record.values:
            yield Drift("ssm", f"flows/{flow.name}/ready_at", "it is missing")
    kept = replaced_parameter(plan.observed.kept)
    for name in record.values:
        if name.startswith(REPLACED) and name != kept:
            yield Drift("ssm", name, "an update was not cleaned up, and might be rolled back")


def _in_sources(plan: Plan, sources: Sequence[Source]) -> Iterator[Drift]:
    record = plan.observed.record
    for source in sources:
        if record.is_usable() and not is_current(source, record):
            yield Drift("sources", source.name, "its document names another chain")


def _facts(plan: Plan, inlet_hosts: Collection[str]) -> dict[str, str]:
    """What must be recorded of the objects that stay."""
    ids = standing(plan.steps)
    facts: dict[str, str] = {}
    for slot, object_id in ids.items():
        if slot.kind != "connections":
            facts |= flow_facts(slot, plan.desired, ids)
        elif item := _item(plan.observed, object_id):
            inlet = read_inlet(item, inlet_hosts)
            facts |= base_facts(plan.desired, plan.place, object_id, inlet)
    return facts


def _item(observed: Observed, object_id: str) -> Item | None:
    slot = Slot("connections")
    seen: tuple[Mapping[str, Any] | None, ...] = (
        observed.objects.get(slot),
        observed.adopted,
        *observed.found.get(slot, ()),
    )
    return next((item for item in seen if item and item["id"] == object_id), None)
