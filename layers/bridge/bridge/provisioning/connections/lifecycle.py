"""Connections: what must exist at Adobe, and the ids of it in SSM."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast

from bridge.errors import InvalidPropertyError
from bridge.provisioning.chain.desired import DesiredChain
from bridge.provisioning.chain.plan import Step
from bridge.provisioning.chain.record import (
    JOURNAL,
    OWNER,
    PROPERTIES,
    ChainRecord,
    replaced_parameter,
)
from bridge.provisioning.connections.drift import Drift, drift, drift_of
from bridge.provisioning.connections.executor import ChangeExecutor
from bridge.provisioning.connections.journal import Journals
from bridge.provisioning.connections.observation import Observer, Plan
from bridge.provisioning.connections.properties import (
    desired_chain,
    properties_text,
    recorded_properties,
)
from bridge.provisioning.connections.records import Records
from bridge.provisioning.connections.removal import Removal
from bridge.provisioning.connections.sandbox import SandboxCheck
from bridge.provisioning.ownership import RETAINED, require_free
from bridge.provisioning.sources.documents import Documents


@dataclass(frozen=True, slots=True)
class Applied:
    """What `Connections.apply` did: the record as it is now, and the steps to it.

    Attributes:
        kept: the generation whose deletion somebody else will ask for.
    """

    desired: DesiredChain
    record: ChainRecord
    steps: tuple[Step, ...]
    kept: str = ""

    @property
    def left(self) -> str:
        """What ought to be gone from Adobe and is not, as a sentence, or an empty text."""
        former = [each for each in self.record.former() if each.generation != self.kept]
        ids = ", ".join(f"{each.kind}/{each.object_id}" for each in former)
        name = self.desired.name
        return f"Adobe did not delete {ids}; `inlet repair {name}` tries again" if ids else ""


@dataclass(frozen=True, slots=True)
class Connections:
    """Plans, applies and destroys connections.

    Attributes:
        inlet_hosts: where an inlet may be.
    """

    records: Records
    documents: Documents
    journals: Journals
    observer: Observer
    sandbox_check: SandboxCheck
    change: ChangeExecutor
    removal: Removal
    inlet_hosts: Collection[str]

    def plan(self, properties: object, owner: str) -> tuple[Step, ...]:
        """What `apply` would do; changes nothing. Raises as `apply`."""
        return self._plan(desired_chain(properties), owner).steps

    def apply(
        self, properties: object, owner: str, *, kept: str = "", thorough: bool = False
    ) -> Applied:
        """Make the chain what the properties say.

        What is replaced is deleted last: after the ids and the source documents name its
        successor, and after every receiver has let go of the old documents.

        Args:
            properties: as in a template.
            owner: who asks.
            kept: a generation whose deletion somebody else will ask for.
            thorough: look for all that bears our names, also when nothing was cut off.

        Raises:
            InvalidPropertyError: nothing was changed.
            AdobeError, UnavailableError: applying again goes on where this stopped.
        """
        desired = desired_chain(properties)
        text = properties_text(cast("Mapping[str, Any]", properties))
        plan = self._plan(desired, owner, kept=kept, thorough=thorough)
        if self._is_done(plan, owner, text):
            return Applied(desired, plan.observed.record, plan.steps)
        with self.journals.opened(desired.name) as journal:
            thorough = thorough or journal.left
            record = self.records.read(desired.name)
            if journal.left or _facts(record) != _facts(plan.observed.record):
                plan = self._plan(desired, owner, kept=kept, thorough=thorough)
            writable = self.records.open(desired.name, plan.observed.record)
            heading = {OWNER: owner, PROPERTIES: text}
            after = self.change.carry_out(plan, writable, heading, journal)
        return Applied(desired, after, plan.steps, kept)

    def status(self, name: str) -> dict[str, Any]:
        """What is recorded, where it differs from Adobe and the properties, and who uses it."""
        record = self.records.read(name)
        return {
            "name": name,
            "owner": record.owner,
            "usable": record.is_usable(),
            "parameters": dict(sorted(record.values.items())),
            "drift": [each.as_document() for each in self.drift(name, record)],
            "sources": [source.name for source in self.documents.of_connection(name)],
        }

    def drift(self, name: str, record: ChainRecord | None = None) -> tuple[Drift, ...]:
        """Where Adobe, SSM and the properties differ. Raises AdobeError, UnavailableError."""
        record = record or self.records.read(name)
        sources = self.documents.of_connection(name)
        place = self.sandbox_check.place()
        return drift(record, place, sources, self.observer, self.inlet_hosts)

    def repair(self, name: str) -> Applied:
        """Apply once more what was asked for last, on behalf of whoever did. Raises as `apply`."""
        record = self.records.read(name)
        properties = recorded_properties(record)
        if properties is None:
            raise InvalidPropertyError("connection", f"there is no connection {name}")
        return self.apply(properties, record.owner, thorough=True)

    def require_unused(self, name: str) -> None:
        """Raise InvalidPropertyError when a source still sends to the connection."""
        if sources := self.documents.of_connection(name):
            used_by = ", ".join(source.name for source in sources)
            raise InvalidPropertyError("connection", f"{name} is used by the sources {used_by}")

    def destroy(self, name: str, owner: str) -> tuple[Step, ...]:
        """Delete the chain and its parameters. Raises as `Removal.destroy`."""
        return self.removal.destroy(name, owner)

    def release(self, name: str, generation: str, owner: str) -> bool:
        """Delete one generation of the owner's chain; False if there is nothing of it.

        Where an update made this generation and the one before it is still there, the update is
        being rolled back, and the one before serves again.

        Raises:
            AdobeError, UnavailableError: releasing again goes on where this stopped.
        """
        record = self.records.read(name)
        if record.owner != owner and not (JOURNAL in record.values and not record.owner):
            return False
        if before := record.replaced_by(generation):
            self.apply(before, owner)
            return True
        if record.generation in ("", generation) or not record.is_complete:
            return bool(self.destroy(name, owner))
        return self.removal.release_former(name, generation)

    def retain(self, name: str, generation: str, owner: str) -> tuple[str, ...]:
        """Leave everything as it is, for whoever wants it next; where it is, empty if nowhere.

        Raises as `release`.
        """
        record = self.records.read(name)
        if record.owner != owner:
            return ()
        if before := record.replaced_by(generation):
            self.apply(before, owner, kept=generation)
            record = self.records.read(name)
        writable = self.records.open(name, record)
        if record.generation in ("", generation):
            writable.put({OWNER: RETAINED})
            return (f"the ids are below {writable.path}",)
        stays = [each for each in record.former() if each.generation == generation]
        writable.remove([replaced_parameter(generation), *(each.parameter for each in stays)])
        return tuple(f"{each.kind}/{each.object_id}" for each in stays)

    def _plan(
        self, desired: DesiredChain, owner: str, *, kept: str = "", thorough: bool = False
    ) -> Plan:
        record = self.records.read(desired.name)
        require_free(record.owner, owner)
        place = self.sandbox_check.place_of(desired.name, record)
        self._require_routed_flows(desired)
        return self.observer.plan(desired, place, record, kept=kept, thorough=thorough)

    def _is_done(self, plan: Plan, owner: str, text: str) -> bool:
        """Whether there is nothing to write either."""
        record = plan.observed.record
        if JOURNAL in record.values or (record.owner, record.values.get(PROPERTIES)) != (
            owner,
            text,
        ):
            return False
        sources = self.documents.of_connection(plan.desired.name)
        return not drift_of(plan, sources, self.inlet_hosts)

    def _require_routed_flows(self, desired: DesiredChain) -> None:
        flows = {flow.name for flow in desired.flows}
        for source in self.documents.of_connection(desired.name):
            for flow in sorted(source.destinations() - flows):
                raise InvalidPropertyError(
                    "Flows", f"source {source.name} still routes to flow {flow}"
                )


def _facts(record: ChainRecord) -> dict[str, str]:
    """The record without the journal, which every run writes."""
    return {name: text for name, text in record.values.items() if name != JOURNAL}
