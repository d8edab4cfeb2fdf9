"""Store chain records in SSM: read as a whole, written value by value."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bridge.names import Kind, Slot, resource_path, resources_path
from bridge.ports.aws import Parameters
from bridge.provisioning.chain.journal_entry import CLOSED
from bridge.provisioning.chain.plan import DELETION_ORDER
from bridge.provisioning.chain.record import (
    JOURNAL,
    OWNER,
    ChainRecord,
    RetiredObject,
)


@dataclass(frozen=True, slots=True)
class Records:
    """The chain records of one stage."""

    parameters: Parameters
    stage: str

    def read(self, connection: str) -> ChainRecord:
        """The record of a connection, without a closed journal; may be empty.

        Raises:
            UnavailableError: SSM cannot be read.
        """
        path = f"{resource_path(self.stage, 'connections', connection)}/"
        found = self.parameters.under(path.rstrip("/"))
        values = {name.removeprefix(path): text for name, text in found.items()}
        if values.get(JOURNAL) == CLOSED:
            del values[JOURNAL]
        return ChainRecord(values)

    def names(self) -> tuple[str, ...]:
        """The names of all recorded connections. Raises UnavailableError."""
        path = f"{resources_path(self.stage, 'connections')}/"
        found = self.parameters.under(path.rstrip("/"))
        return tuple(sorted({name.removeprefix(path).split("/")[0] for name in found}))

    def open(self, connection: str, record: ChainRecord) -> "OpenRecord":
        """A record for writing, without the journal, which `Journals` writes."""
        path = resource_path(self.stage, "connections", connection)
        values = {name: text for name, text in record.values.items() if name != JOURNAL}
        return OpenRecord(values, self.parameters, path)


@dataclass(frozen=True, slots=True)
class OpenRecord(ChainRecord):
    """The record of a chain during a change; writes only values that differ."""

    values: dict[str, str]
    parameters: Parameters
    path: str

    def snapshot(self) -> ChainRecord:
        """The record as it is now."""
        return ChainRecord(dict(self.values))

    def put(self, values: Mapping[str, str]) -> None:
        """Write values. Raises UnavailableError."""
        for name, value in values.items():
            if self.values.get(name) != value:
                self.parameters.put(f"{self.path}/{name}", value)
                self.values[name] = value

    def remove(self, names: Collection[str]) -> None:
        """Delete values. Raises UnavailableError."""
        existing = [name for name in names if name in self.values]
        if existing:
            self.parameters.delete([f"{self.path}/{name}" for name in existing])
            for name in existing:
                del self.values[name]

    def retire(self, slot: Slot, object_id: str) -> None:
        """Record an object to be deleted at Adobe, before its id is overwritten."""
        if slot.kind not in DELETION_ORDER or any(
            each.object_id == object_id for each in self.retired()
        ):
            return
        ready_at = ""
        if slot.kind == "flows" and self.object_id(slot) == object_id:
            ready_at = self.values.get(f"flows/{slot.flow}/ready_at", "")
        retired = RetiredObject(slot.kind, object_id, self.generation, ready_at)
        self.put({retired.parameter: retired.to_text()})

    def retired_object(self, kind: Kind, object_id: str) -> RetiredObject | None:
        """A retired object, or None if it is not recorded."""
        found = (each for each in self.retired() if each.object_id == object_id)
        return next((each for each in found if each.kind == kind), None)

    def forget_retired(self, kind: Kind, object_id: str) -> None:
        """Remove a retired object that is deleted or in use again."""
        self.remove([RetiredObject(kind, object_id, "").parameter])

    def erase(self) -> None:
        """Delete all values, the owner last: it marks a record that may contain more."""
        self.remove([name for name in self.values if name != OWNER])
        self.remove([OWNER])
