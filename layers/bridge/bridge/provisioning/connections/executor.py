"""Execute a plan: create objects, update the sources, then delete replaced objects."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bridge.errors import AdobeError
from bridge.ports.adobe import Schemas
from bridge.ports.process import Clock, Sleep
from bridge.provisioning.chain.plan import Done, Kept, Step
from bridge.provisioning.chain.record import (
    CLEAN_UP,
    COMPLETE,
    PROPERTIES,
    REPLACED,
    WRITE_PROPERTIES,
    ChainRecord,
    replaced_parameter,
)
from bridge.provisioning.connections.applied import Applied
from bridge.provisioning.connections.builder import Builder
from bridge.provisioning.connections.observation import Plan
from bridge.provisioning.journal import OpenJournal
from bridge.provisioning.records import OpenRecord
from bridge.provisioning.schema_comparison import schema_behavior
from bridge.provisioning.sources.checks import with_checks
from bridge.provisioning.sources.documents import (
    SOURCE_DOCUMENT_TTL,
    Documents,
    flows_of,
)
from bridge.provisioning.sources.schemas import read_schemas
from bridge.sources.connection import Connection, Flow
from bridge.sources.destinations import stored_connection
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

    def execute(
        self,
        plan: Plan,
        record: OpenRecord,
        declaration: Mapping[str, str],
        journal: OpenJournal,
    ) -> Applied:
        """Execute the plan.

        Args:
            plan: the steps and their context.
            record: of the chain.
            declaration: the parameters of the owner and of the properties.
            journal: of the run.

        Objects that cannot be deleted remain recorded as retired, and count as drift.

        Raises:
            AdobeError, UnavailableError: another run continues from the record.
        """
        name, observed = plan.desired.name, plan.observed
        deletions = [step for step in plan.steps if step.action == "delete"]
        # From here on, the recorded properties may be newer than the recorded objects.
        journal.write(WRITE_PROPERTIES)
        for step in deletions:
            if step.object_id not in observed.record.created_ids().values():
                # It is not recorded, so its id could be lost before it is deleted.
                record.retire(step.slot, step.object_id)
        replaced = replaced_parameter(observed.replaced_generation)
        if (
            observed.replaced_generation
            and observed.replaced_generation == observed.record.generation
        ):
            record.put({replaced: record.values.get(replaced, record.values[PROPERTIES])})
        record.put(declaration)
        self._pause_flows(plan, record, journal)
        self.builder.build(plan, record, journal)
        built = record.snapshot()
        connection, flows = stored_connection(name, built.values), flows_of(built, {})
        plan = self._with_current_schemas(plan, connection, flows)
        self._record_behaviors(plan, record, connection, flows)
        after = record.snapshot()
        sources = self.documents.of_connection(name)
        self._update_sources(sources, plan, connection, after)
        record.put({COMPLETE: plan.desired.generation})
        if deletions:
            journal.write(CLEAN_UP)
            if sources:
                self.sleep(SOURCE_DOCUMENT_TTL)
        in_use = set(after.created_ids().values())
        done: list[Done] = []
        try:
            for each in self.builder.delete(deletions, record, journal, CLEAN_UP, in_use):
                done.append(each)  # noqa: PERF402 (an error keeps what was done before it)
        except AdobeError as exc:
            # Every desired object exists; an error would roll the change back.
            logger.warning("replaced objects are not deleted yet", extra={"reason": str(exc)})
        record.remove([n for n in after.values if n.startswith(REPLACED) and n != replaced])
        return Applied(
            plan.desired,
            record.snapshot(),
            (
                *(step for step in plan.steps if step.action != "delete"),
                *(each for each in done if isinstance(each, Step)),
            ),
            observed.replaced_generation,
            plan.problems,
            tuple(each for each in done if isinstance(each, Kept)),
        )

    def _with_current_schemas(
        self, plan: Plan, connection: Connection, flows: Mapping[str, Flow]
    ) -> Plan:
        """The plan with the schemas that it changed as they are now."""
        changed = {
            step.slot.flow
            for step in plan.steps
            if step.slot.kind in ("schemas", "fieldgroups") and step.action != "nothing"
        }
        changed &= flows.keys()
        if not changed:
            return plan
        fresh = read_schemas(self.schemas, connection, {each: flows[each] for each in changed})
        return replace(plan, schemas={**plan.schemas, **fresh})

    def _record_behaviors(
        self, plan: Plan, record: OpenRecord, connection: Connection, flows: Mapping[str, Flow]
    ) -> None:
        """Record what each flow's schema asks of messages, for replays to flows of other sources.

        The schemas of adopted flows were not read yet.
        """
        unknown = {
            name: flow
            for name, flow in flows.items()
            if name not in plan.schemas and f"flows/{name}/behavior" not in record.values
        }
        schemas = {**plan.schemas, **read_schemas(self.schemas, connection, unknown)}
        record.put(
            {f"flows/{name}/behavior": schema_behavior(each) for name, each in schemas.items()}
        )

    def _update_sources(
        self, sources: Iterable[Source], plan: Plan, connection: Connection, after: ChainRecord
    ) -> None:
        """Update the connection and the flows of documents, and what new schemas ask for."""
        for source in sources:
            flows = flows_of(after, source.flows)
            unknown = {
                each: flow
                for each, flow in flows.items()
                if not flow.behavior and each not in plan.schemas
            }
            schemas = read_schemas(self.schemas, connection, unknown)
            if connection.data_type == "xdm":
                schemas |= {each: plan.schemas[each] for each in flows.keys() & plan.schemas.keys()}
            changed = source._replace(connection=connection, flows=flows)
            self.documents.put(*with_checks(changed, schemas))

    def _pause_flows(self, plan: Plan, record: OpenRecord, journal: OpenJournal) -> None:
        """Before a flow is changed in place, make every receiver postpone messages for it.

        The inlet drops the messages that it accepts between the change and the settling time.
        """
        flows = {s.object_id for s in plan.steps if s.slot.kind == "flows" and s.action == "patch"}
        if not flows or not (sources := self.documents.of_connection(plan.desired.name)):
            return
        journal.write("hold flows")
        until = self.now() + timedelta(seconds=SOURCE_DOCUMENT_TTL) + 2 * plan.desired.settling
        for slot, object_id in record.created_ids().items():
            if object_id in flows:
                record.put({f"flows/{slot.flow}/ready_at": until.isoformat()})
        self.documents.pause_flows(sources, flows, until)
        self.sleep(SOURCE_DOCUMENT_TTL)
