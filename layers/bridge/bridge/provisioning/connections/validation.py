"""Validate mappings and dataset names before any object is created."""

from collections.abc import Iterable

from bridge.errors import InvalidPropertyError
from bridge.names import ChainLocation
from bridge.provisioning.chain.comparison import differences
from bridge.provisioning.chain.desired import DesiredChain
from bridge.provisioning.chain.plan import Item, ObservedState, Step
from bridge.provisioning.chain.request_bodies import body
from bridge.provisioning.connections.adobe_objects import Objects


def validate_creations(
    desired: DesiredChain,
    location: ChainLocation,
    steps: Iterable[Step],
    observed: ObservedState,
    objects: Objects,
) -> None:
    """Check the mapping sets and the datasets that the steps create.

    Raises:
        InvalidPropertyError: Adobe rejects the mappings, or a dataset of the name exists.
    """
    paths = {flow.name: f"Flows.{index}" for index, flow in enumerate(desired.flows)}
    no_ids = dict.fromkeys(desired.slots(), "")
    for step in steps:
        slot = step.slot
        if step.action not in ("create", "replace"):
            continue
        if slot.kind == "mappingSets":
            wanted = body(slot, desired, location, no_ids)
            if problems := objects.mapping_sets.validate(wanted):
                raise InvalidPropertyError(f"{paths[slot.flow]}.Mappings", "; ".join(problems))
        if slot.kind == "dataSets":
            wanted = body(slot, desired, location, no_ids)
            existing = (
                *observed.found.get(slot, ()),
                *objects.named("dataSets", wanted["name"]),
            )
            if existing:
                _reject_dataset_name(f"{paths[slot.flow]}.Dataset", wanted, existing[0])


def _reject_dataset_name(path: str, wanted: Item, existing: Item) -> None:
    different = "; ".join(differences("dataSets", wanted, existing))
    raise InvalidPropertyError(
        path,
        f"dataset {existing['id']} has this name, "
        f"but {different or 'the bridge did not create it'}; "
        "set DatasetId, or choose another name",
    )
