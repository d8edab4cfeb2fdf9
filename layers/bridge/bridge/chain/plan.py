"""The steps from what is to what shall be."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from bridge.chain.bodies import body, differences
from bridge.chain.desired import DesiredChain
from bridge.chain.names import Kind, Place, Slot
from bridge.chain.record import ChainRecord

type Action = Literal["create", "keep", "replace", "delete"]

DELETION_ORDER: Final[tuple[Kind, ...]] = (
    "flows",
    "sourceConnections",
    "targetConnections",
    "connections",
)
"""Adobe refuses to delete what something else builds on."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `object_id` is the existing object and empty for `create`."""

    action: Action
    slot: Slot
    object_id: str
    reason: str


def plan(
    desired: DesiredChain,
    place: Place,
    record: ChainRecord,
    objects: Mapping[Slot, Mapping[str, Any]],
    strays: Collection[Step] = (),
) -> tuple[Step, ...]:
    """Compare, and order the steps: build first, delete last.

    Args:
        desired: the chain as it shall be.
        place: makes the names.
        record: what SSM says.
        objects: what Adobe has under the recorded ids of the desired slots.
        strays: deletions of what a change that was cut off may have made; what of it is
            still wanted is taken into use when the slot is built.
    """
    building = _building(desired, place, record, objects)
    kept = {step.object_id for step in building if step.action == "keep"}
    deleting = [*_deleting(desired, record, building), *strays]
    return (*building, *deletion_order([step for step in deleting if step.object_id not in kept]))


def _building(
    desired: DesiredChain,
    place: Place,
    record: ChainRecord,
    objects: Mapping[Slot, Mapping[str, Any]],
) -> tuple[Step, ...]:
    steps: list[Step] = []
    ids: dict[Slot, str] = {}
    for slot in desired.slots():
        wanted = body(slot, desired, place, ids)
        actual = objects.get(slot)
        object_id = record.object_id(slot)
        # No id at Adobe is empty, so everything that builds on a new object differs.
        ids[slot] = ""
        if actual is None:
            gone = "Adobe no longer has the recorded one" if object_id else "it does not exist"
            steps.append(Step("create", slot, "", gone))
        elif different := differences(slot.kind, wanted, actual):
            reason = f"{' and '.join(different)} changed"
            steps.append(Step("replace", slot, object_id, reason))
        else:
            ids[slot] = object_id
            steps.append(Step("keep", slot, object_id, "nothing changed"))
    return tuple(steps)


def _deleting(desired: DesiredChain, record: ChainRecord, building: tuple[Step, ...]) -> list[Step]:
    wanted = {flow.name for flow in desired.flows}
    steps = [
        Step("delete", Slot(kind), object_id, "an earlier change left it")
        for kind, object_id in record.former()
    ]
    steps += [
        Step("delete", step.slot, step.object_id, "it was replaced")
        for step in building
        if step.action == "replace"
    ]
    steps += [
        Step("delete", slot, record.object_id(slot), "the flow was removed")
        for slot in record.slots()
        if slot.flow and slot.flow not in wanted and record.object_id(slot)
    ]
    return steps


def deletion_order(steps: list[Step]) -> tuple[Step, ...]:
    """The steps in the order in which Adobe allows them, each object once."""
    unique = {(step.slot.kind, step.object_id): step for step in reversed(steps)}
    return tuple(sorted(unique.values(), key=lambda step: DELETION_ORDER.index(step.slot.kind)))
