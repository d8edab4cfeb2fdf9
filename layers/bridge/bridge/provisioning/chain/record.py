"""The record of a chain in SSM: one parameter per value, below the connection's path."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self, cast

from bridge.names import KINDS, ChainLocation, Kind, Slot
from bridge.parameter_json import storable
from bridge.provisioning.chain.desired import DesiredChain
from bridge.provisioning.chain.inlet import Inlet
from bridge.provisioning.chain.journal_entry import CLOSED, JournalEntry
from bridge.provisioning.chain.request_bodies import dataset_id, schema_id

OWNER: Final = "owner"
PROPERTIES: Final = "properties"
"""The properties that were applied last, as written in the template."""

JOURNAL: Final = "journal"
"""The next step of a run; `CLOSED` once the run completes. Until then the recorded ids may be of
two generations."""

_CONNECTION_VALUES: Final = (
    *("org_id", "sandbox", "source_id", "authenticated", "data_type"),
    *("base_connection_id", "inlet_id", "inlet_url"),
)
_FLOW_VALUES: Final = (
    *("dataset_id", "schema_id", "source_connection_id", "target_connection_id"),
    *("flow_id", "ready_at"),
)
_ID_PARAMETERS: Final[Mapping[Kind, str]] = {
    "connections": "base_connection_id",
    "fieldgroups": "field_group_id",
    "schemas": "created_schema_id",
    # Distinct from `dataset_id`, which also holds ids of datasets that the bridge did not create.
    "dataSets": "created_dataset_id",
    "sourceConnections": "source_connection_id",
    "targetConnections": "target_connection_id",
    "mappingSets": "mapping_set_id",
    "flows": "flow_id",
}


COMPLETE: Final = "complete"
"""The last generation that was created completely."""

REPLACED: Final = "replaced/"
"""Below it are the properties of replaced generations, which a rollback restores."""

WRITE_PROPERTIES: Final = "write the properties"
"""From this step on, the recorded properties may be newer than the recorded objects."""

CLEAN_UP: Final = "clean up"
"""From this step on, every desired object exists; only deletions remain."""


@dataclass(frozen=True, slots=True)
class RetiredObject:
    """An object that was replaced or removed and may still exist at Adobe.

    Attributes:
        generation: the generation that it belongs to.
        ready_at: of a flow; applies again if a rollback restores the flow unchanged.
    """

    kind: Kind
    object_id: str
    generation: str
    ready_at: str = ""

    @property
    def parameter(self) -> str:
        """Where it is recorded, below the connection's path."""
        return f"former/{self.kind}/{self.object_id.rpartition('/')[2]}"

    def to_text(self) -> str:
        """The value of its parameter."""
        # Of a URL, the parameter's name has only the end.
        more = {"object_id": self.object_id} if "/" in self.object_id else {}
        values = {"generation": self.generation, "ready_at": self.ready_at} | more
        return storable(json.dumps(values))

    @classmethod
    def read(cls, name: str, text: str) -> Self:
        """The inverse of `parameter` and `to_text`."""
        _, kind, end = name.split("/")
        return cls(cast("Kind", kind), **({"object_id": end} | json.loads(text)))


