"""Carrying out a plan: build, let the sources know, and only then delete."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bridge.errors import AdobeError
from bridge.ports.adobe import Schemas
from bridge.ports.process import Clock, Sleep
from bridge.provisioning.chain.plan import Step
from bridge.provisioning.chain.record import (
    CLEANING,
    COMPLETE,
    DESCRIBING,
    PROPERTIES,
    REPLACED,
    ChainRecord,
    replaced_parameter,
)
from bridge.provisioning.connections.builder import Builder
from bridge.provisioning.connections.journal import OpenJournal
from bridge.provisioning.connections.observation import Plan
from bridge.provisioning.connections.records import OpenRecord
from bridge.provisioning.connections.schemas import read_schemas
from bridge.provisioning.schema_subset import schema_behavior
from bridge.provisioning.sources.documents import (
    SOURCE_DOCUMENT_TTL,
    Documents,
    connection_of,
    flows_of,
)
from bridge.sources.source import Source
from bridge.telemetry import logger


@dataclass(frozen=True, slots=True)
class ChangeExecutor:
    """The order in which a chain, its record and its sources' documents change."""

    documents: Documents
    schemas: Schemas
    builder: Builder
    now: Clock
    sleep: Sleep

    def carry_out(
        self,
        plan: Plan,
        record: OpenRecord,
        heading: Mapping[str, str],
        journal: OpenJournal,
    ) -> ChainRecord:
        """Make everything what the plan says, and give the record as it is then.

        Args:
            plan: the steps, and what they were made from.
            record: of the chain.
            heading: the owner and the properties that the plan was made for.
            journal: of the run.

        What cannot be deleted stays recorded as former, and is drift.

        Raises:
            AdobeError, UnavailableError: another run goes on where this one stopped.
        """
        name, observed = plan.desired.name, plan.observed
        deletions = [step for step in plan.steps if step.action == "delete"]
        # From here on the properties may say what the recorded objects are not yet.
        journal.write(DESCRIBING)
        for step in deletions:
            if step.object_id not in observed.record.ours().values():
                # Only Adobe knows of it: its name could be lost before it is deleted.
                record.retire(step.slot, step.object_id)
        kept = replaced_parameter(observed.kept)
        if observed.kept and observed.kept == observed.record.generation:
            record.put({kept: record.values.get(kept, record.values[PROPERTIES])})
        record.put(heading)
        self._hold_flows(name, plan.steps, record, journal)
        self.builder.build(plan, record, journal)
        after = record.record
        sources = self.documents.of_connection(name)
        self._point_to(sources, name, after)
        record.put({COMPLETE: plan.desired.generation})
        if deletions:
            journal.write(CLEANING)
            if sources:
                self.sleep(SOURCE_DOCUMENT_TTL)
        in_use = set(after.ours().values())
        try:
            self.builder.take_down(deletions, record, journal, CLEANING, in_use)
        except AdobeError as exc:
            # All that is wanted is there: to fail now would undo it.
            logger.warning("what was replaced stays for now", extra={"reason": str(exc)})
        record.remove([n for n in after.values if n.startswith(REPLACED) and n != kept])
        return record.record

    def _point_to(self, sources: Iterable[Source], name: str, after: ChainRecord) -> None:
        """Let documents name what is there now, and what Adobe says of schemas new to them."""
        there = connection_of(name, after)
        for source in sources:
            flows = flows_of(after, source.flows)
            untold = {each: flow for each, flow in flows.items() if not flow.behavior}
            schemas = read_schemas(self.schemas, there, untold)
            told = {
                each: replace(flows[each], behavior=schema_behavior(schema))
                for each, schema in schemas.items()
            }
            self.documents.put(replace(source, connection=there, flows=flows | told))

    def _hold_flows(
        self, name: str, steps: tuple[Step, ...], record: OpenRecord, journal: OpenJournal
    ) -> None:
        """Before a flow is changed in place, let every receiver put off what it would send there.

        From the change on the inlet loses what it accepts, until the flow has settled.
        """
        flows = {s.object_id for s in steps if s.slot.kind == "flows" and s.action == "patch"}
        sources = self.documents.of_connection(name)
        if not flows or not sources:
            return
        journal.write("hold flows")
        until = self.now() + timedelta(seconds=SOURCE_DOCUMENT_TTL) + 2 * self.builder.settling
        for slot, object_id in record.record.ours().items():
            if object_id in flows:
                record.put({f"flows/{slot.flow}/ready_at": until.isoformat()})
        self.documents.hold(sources, flows, until)
        self.sleep(SOURCE_DOCUMENT_TTL)
