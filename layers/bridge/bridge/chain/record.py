"""What SSM says about a chain: one parameter per fact, below the connection's path."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from bridge.chain.names import KINDS, Kind, Slot

OWNER: Final = "owner"
CHANGING: Final = "changing"
"""Exists while the ids below it may be of two generations."""

_BASE: Final = ("org_id", "sandbox", "source_id", "authenticated", "data_type")
_INLET: Final = ("base_connection_id", "inlet_id", "inlet_url")
_FLOW: Final = ("dataset_id", "schema_id", "source_connection_id", "target_connection_id")
_READY: Final = ("flow_id", "ready_at")


def former_parameter(kind: Kind, object_id: str) -> str:
    """Remembers an object that was replaced or removed until it is deleted at Adobe."""
    return f"former/{kind}/{object_id}"


@dataclass(frozen=True, slots=True)
class ChainRecord:
    """The parameters of one connection, by their names below its path."""

    values: Mapping[str, str]

    @property
    def owner(self) -> str:
        """Who may change the chain; empty when nobody holds it."""
        return self.values.get(OWNER, "")

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

    def former(self) -> tuple[tuple[Kind, str], ...]:
        """Objects that were replaced or removed and may still exist at Adobe."""
        return tuple(
            (cast("Kind", name.split("/")[1]), name.split("/")[2])
            for name in self.values
            if name.startswith("former/")
        )

    def is_usable(self) -> bool:
        """True when a source can be built on it: complete, and all of one generation."""
        flows = self.flows()
        needed = [*_BASE, *_INLET]
        needed += [f"flows/{flow}/{name}" for flow in flows for name in _FLOW + _READY]
        return bool(flows) and CHANGING not in self.values and self.values.keys() >= set(needed)