@dataclass(frozen=True, slots=True)
class ChainRecord:
    """The parameters of one connection, by their names below its path."""

    values: Mapping[str, str]

    @property
    def owner(self) -> str:
        """Who may change the chain; empty if it has no owner."""
        return self.values.get(OWNER, "")

    @property
    def generation(self) -> str:
        """The generation that the last run creates or created; empty if there is none."""
        return self.values.get("generation", "")

    @property
    def base(self) -> str:
        """The part of the generation that identifies the base connection."""
        return self.generation.partition(".")[0]

    @property
    def is_adopted(self) -> bool:
        """Whether the base connection was adopted."""
        return self.values.get("adopted") == self.object_id(Slot("connections"))

    @property
    def is_changing(self) -> bool:
        """Whether a run is in progress or was interrupted before every object existed."""
        text = self.values.get(JOURNAL, CLOSED)
        return JournalEntry.from_text(text).step not in (CLEAN_UP, CLOSED)

    @property
    def is_complete(self) -> bool:
        """Whether the recorded generation was created completely."""
        return bool(self.generation) and self.values.get(COMPLETE) == self.generation

    def object_id(self, slot: Slot) -> str:
        """The recorded id, or an empty string."""
        return self.values.get(id_parameter(slot), "")

    def flows(self) -> tuple[str, ...]:
        """The names of all recorded flows, in alphabetical order."""
        names = (name.split("/")[1] for name in self.values if name.startswith("flows/"))
        return tuple(sorted(set(names)))

    def slots(self) -> tuple[Slot, ...]:
        """Every slot that may have an id, in the order of creation."""
        below = (Slot(kind, flow) for flow in self.flows() for kind in KINDS[1:])
        return (Slot("connections"), *below)

    def created_ids(self) -> dict[Slot, str]:
        """The recorded ids of the objects that the bridge created."""
        return {
            slot: object_id
            for slot in self.slots()
            if (object_id := self.object_id(slot))
            and not (slot.kind == "connections" and self.is_adopted)
        }

    def replaced_by(self, generation: str) -> dict[str, Any] | None:
        """The properties that a generation replaced, if a rollback may restore them."""
        for name, text in self.values.items():
            if name.startswith(REPLACED) and name != replaced_parameter(generation):
                properties: dict[str, Any] = json.loads(text)
                return properties
        return None

    def retired(self) -> tuple[RetiredObject, ...]:
        """Objects that were replaced or removed and may still exist at Adobe."""
        return tuple(
            RetiredObject.read(name, text)
            for name, text in self.values.items()
            if name.startswith("former/")
        )

    def is_usable(self) -> bool:
        """Whether a source can use the chain: it is complete, and all of one generation."""
        flows = self.flows()
        needed = {*_CONNECTION_VALUES}
        needed |= {f"flows/{flow}/{name}" for flow in flows for name in _FLOW_VALUES}
        return bool(flows) and not self.is_changing and self.values.keys() >= needed


def id_parameter(slot: Slot) -> str:
    """The name of the parameter with an object's id, below the connection's path."""
    name = _ID_PARAMETERS[slot.kind]
    return f"flows/{slot.flow}/{name}" if slot.flow else name


def replaced_parameter(generation: str) -> str:
    """Where the properties of a replaced generation are stored until it is deleted."""
    return f"{REPLACED}{generation}"


def base_parameters(
    desired: DesiredChain, location: ChainLocation, base_id: str, inlet: Inlet
) -> dict[str, str]:
    """The parameters of a base connection.

    In an order in which an interrupted write never marks an adopted connection as created.
    """
    adopted = {"adopted": base_id if desired.adopts else "none"}
    return {
        "generation": desired.generation,
        **(adopted if desired.adopts else {}),
        "org_id": location.org_id,
        "sandbox": location.sandbox,
        id_parameter(Slot("connections")): base_id,
        "inlet_id": inlet.inlet_id,
        "inlet_url": inlet.url,
        "source_id": inlet.source_id,
        "authenticated": str(desired.authenticated).lower(),
        "data_type": desired.data_type,
        **adopted,
    }


def flow_parameters(slot: Slot, desired: DesiredChain, ids: Mapping[Slot, str]) -> dict[str, str]:
    """The parameters of one object of a flow, without `ready_at`."""
    flow = desired.flow(slot.flow)
    path = f"flows/{flow.name}"
    parameters = {id_parameter(slot): ids[slot]}
    if slot.kind == "dataSets" and flow.dataset:
        parameters[f"{path}/dataset_name"] = flow.dataset.name
    if slot.kind == "targetConnections":
        parameters[f"{path}/dataset_id"] = dataset_id(flow, ids)
        parameters[f"{path}/schema_id"] = schema_id(flow, ids)
    return parameters
