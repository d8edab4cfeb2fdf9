"""What SSM says about a chain: one parameter per fact, below the connection's path."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from bridge.names import KINDS, ChainLocation, Kind, Slot
from bridge.provisioning.chain.desired import DesiredChain
from bridge.provisioning.chain.inlet import Inlet
from bridge.provisioning.chain.request_bodies import dataset_id

OWNER: Final = "owner"
PROPERTIES: Final = "properties"
"""What the chain was last asked to be, as its author wrote it."""

JOURNAL: Final = "journal"
"""Names the step that a run is about to take; exists until the run has done everything, and the
ids beside it may be of two generations meanwhile."""

_BASE: Final = ("org_id", "sandbox", "source_id", "authenticated", "data_type")
_INLET: Final = ("base_connection_id", "inlet_id", "inlet_url")
_FLOW: Final = ("dataset_id", "schema_id", "source_connection_id", "target_connection_id")
_READY: Final = ("flow_id", "ready_at")


COMPLETE: Final = "complete"
"""The generation that was made to its end."""

REPLACED: Final = "replaced/"
"""Below it are the properties of generations that may have to serve again."""

DESCRIBING: Final = "write the properties"
"""The step from which on the recorded properties may be ahead of the recorded objects."""

CLEANING: Final = "clean up"
"""The step after which everything that is wanted is there; what is left to do is deleting."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the journal says.

    Attributes:
        run: who wrote it.
        until: nobody else may change the chain before; a run writes again in time.
        step: what the run is about to do.
    """

    run: str
    until: datetime
    step: str

    def to_text(self) -> str:
        """The text that goes to SSM."""
        return json.dumps({"run": self.run, "until": self.until.isoformat(), "step": self.step})


def read_entry(text: str) -> Entry:
    """The inverse of `Entry.to_text`."""
    document = json.loads(text)
    return Entry(document["run"], datetime.fromisoformat(document["until"]), document["step"])


@dataclass(frozen=True, slots=True)
class Former:
    """An object that was replaced or removed and may still exist at Adobe.

    Attributes:
        generation: the chain that it belongs to.
        ready_at: of a flow; it holds again when the flow is taken back unchanged.
    """

    kind: Kind
    object_id: str
    generation: str
    ready_at: str = ""

    @property
    def parameter(self) -> str:
        """Where it is remembered, below the connection's path."""
        return f"former/{self.kind}/{self.object_id}"

    def to_text(self) -> str:
        """What is remembered of it beside its name."""
        return json.dumps({"generation": self.generation, "ready_at": self.ready_at})


@dataclass(frozen=True, slots=True)
class ChainRecord:
    """The parameters of one connection, by their names below its path."""

    values: Mapping[str, str]

    @property
    def owner(self) -> str:
        """Who may change the chain; empty when nobody holds it."""
        return self.values.get(OWNER, "")

    @property
    def generation(self) -> str:
        """That the run that wrote last was about to make; empty when there is none."""
        return self.values.get("generation", "")

    @property
    def base(self) -> str:
        """The part of the generation that tells of the base connection."""
        return self.generation.partition(".")[0]

    @property
    def is_adopted(self) -> bool:
        """Whether the base connection is somebody else's."""
        return self.values.get("adopted") == self.object_id(Slot("connections"))

    @property
    def is_changing(self) -> bool:
        """Whether a run is under way, or was cut off, that has not built everything yet."""
        return JOURNAL in self.values and read_entry(self.values[JOURNAL]).step != CLEANING

    @property
    def is_complete(self) -> bool:
        """Whether the recorded generation was made to its end once."""
        return bool(self.generation) and self.values.get(COMPLETE) == self.generation

    def object_id(self, slot: Slot) -> str:
        """The recorded id, or an empty text."""
        return self.values.get(slot.parameter, "")

    def flow_value(self, flow: str, name: str) -> str:
        """One fact about a flow. Raises KeyError."""
        return self.values[f"flows/{flow}/{name}"]

    def flows(self) -> tuple[str, ...]:
        """The names of all flows of which anything is recorded, in alphabetical order."""
        names = (name.split("/")[1] for name in self.values if name.startswith("flows/"))
        return tuple(sorted(set(names)))

    def slots(self) -> tuple[Slot, ...]:
        """Every slot that may have an id, in the order of creation."""
        below = (Slot(kind, flow) for flow in self.flows() for kind in KINDS[1:])
        return (Slot("connections"), *below)

    def ours(self) -> dict[Slot, str]:
        """The recorded objects that the bridge made."""
        return {
            slot: object_id
            for slot in self.slots()
            if (object_id := self.object_id(slot))
            and not (slot.kind == "connections" and self.is_adopted)
        }

    def replaced_by(self, generation: str) -> dict[str, Any] | None:
        """The properties that held before a generation took their place, if they may come back."""
        for name, text in self.values.items():
            if name.startswith(REPLACED) and name != replaced_parameter(generation):
                properties: dict[str, Any] = json.loads(text)
                return properties
        return None

    def former(self) -> tuple[Former, ...]:
        """Objects that were replaced or removed and may still exist at Adobe."""
        return tuple(
            Former(cast("Kind", name.split("/")[1]), name.split("/")[2], **json.loads(text))
            for name, text in self.values.items()
            if name.startswith("former/")
        )

    def is_usable(self) -> bool:
        """True when a source can be built on it: complete, and all of one generation."""
        flows = self.flows()
        needed = [*_BASE, *_INLET]
        needed += [f"flows/{flow}/{name}" for flow in flows for name in _FLOW + _READY]
        return bool(flows) and not self.is_changing and self.values.keys() >= set(needed)


def replaced_parameter(generation: str) -> str:
    """Where the properties of a replaced generation are kept until it is deleted."""
    return f"{REPLACED}{generation}"


def base_facts(
    desired: DesiredChain, place: ChainLocation, base_id: str, inlet: Inlet
) -> dict[str, str]:
    """What is recorded of a base connection, in an order in which no cut makes it ours wrongly."""
    adopted = {"adopted": base_id if desired.adopts else "none"}
    return {
        "generation": desired.generation,
        **(adopted if desired.adopts else {}),
        "org_id": place.org_id,
        "sandbox": place.sandbox,
        Slot("connections").parameter: base_id,
        "inlet_id": inlet.inlet_id,
        "inlet_url": inlet.url,
        "source_id": inlet.source_id,
        "authenticated": str(desired.authenticated).lower(),
        "data_type": desired.data_type,
        **adopted,
    }


def flow_facts(slot: Slot, desired: DesiredChain, ids: Mapping[Slot, str]) -> dict[str, str]:
    """What is recorded of one object of a flow, except when the flow is ready."""
    flow = desired.flow(slot.flow)
    path = f"flows/{flow.name}"
    facts = {slot.parameter: ids[slot]}
    if slot.kind == "dataSets" and flow.dataset:
        facts[f"{path}/dataset_name"] = flow.dataset.name
    if slot.kind == "targetConnections":
        facts[f"{path}/dataset_id"] = dataset_id(flow, ids)
        facts[f"{path}/schema_id"] = flow.schema_id
    return facts
