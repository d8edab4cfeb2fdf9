"""Chain records in SSM: read as a whole, written fact by fact, as soon as a fact is known."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bridge.chain.names import Kind, Slot, resource_path, resources_path
from bridge.chain.record import OWNER, ChainRecord, former_parameter
from bridge.ports import Parameters


@dataclass(frozen=True, slots=True)
class Records:
    """All chains of one stage."""

    parameters: Parameters
    stage: str

    def read(self, connection: str) -> ChainRecord:
        """What is recorded; an empty record when nothing is. Raises UnavailableError."""
        path = f"{resource_path(self.stage, 'connections', connection)}/"
        found = self.parameters.under(path.rstrip("/"))
        return ChainRecord({name.removeprefix(path): text for name, text in found.items()})

    def names(self) -> tuple[str, ...]:
        """The connections of which anything is recorded. Raises UnavailableError."""
        path = f"{resources_path(self.stage, 'connections')}/"
        found = self.parameters.under(path.rstrip("/"))
        return tuple(sorted({name.removeprefix(path).split("/")[0] for name in found}))

    def open(self, connection: str, record: ChainRecord) -> "OpenRecord":
        """A record to be written."""
        path = resource_path(self.stage, "connections", connection)
        return OpenRecord(self.parameters, path, dict(record.values))


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """One chain's record while it is changed; writes only what differs."""

    parameters: Parameters
    path: str
    values: dict[str, str]

    @property
    def record(self) -> ChainRecord:
        """The record as it is by now."""
        return ChainRecord(dict(self.values))

    def put(self, name: str, value: str) -> None:
        """Write one fact. Raises UnavailableError."""
        if self.values.get(name) != value:
            self.parameters.put(f"{self.path}/{name}", value)
            self.values[name] = value

    def remove(self, names: Collection[str]) -> None:
        """Delete facts. Raises UnavailableError."""
        there = [name for name in names if name in self.values]
        if there:
            self.parameters.delete([f"{self.path}/{name}" for name in there])
            for name in there:
                del self.values[name]

    def retire(self, slot: Slot, object_id: str, now: datetime) -> None:
        """Remember an object that is to be deleted at Adobe, before its id is overwritten."""
        self.put(former_parameter(slot.kind, object_id), now.isoformat())

    def forget(self, kind: Kind, object_id: str) -> None:
        """The retired object is gone, or in use again."""
        self.remove([former_parameter(kind, object_id)])

    def erase(self) -> None:
        """Delete everything, the owner last: while it is there, there may be more."""
        self.remove([name for name in self.values if name != OWNER])
        self.remove([OWNER])
