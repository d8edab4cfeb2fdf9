"""Validate mappings and names of datasets and schemas before any object is created."""

from collections.abc import Mapping, Sequence
from typing import Final

from bridge.errors import InvalidPropertyError
from bridge.names import ChainLocation, Kind
from bridge.provisioning.chain.comparison import differences
from bridge.provisioning.chain.desired import DesiredChain
from bridge.provisioning.chain.plan import Item, ObservedState, Step, existing_ids
from bridge.provisioning.chain.request_bodies import body, schema_id
from bridge.provisioning.connections.adobe_objects import Objects


def validate_creations(
    desired: DesiredChain,
    location: ChainLocation,
    steps: Sequence[Step],
    observed: ObservedState,
    objects: Objects,
) -> None:
    """Check the mapping sets, datasets, schemas and field groups that the steps create.

    Raises:
        InvalidPropertyError: Adobe rejects the mappings, or an object of the name exists.
    """
    paths = {flow.name: f"Flows.{index}" for index, flow in enumerate(desired.flows)}
    ids = dict.fromkeys(desired.slots(), "") | existing_ids(steps)
    # The name of a field group comes from that of its schema, whose sentence helps more.
    for step in sorted(steps, key=lambda each: each.slot.kind == "fieldgroups"):
        slot = step.slot
        if step.action not in ("create", "replace"):
            continue
        if slot.kind == "mappingSets":
            wanted = body(slot, desired, location, ids)
            if not schema_id(desired.flow(slot.flow), ids):
                continue  # Adobe compares with a schema, which does not exist yet.
            if problems := objects.mapping_sets.validate(wanted):
                raise InvalidPropertyError(f"{paths[slot.flow]}.Mappings", "; ".join(problems))
        if slot.kind in _ALTERNATIVES:
            wanted = body(slot, desired, location, ids)
            existing = (
                *observed.found.get(slot, ()),
                *objects.named(slot.kind, wanted["name"]),
            )
            if existing:
                _reject_name(paths[slot.flow], step, wanted, existing[0])


def _reject_name(path: str, step: Step, wanted: Item, existing: Item) -> None:
    kind = step.slot.kind
    different = "; ".join(differences(kind, wanted, existing))
    name, called, alternative = _ALTERNATIVES[kind]
    is_own = step.action == "replace" and step.object_id == existing["id"]
    if is_own and different and kind != "fieldgroups":
        before = _PROFILE.get(different, "it")
        alternative = f"that stays, so write {before} as before, or choose another Name"
    raise InvalidPropertyError(
        f"{path}.{name}",
        f"{called} {existing['id']} has this name, "
        f"but {different or 'the bridge did not create it for this flow'}; {alternative}",
    )


_PROFILE: Final = {
    "Profile is on, not off": "Profile: true",
    "Profile is off, not on": "Profile: false",
}
_ALTERNATIVES: Final[Mapping[Kind, tuple[str, str, str]]] = {
    "dataSets": ("Dataset", "dataset", "set DatasetId, or choose another name"),
    "schemas": ("Schema", "schema", "set Dataset.SchemaId to it, or choose another name"),
    "fieldgroups": (
        "Schema.Fields",
        "field group",
        "Adobe allows only new fields, so give them another name, or choose another Schema.Name",
    ),
}
