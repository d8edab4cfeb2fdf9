"""Plan the steps from the observed to the desired chain."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from bridge.names import ChainLocation, Kind, Slot
from bridge.provisioning.chain.comparison import changes, differences, is_disabled
from bridge.provisioning.chain.desired import DesiredChain
from bridge.provisioning.chain.record import ChainRecord
from bridge.provisioning.chain.request_bodies import body

type Action = Literal["create", "adopt", "patch", "replace", "delete", "nothing"]
type Item = Mapping[str, Any]
"""An object as Adobe gives it."""

_KEEPING_ACTIONS: Final = ("adopt", "patch", "nothing")

DELETION_ORDER: Final[tuple[Kind, ...]] = (
    "flows",
    "sourceConnections",
    "targetConnections",
    "connections",
    "dataSets",
    "schemas",
    "fieldgroups",
)
"""Adobe rejects the deletion of a referenced object; Data Prep deletes no mapping set."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `object_id` is the existing object, and empty for `create`."""

    action: Action
    slot: Slot
    object_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An object that remains at Adobe although the chain is deleted.

    Attributes:
        kind: `schemas`, or a kind of slot.
        flow: the name of the flow that it belonged to, or empty.
        reason: why it is kept.
    """

    kind: str
    object_id: str
    flow: str
    reason: str


type Done = Step | Kept
"""What a deletion did with one object."""


@dataclass(frozen=True, slots=True)
class ObservedState:
    """The chain before a change.

    Attributes:
        record: the record in SSM.
        objects: objects at Adobe under the recorded ids of the desired slots.
        found: other objects at Adobe that the bridge created, by the slot that their name names.
        replaced_generation: a generation that is deleted by a later request, or empty.
        adopted: the base connection to adopt, if any.
    """

    record: ChainRecord
    objects: Mapping[Slot, Item] = field(default_factory=dict)
    found: Mapping[Slot, Sequence[Item]] = field(default_factory=dict)
    replaced_generation: str = ""
    adopted: Item = field(default_factory=dict)


def plan(
    desired: DesiredChain, location: ChainLocation, observed: ObservedState
) -> tuple[Step, ...]:
    """Compare the desired with the observed chain; creations come first, deletions last."""
    steps: list[Step] = []
    ids: dict[Slot, str] = {}
    for slot in desired.slots():
        if slot.kind == "connections" and desired.adopts:
            step = _adoption(slot, observed)
        else:
            step = _step(slot, body(slot, desired, location, ids), observed)
        # No id at Adobe is empty, so every object that references a new one differs.
        ids[slot] = step.object_id if step.action in _KEEPING_ACTIONS else ""
        steps.append(step)
    return (*steps, *_deletions(desired, observed, set(ids.values())))


def existing_ids(steps: Iterable[Step]) -> dict[Slot, str]:
    """The ids of the objects that exist already and remain."""
    return {step.slot: step.object_id for step in steps if step.action in _KEEPING_ACTIONS}


def _adoption(slot: Slot, observed: ObservedState) -> Step:
    """The step for an adopted base connection, which is never changed."""
    adopted = observed.adopted["id"]
    if observed.record.object_id(slot) == adopted and observed.record.is_adopted:
        return Step("nothing", slot, adopted, "nothing changed")
    return Step("adopt", slot, adopted, "the properties name it")


def _step(slot: Slot, wanted: Item, observed: ObservedState) -> Step:
    """The step for one object that must exist."""
    record, actual = observed.record, observed.objects.get(slot)
    recorded = record.object_id(slot)
    if actual is None:
        gone = "Adobe no longer has the recorded one" if recorded else "it does not exist"
        step = Step("create", slot, "", gone)
    elif slot.kind == "connections" and record.is_adopted:
        step = Step("create", slot, "", "the adopted one is no longer named")
    elif different := _differences(slot, wanted, actual, record):
        step = Step("replace", slot, recorded, "; ".join(different))
    elif changed := in_place(slot.kind, wanted, actual):
        return Step("patch", slot, recorded, " and ".join(changed))
    else:
        return Step("nothing", slot, recorded, "nothing changed")
    for item in observed.found.get(slot, ()):
        if item["id"] != recorded and not differences(slot.kind, wanted, item):
            reason = "it is there already"
            if actual is not None or recorded:
                reason += f"; {step.reason}"
            return Step("adopt", slot, item["id"], reason)
    return step


def in_place(kind: Kind, wanted: Item, actual: Item) -> tuple[str, ...]:
    """Descriptions of the changes that an object needs in place."""
    enabling = ("it is disabled",) if is_disabled(kind, actual) else ()
    return (*(f"{what} changed" for what in changes(kind, wanted, actual)), *enabling)


def _differences(slot: Slot, wanted: Item, actual: Item, record: ChainRecord) -> tuple[str, ...]:
    """A dataset renamed at Adobe is still the same; a new name in the properties is not."""
    if slot.kind == "dataSets":
        recorded = record.values.get(f"flows/{slot.flow}/dataset_name")
        if wanted["name"] not in (recorded, actual.get("name")):
            return (f"the dataset is {recorded}, not {wanted['name']}",)
    return differences(slot.kind, wanted, actual)


def _deletions(
    desired: DesiredChain, observed: ObservedState, used: Collection[str]
) -> tuple[Step, ...]:
    record, wanted = observed.record, desired.slots()
    retained = {
        each.object_id
        for each in record.retired()
        if each.generation == observed.replaced_generation
    }
    if observed.replaced_generation and observed.replaced_generation == record.generation:
        retained |= set(record.created_ids().values())
    steps = [
        Step("delete", Slot(each.kind), each.object_id, "an earlier change replaced it")
        for each in record.retired()
    ]
    for slot, object_id in record.created_ids().items():
        if (
            slot.kind == "fieldgroups"
            and slot not in wanted
            and Slot("schemas", slot.flow) in wanted
        ):
            # The properties have no fields any more; the schema at Adobe keeps them.
            retained.add(object_id)
        elif slot not in wanted:
            steps.append(Step("delete", slot, object_id, "the flow was removed"))
        elif slot in observed.objects:
            steps.append(Step("delete", slot, object_id, "it was replaced"))
    steps += [
        Step("delete", slot, item["id"], "the bridge created it under this name")
        for slot, items in observed.found.items()
        for item in items
    ]
    return deletion_order(step for step in steps if step.object_id not in {*used, *retained})


def deletion_order(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The deletions in the order in which Adobe allows them, each object once."""
    unique = {
        (step.slot.kind, step.object_id): step
        for step in reversed(list(steps))
        if step.slot.kind in DELETION_ORDER
    }
    return tuple(sorted(unique.values(), key=lambda step: DELETION_ORDER.index(step.slot.kind)))
