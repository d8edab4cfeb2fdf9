"""Chain records in SSM: read as a whole, written fact by fact, as soon as a fact is known."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bridge.names import Kind, Slot, resource_path, resources_path
from bridge.ports.aws import Parameters
from bridge.provisioning.chain.plan import DELETION_ORDER
from bridge.provisioning.chain.record import JOURNAL, OWNER, ChainRecord, Former


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
        """A record to be written; the journal beside it is written by others."""
        path = resource_path(self.stage, "connections", connection)
        values = {name: text for name, text in record.values.items() if name != JOURNAL}
        return OpenRecord(self.parameters, path, values)


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

    def put(self, facts: Mapping[str, str]) -> None:
        """Write facts. Raises UnavailableError."""
        for name, value in facts.items():
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

    def retire(self, slot: Slot, object_id: str) -> None:
        """Remember an object that is to be deleted at Adobe, before its id is overwritten."""
        record = self.record
        if slot.kind not in DELETION_ORDER or any(
            each.object_id == object_id for each in record.former()
        ):
            return
        ready_at = ""
        if slot.kind == "flows" and record.object_id(slot) == object_id:
            ready_at = self.values.get(f"flows/{slot.flow}/ready_at", "")
        former = Former(slot.kind, object_id, record.generation, ready_at)
        self.put({former.parameter: former.to_text()})

    def recall(self, kind: Kind, object_id: str) -> Former | None:
        """What is remembered of a retired object."""
        found = (each for each in self.record.former() if each.object_id == object_id)
        return next((each for each in found if each.kind == kind), None)

    def forget(self, kind: Kind, object_id: str) -> None:
        """The retired object is gone, or in use again."""
        self.remove([Former(kind, object_id, "").parameter])

    def erase(self) -> None:
        """Delete everything, the owner last: while it is there, there may be more."""
        self.remove([name for name in self.values if name != OWNER])
        self.remove([OWNER])
