"""What remains at Adobe after a chain is deleted."""

from collections.abc import Iterable, Iterator

from bridge.names import Slot
from bridge.provisioning.chain.plan import Done, Kept
from bridge.provisioning.chain.record import ChainRecord
from bridge.provisioning.connections.properties import recorded_chain

_NOT_CREATED = "the bridge did not create it"


def not_created(record: ChainRecord) -> Iterator[Kept]:
    """What a chain pointed to and is never deleted with it, in the order of its flows."""
    if record.is_adopted and (base := record.object_id(Slot("connections"))):
        yield Kept("connections", base, "", "it was adopted")
    desired = recorded_chain(record)
    for flow in desired.flows if desired else ():
        if flow.dataset_id:
            yield Kept("dataSets", flow.dataset_id, flow.name, _NOT_CREATED)
        if flow.schema_id:
            yield Kept("schemas", flow.schema_id, flow.name, _NOT_CREATED)
        if flow.mapping_set:
            yield Kept("mappingSets", flow.mapping_set.mapping_set_id, flow.name, _NOT_CREATED)
        elif mapping_set := record.object_id(Slot("mappingSets", flow.name)):
            yield Kept("mappingSets", mapping_set, flow.name, "Data Prep deletes no mapping set")


def kept_sentence(done: Iterable[Done]) -> str:
    """Names what is kept, with the reason once; empty if nothing is."""
    kept: dict[str, list[str]] = {}
    for each in done:
        if isinstance(each, Kept):
            names = kept.setdefault(each.reason, [])
            if (name := f"{each.kind}/{each.object_id}") not in names:
                names.append(name)
    return "; ".join(f"{', '.join(names)} stays: {reason}" for reason, names in kept.items())


def was_deleted(done: Iterable[Done]) -> bool:
    """Whether a deletion deleted anything."""
    return any(not isinstance(each, Kept) and each.action == "delete" for each in done)
