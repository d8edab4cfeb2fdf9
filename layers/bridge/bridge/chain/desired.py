"""A chain as its author wants it."""

from dataclasses import dataclass
from typing import Literal

from bridge.chain.names import Slot


@dataclass(frozen=True, slots=True)
class MappingSet:
    """One version of a Data Prep mapping set."""

    mapping_set_id: str
    version: int


@dataclass(frozen=True, slots=True)
class DesiredFlow:
    """A dataflow into one dataset; raw data needs a mapping set, XDM takes none."""

    name: str
    dataset_id: str
    schema_id: str
    mapping_set: MappingSet | None = None


@dataclass(frozen=True, slots=True)
class DesiredChain:
    """A base connection with its flows."""

    name: str
    authenticated: bool
    data_type: Literal["xdm", "raw"]
    flows: tuple[DesiredFlow, ...]

    def flow(self, name: str) -> DesiredFlow:
        """The flow of this name. Raises KeyError."""
        return {flow.name: flow for flow in self.flows}[name]

    def slots(self) -> tuple[Slot, ...]:
        """The objects that must exist, in the order of creation."""
        return (
            Slot("connections"),
            *(
                Slot(kind, flow.name)
                for flow in self.flows
                for kind in ("sourceConnections", "targetConnections", "flows")
            ),
        )
