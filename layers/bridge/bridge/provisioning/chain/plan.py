"""The steps from what is to what shall be."""

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

_STANDING: Final = ("adopt", "patch", "nothing")

DELETION_ORDER: Final[tuple[Kind, ...]] = (
    "flows",
    "sourceConnections",
    "targetConnections",
    "connections",
    "dataSets",
)
"""Adobe refuses to delete what something else builds on; Data Prep deletes no mapping set."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `object_id` is the existing object and empty for `create`."""

    action: Action
    slot: Slot
    object_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Observed:
    """What is there before a change.

    Attributes:
        record: what SSM says.
        objects: what Adobe has under the recorded ids of the desired slots.
        found: what else Adobe has that is ours, by the slots whose names it bears.
        kept: the generation of which nothing is deleted yet; empty is none.
        adopted: the base connection that is to be taken, where one is.
    """

    record: ChainRecord
    objects: Mapping[Slot, Item] = field(default_factory=dict)
    found: Mapping[Slot, Sequence[Item]] = field(default_factory=dict)
    kept: str = ""
    adopted: Item = field(default_factory=dict)


def plan(desired: DesiredChain, place: ChainLocation, observed: Observed) -> tuple[Step, ...]:
    """Compare, and order the steps: build first, delete last."""
    building: list[Step] = []
    ids: dict[Slot, str] = {}
    for slot in desired.slots():
        if slot.kind == "connections" and desired.adopts:
            step = _adopt(slot, observed)
        else:
            step = _build(slot, body(slot, desired, place, ids), observed)
        # No id at Adobe is empty, so everything that builds on a new object differs.
        ids[slot] = step.object_id if step.action in _STANDING else ""
        building.append(step)
    return (*building, *_deleting(desired, observed, set(ids.values())))


def standing(steps: Iterable[Step]) -> dict[Slot, str]:
    """The ids of the objects that are there already and stay."""
    return {step.slot: step.object_id for step in steps if step.action in _STANDING}


def _adopt(slot: Slot, observed: Observed) -> Step:
    """Somebody else's base connection, which is never changed."""
    adopted = observed.adopted["id"]
    if observed.record.object_id(slot) == adopted and observed.record.is_adopted:
        return Step("nothing", slot, adopted, "nothing changed")
    return Step("adopt", slot, adopted, "the properties name it")


def _build(slot: Slot, wanted: Item, observed: Observed) -> Step:
    """One step for one object that must exist."""
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
            return Step("adopt", slot, item["id"], f"it is there already; {step.reason}")
    return step


def in_place(kind: Kind, wanted: Item, actual: Item) -> tuple[str, ...]:
    """What of an object has to be changed in place, as words for people."""
    switched = ("it is disabled",) if is_disabled(kind, actual) else ()
    return (*(f"{what} changed" for what in changes(kind, wanted, actual)), *switched)


def _differences(slot: Slot, wanted: Item, actual: Item, record: ChainRecord) -> tuple[str, ...]:
    """A dataset that somebody renamed is still the one; another name asks for another one."""
    if slot.kind == "dataSets":
        recorded = record.values.get(f"flows/{slot.flow}/dataset_name")
        if wanted["name"] not in (recorded, actual.get("name")):
            return (f"the dataset is {recorded}, not {wanted['name']}",)
    return differences(slot.kind, wanted, actual)


def _deleting(desired: DesiredChain, observed: Observed, used: Collection[str]) -> tuple[Step, ...]:
    record, wanted = observed.record, desired.slots()
    kept = {each.object_id for each in record.former() if each.generation == observed.kept}
    if observed.kept and observed.kept == record.generation:
        kept |= set(record.ours().values())
    steps = [
        Step("delete", Slot(each.kind), each.object_id, "an earlier change left it")
        for each in record.former()
    ]
    for slot, object_id in record.ours().items():
        if slot not in wanted:
            steps.append(Step("delete", slot, object_id, "the flow was removed"))
        elif slot in observed.objects:
            steps.append(Step("delete", slot, object_id, "it was replaced"))
    steps += [
        Step("delete", slot, item["id"], "it has the name of ours")
        for slot, items in observed.found.items()
        for item in items
    ]
    return deletion_order(step for step in steps if step.object_id not in {*used, *kept})


def deletion_order(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps in the order in which Adobe allows them, each object once."""
    unique = {
        (step.slot.kind, step.object_id): step
        for step in reversed(list(steps))
        if step.slot.kind in DELETION_ORDER
    }
    return tuple(sorted(unique.values(), key=lambda step: DELETION_ORDER.index(step.slot.kind)))
