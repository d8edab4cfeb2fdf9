"""A chain as its author wants it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Literal

from bridge.names import Slot

type SourceType = Literal["ATTRIBUTE", "EXPRESSION", "STATIC"]


@dataclass(frozen=True, slots=True)
class MappingSet:
    """One version of a Data Prep mapping set that somebody else made."""

    mapping_set_id: str
    version: int


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """Where one field of a message comes from."""

    source_type: SourceType
    source: str
    destination: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset that is made with the flow.

    Attributes:
        profile: whether its data goes to the Real-Time Customer Profile too.
    """

    name: str
    profile: bool


@dataclass(frozen=True, slots=True)
class DesiredFlow:
    """A dataflow into one dataset.

    Attributes:
        dataset_id: of a dataset that exists; empty when `dataset` is to be made.
        mapping_set, mappings: raw data needs one of them, XDM takes none.
    """

    name: str
    dataset_id: str
    schema_id: str
    mapping_set: MappingSet | None = None
    mappings: tuple[FieldMapping, ...] = ()
    dataset: Dataset | None = None
    description: str = ""

    def slots(self) -> tuple[Slot, ...]:
        """The objects that must exist for this flow, in the order of creation."""
        dataset = (Slot("dataSets", self.name),) if self.dataset else ()
        mappings = (Slot("mappingSets", self.name),) if self.mappings else ()
        source, target = Slot("sourceConnections", self.name), Slot("targetConnections", self.name)
        return (*dataset, source, target, *mappings, Slot("flows", self.name))


@dataclass(frozen=True, slots=True)
class DesiredChain:
    """A base connection with its flows.

    Attributes:
        connection_id: of a base connection that exists and is to be taken; mostly empty.
        adopt: take the base connection at Adobe that has this name.
    """

    name: str
    authenticated: bool
    data_type: Literal["xdm", "raw"]
    flows: tuple[DesiredFlow, ...]
    description: str = ""
    connection_id: str = ""
    adopt: bool = False

    @property
    def adopts(self) -> bool:
        """Whether the base connection is somebody else's, who may also delete it."""
        return bool(self.connection_id) or self.adopt

    @property
    def base(self) -> str:
        """What cannot be changed of the base connection: it is made anew for another one."""
        if self.adopts:
            return self.connection_id or "adopted"
        return f"{self.data_type}-{'authenticated' if self.authenticated else 'open'}"

    @property
    def generation(self) -> str:
        """All that cannot be changed in place: of another generation, objects are made anew.

        The base connection, and each flow's dataset and schema.
        """
        targets = sorted(
            (
                flow.name,
                flow.dataset_id,
                flow.schema_id,
                asdict(flow.dataset) if flow.dataset else None,
            )
            for flow in self.flows
        )
        digest = hashlib.sha256(json.dumps(targets).encode()).hexdigest()
        return f"{self.base}.{digest[:10]}"

    def flow(self, name: str) -> DesiredFlow:
        """The flow of this name. Raises KeyError."""
        return {flow.name: flow for flow in self.flows}[name]

    def slots(self) -> tuple[Slot, ...]:
        """The objects that must exist, in the order of creation."""
        return (Slot("connections"), *(slot for flow in self.flows for slot in flow.slots()))
