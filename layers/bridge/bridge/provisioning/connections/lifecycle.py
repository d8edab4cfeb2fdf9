"""Plan, apply, repair and delete connections."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bridge.errors import AdobeError, InvalidPropertyError
from bridge.provisioning.chain.desired import DesiredChain
from bridge.provisioning.chain.plan import Done, Step
from bridge.provisioning.chain.record import (
    JOURNAL,
    OWNER,
    PROPERTIES,
    ChainRecord,
    replaced_parameter,
)
from bridge.provisioning.connections.applied import Applied
from bridge.provisioning.connections.drift import Drift, destination_drift, find_drift
from bridge.provisioning.connections.executor import ChangeExecutor
from bridge.provisioning.connections.observation import Observer, Plan
from bridge.provisioning.connections.properties import (
    ConnectionDeclaration,
    parse_connection,
    properties_text,
    recorded_chain,
    recorded_properties,
)
from bridge.provisioning.connections.removal import FirstRunFailedError, Removal
from bridge.provisioning.connections.sandbox import SandboxCheck
from bridge.provisioning.journal import Journals
from bridge.provisioning.ownership import RETAINED, require_owner
from bridge.provisioning.records import Records
from bridge.provisioning.sources.documents import Documents
from bridge.provisioning.unknown_connection import unknown_connection
from bridge.sources.configured import PAUSED, paused_since


@dataclass(frozen=True, slots=True)
class Connections:
    """Plans, applies and deletes connections.

    Attributes:
        inlet_hosts: the allowed hosts of an inlet.
    """

    records: Records
    documents: Documents
    journals: Journals
    observer: Observer
    sandbox_check: SandboxCheck
    executor: ChangeExecutor
    removal: Removal
    inlet_hosts: Collection[str]

    def plan(self, declaration: ConnectionDeclaration, owner: str) -> tuple[Step, ...]:
        """The steps of `apply`; changes nothing. Raises as `apply`."""
        return self._plan(declaration.desired, owner).steps

    def preview(self, declaration: ConnectionDeclaration, owner: str) -> Plan:
        """The plan of `apply` with the problems of all destinations. Raises as `apply`."""
        return self.observer.with_problems(self._plan(declaration.desired, owner))

    def apply(
        self,
        declaration: ConnectionDeclaration,
        owner: str,
        *,
        replaced_generation: str = "",
        thorough: bool = False,
    ) -> Applied:
        """Create or change the chain.

        Replaced objects are deleted last: after the record and the source documents name their
        replacements, and after the old documents have expired in every receiver.

        Args:
            declaration: the properties.
            owner: the stack and the resource, or `DIRECT`.
            replaced_generation: a generation that a later request deletes.
            thorough: search for unrecorded objects, as after an interrupted run.

        Raises:
            InvalidPropertyError: nothing was changed.
            AdobeError, UnavailableError: another call continues from the record. If it was the
                first one, and another would fail as well, what it created is deleted.
        """
        desired = declaration.desired
        text = properties_text(declaration.properties)
        plan = self._plan(
            desired, owner, replaced_generation=replaced_generation, thorough=thorough
        )
        if self._is_up_to_date(plan, owner, text):
            record, problems = plan.observed.record, plan.problems
            return Applied(desired, record, plan.steps, problems=problems)
        try:
            return self._execute(plan, owner, text, thorough=thorough)
        except FirstRunFailedError as exc:
            raise self.removal.undo(exc.cause, desired.name, owner) from exc.cause

    def _execute(self, plan: Plan, owner: str, text: str, *, thorough: bool) -> Applied:
        """Execute a plan while no other run does; plan again if one was faster."""
        desired, replaced_generation = plan.desired, plan.observed.replaced_generation
        with self.journals.hold(desired.name) as journal:
            thorough = thorough or journal.is_takeover
            record = self.records.read(desired.name)
            if journal.is_takeover or _without_journal(record) != _without_journal(
                plan.observed.record
            ):
                plan = self._plan(
                    desired, owner, replaced_generation=replaced_generation, thorough=thorough
                )
            writable = self.records.open(desired.name, plan.observed.record)
            parameters = {OWNER: owner, PROPERTIES: text}
            try:
                return self.executor.execute(plan, writable, parameters, journal)
            except AdobeError as exc:
                if plan.observed.record.values:
                    raise
                raise FirstRunFailedError(exc) from exc

    def status(self, name: str) -> dict[str, Any]:
        """The record, its drift, and the sources that use the connection."""
        record = self.records.read(name)
        return {
            "name": name,
            "owner": record.owner,
            "usable": record.is_usable(),
            "paused_since": paused_since(record.values, PAUSED),
            "parameters": {
                each: record.values[each] for each in sorted(record.values) if each != PAUSED
            },
            "drift": [each.as_document() for each in self.drift(name, record)],
            "sources": [source.name for source in self.documents.of_connection(name)],
        }

    def drift(self, name: str, record: ChainRecord | None = None) -> tuple[Drift, ...]:
        """The drift between Adobe, SSM and the properties. Raises AdobeError, UnavailableError."""
        record = record or self.records.read(name)
        sources = self.documents.of_connection(name)
        location = self.sandbox_check.location()
        desired = recorded_chain(record)
        if desired is None:
            return ()
        plan = self.observer.plan(desired, location, record, thorough=True, is_report=True)
        expiring = self.observer.destinations.expiring(desired, plan.observed)
        return (
            *find_drift(plan, sources, self.inlet_hosts),
            *destination_drift((*plan.problems, *expiring)),
        )

    def repair(self, name: str) -> Applied:
        """Apply the recorded properties again for their owner. Raises as `apply`.

        It never creates, changes or deletes a dataset, a schema or a mapping set that the
        properties name: their problems are in the warnings.
        """
        record = self.records.read(name)
        properties = recorded_properties(record)
        if properties is None:
            raise InvalidPropertyError("connection", unknown_connection(name, self.records.names()))
        return self.apply(parse_connection(properties), record.owner, thorough=True)

    def require_unused(self, name: str) -> None:
        """Raise InvalidPropertyError when a source still sends to the connection."""
        if sources := self.documents.of_connection(name):
            used_by = ", ".join(source.name for source in sources)
            raise InvalidPropertyError("connection", f"{name} is used by the sources {used_by}")

    def delete_generation(self, name: str, generation: str, owner: str) -> tuple[Done, ...] | None:
        """Delete one generation of the owner's chain; return what was done and kept.

        None if it does not exist.

        If the generation that it replaced still exists, the update is being rolled back: the
        previous generation is restored.

        Raises:
            AdobeError, UnavailableError: another call continues from the record.
        """
        record = self.records.read(name)
        if record.owner != owner and not (JOURNAL in record.values and not record.owner):
            return None
        if before := record.replaced_by(generation):
            return self.apply(parse_connection(before), owner).steps
        if record.generation in ("", generation) or not record.is_complete:
            return self.removal.destroy(name, owner)
        return self.removal.delete_retired(name, generation)

    def retain_generation(self, name: str, generation: str, owner: str) -> tuple[str, ...]:
        """Keep a generation for its next owner; return where it is recorded, or its objects.

        Raises as `delete_generation`.
        """
        record = self.records.read(name)
        if record.owner != owner:
            return ()
        if before := record.replaced_by(generation):
            self.apply(parse_connection(before), owner, replaced_generation=generation)
            record = self.records.read(name)
        writable = self.records.open(name, record)
        if record.generation in ("", generation):
            writable.put({OWNER: RETAINED})
            return (f"the ids are below {writable.path}",)
        retained = [each for each in record.retired() if each.generation == generation]
        writable.remove([replaced_parameter(generation), *(each.parameter for each in retained)])
        return tuple(f"{each.kind}/{each.object_id}" for each in retained)

    def _plan(
        self,
        desired: DesiredChain,
        owner: str,
        *,
        replaced_generation: str = "",
        thorough: bool = False,
    ) -> Plan:
        record = self.records.read(desired.name)
        require_owner(record.owner, owner)
        location = self.sandbox_check.location_of(desired.name, record)
        self._require_routed_flows(desired)
        return self.observer.plan(
            desired, location, record, replaced_generation=replaced_generation, thorough=thorough
        )

    def _is_up_to_date(self, plan: Plan, owner: str, text: str) -> bool:
        """Whether neither Adobe nor SSM needs a change."""
        record = plan.observed.record
        if JOURNAL in record.values or (record.owner, record.values.get(PROPERTIES)) != (
            owner,
            text,
        ):
            return False
        sources = self.documents.of_connection(plan.desired.name)
        return not find_drift(plan, sources, self.inlet_hosts)

    def _require_routed_flows(self, desired: DesiredChain) -> None:
        flows = {flow.name for flow in desired.flows}
        for source in self.documents.of_connection(desired.name):
            for flow in sorted(source.destinations() - flows):
                raise InvalidPropertyError(
                    "Flows",
                    f"source {source.name} still routes to flow {flow}; keep it beside a new flow"
                    " until no source routes to it",
                )


def _without_journal(record: ChainRecord) -> dict[str, str]:
    """The values without the journal, which every run writes."""
    return {name: text for name, text in record.values.items() if name != JOURNAL}
