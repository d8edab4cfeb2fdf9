"""Detect drift between Adobe, SSM and the properties."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bridge.names import Slot
from bridge.provisioning.chain.destination import Problem
from bridge.provisioning.chain.inlet import read_inlet
from bridge.provisioning.chain.plan import Item, ObservedState, existing_ids
from bridge.provisioning.chain.record import (
    REPLACED,
    base_parameters,
    flow_parameters,
    replaced_parameter,
)
from bridge.provisioning.connections.observation import Plan
from bridge.provisioning.schema_comparison import schema_behavior
from bridge.provisioning.sources.checks import current_reference
from bridge.provisioning.sources.documents import is_current
from bridge.sources.source import Source


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference.

    Attributes:
        place: `adobe`, `ssm` or `sources`.
        name: the object, parameter or source.
        reason: the difference, with both values.
    """

    place: str
    name: str
    reason: str

    def as_document(self) -> dict[str, str]:
        """The difference as JSON."""
        return asdict(self)


def find_drift(
    plan: Plan, sources: Sequence[Source], inlet_hosts: Collection[str]
) -> tuple[Drift, ...]:
    """The changes that a plan needs at Adobe, in SSM and in the source documents."""
    return (
        *_at_adobe(plan),
        *_in_ssm(plan, inlet_hosts),
        *_in_sources(plan, sources),
        *_of_schemas(plan, sources),
    )


def destination_drift(problems: Iterable[Problem]) -> Iterator[Drift]:
    """The problems of what the flows point to; no repair solves them."""
    for each in problems:
        name = f"{each.kind}/{each.object_id} of flow {each.flow}"
        yield Drift("adobe", name, each.reason)


def sentences(problems: Iterable[Problem]) -> list[str]:
    """The same for the owner of a connection."""
    return [f"flow {each.flow}: {each.reason}" for each in problems]


def _at_adobe(plan: Plan) -> Iterator[Drift]:
    for step in plan.steps:
        if step.action != "nothing":
            name = f"{step.slot.kind}/{step.object_id}" if step.object_id else step.slot.kind
            flow = f" of flow {step.slot.flow}" if step.slot.flow else ""
            yield Drift("adobe", f"{name}{flow}", f"{step.reason}; {step.action} it")


def _in_ssm(plan: Plan, inlet_hosts: Collection[str]) -> Iterator[Drift]:
    record = plan.observed.record
    for name, expected in _expected_parameters(plan, inlet_hosts).items():
        recorded = record.values.get(name)
        if recorded != expected:
            yield Drift("ssm", name, f"it is {recorded or 'missing'}, not {expected}")
    for flow in plan.desired.flows:
        if f"flows/{flow.name}/ready_at" not in record.values:
            yield Drift("ssm", f"flows/{flow.name}/ready_at", "it is missing")
    replaced = replaced_parameter(plan.observed.replaced_generation)
    for name in record.values:
        if name.startswith(REPLACED) and name != replaced:
            yield Drift(
                "ssm",
                name,
                "an update is not cleaned up yet, and may be rolled back",
            )


def _in_sources(plan: Plan, sources: Sequence[Source]) -> Iterator[Drift]:
    record = plan.observed.record
    for source in sources:
        if record.is_usable() and not is_current(source, record):
            yield Drift("sources", source.name, "its document names another chain")


def _of_schemas(plan: Plan, sources: Sequence[Source]) -> Iterator[Drift]:
    """Documents with another class or other constraints than a schema has now.

    Messages are checked with what the document has, so a new field would be refused.
    """
    for source in sources:
        if source.connection.data_type == "raw":
            continue
        for name in sorted(source.flows.keys() & plan.schemas.keys()):
            flow, schema = source.flows[name], plan.schemas[name]
            of_flow = f"schema {flow.schema_id} of flow {name}"
            actual = schema_behavior(schema)
            if flow.behavior and flow.behavior != actual:
                yield Drift(
                    "sources",
                    source.name,
                    f"its document has {of_flow} as {flow.behavior}, but its class is {actual} now",
                )
            elif flow.checks != current_reference(schema):
                reason = f"its document has {of_flow} as it was before it changed at Adobe"
                yield Drift("sources", source.name, reason)


def _expected_parameters(plan: Plan, inlet_hosts: Collection[str]) -> dict[str, str]:
    """The parameters of the objects that remain."""
    ids = existing_ids(plan.steps)
    parameters: dict[str, str] = {}
    for slot, object_id in ids.items():
        if slot.kind != "connections":
            parameters |= flow_parameters(slot, plan.desired, ids)
        elif item := _item(plan.observed, object_id):
            inlet = read_inlet(item, inlet_hosts)
            parameters |= base_parameters(plan.desired, plan.location, object_id, inlet)
    return parameters


def _item(observed: ObservedState, object_id: str) -> Item | None:
    slot = Slot("connections")
    candidates: tuple[Mapping[str, Any] | None, ...] = (
        observed.objects.get(slot),
        observed.adopted,
        *observed.found.get(slot, ()),
    )
    return next((item for item in candidates if item and item["id"] == object_id), None)
