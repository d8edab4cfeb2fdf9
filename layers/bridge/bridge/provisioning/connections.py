"""Connections: what must exist at Adobe, and the ids of it in SSM."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol, cast

from bridge.chain.desired import DesiredChain
from bridge.chain.names import Place, Slot
from bridge.chain.plan import Step, deletion_order
from bridge.chain.record import (
    CLEANING,
    JOURNAL,
    OWNER,
    PROPERTIES,
    REPLACED,
    ChainRecord,
    replaced_parameter,
)
from bridge.errors import InvalidPropertyError, UnavailableError
from bridge.ports import Clock, Sleep
from bridge.provisioning.builder import Builder
from bridge.provisioning.connection_properties import (
    desired_chain,
    properties_text,
    recorded_properties,
)
from bridge.provisioning.documents import SOURCE_DOCUMENT_TTL, Documents
from bridge.provisioning.drift import Drift, drift, drift_of
from bridge.provisioning.journal import Journals, OpenJournal
from bridge.provisioning.observation import Observer, Plan
from bridge.provisioning.ownership import RETAINED, require_free
from bridge.provisioning.records import OpenRecord, Records

_TAKE_DOWN = "destroy"


class Tenant(Protocol):
    """Whose sandbox the credentials open."""

    @property
    def org_id(self) -> str:
        """The IMS organisation."""

    @property
    def sandbox(self) -> str:
        """The sandbox's name."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What `Connections.apply` did: the record as it is now, and the steps to it."""

    desired: DesiredChain
    record: ChainRecord
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Connections:
    """Plans, applies and destroys connections.

    Attributes:
        tenant: reads the credentials; raises UnavailableError.
        forget_token: deletes the token that the functions share.
        installation: the AWS region and account, see `Place`.
    """

    records: Records
    documents: Documents
    journals: Journals
    observer: Observer
    builder: Builder
    tenant: Callable[[], Tenant]
    forget_token: Callable[[], None]
    installation: str
    now: Clock
    sleep: Sleep

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
            return self._carry_out(plan, {OWNER: owner, PROPERTIES: text}, journal)

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
        place = self._place()
        return drift(record, place, sources, self.observer, self.builder.inlet_hosts)

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
        """Delete the chain and its parameters; what does not exist is fine.

        Raises:
            InvalidPropertyError: somebody else holds the name.
            AdobeError, UnavailableError: destroying again goes on where this stopped.
        """
        before = self.records.read(name)
        steps = self._destroy(name, before, owner) if before.values else ()
        self.forget_token_of_none()
        return steps

    def forget_token_of_none(self) -> None:
        """Delete the shared token when there is no connection left that it could serve."""
        if not self.records.names():
            self.forget_token()

    def _destroy(self, name: str, before: ChainRecord, owner: str) -> tuple[Step, ...]:
        require_free(before.owner, owner)
        place = self._place()
        _require_same_place(name, before, place)
        with self.journals.opened(name) as journal:
            before = self.records.read(name)
            require_free(before.owner, owner)
            # Without an owner nothing was made yet.
            steps = self._everything(name, before, place) if before.owner else ()
            record = self.records.open(name, before)
            journal.write(_TAKE_DOWN)
            self.builder.take_down(steps, record, journal, _TAKE_DOWN)
            record.erase()
        return steps

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
        if record.generation in ("", generation):
            return bool(self.destroy(name, owner))
        return self._release_former(name, generation)

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

    def _release_former(self, name: str, generation: str) -> bool:
        with self.journals.opened(name) as journal:
            before = self.records.read(name)
            in_use = set(before.ours().values())
            steps = deletion_order(
                Step("delete", Slot(each.kind), each.object_id, "it was replaced")
                for each in before.former()
                if each.generation == generation
            )
            if steps and self.documents.of_connection(name):
                journal.write(CLEANING)
                self.sleep(SOURCE_DOCUMENT_TTL)
            record = self.records.open(name, before)
            self.builder.take_down(steps, record, journal, CLEANING, in_use)
            record.remove([replaced_parameter(generation)])
        return bool(steps)

    def _place(self) -> Place:
        tenant = self.tenant()
        return Place(self.records.stage, tenant.org_id, tenant.sandbox, self.installation)

    def _plan(
        self, desired: DesiredChain, owner: str, *, kept: str = "", thorough: bool = False
    ) -> Plan:
        place = self._place()
        record = self.records.read(desired.name)
        require_free(record.owner, owner)
        _require_same_place(desired.name, record, place)
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
        return not drift_of(plan, sources, self.builder.inlet_hosts)

    def _carry_out(self, plan: Plan, heading: Mapping[str, str], journal: OpenJournal) -> Applied:
        name, steps, observed = plan.desired.name, plan.steps, plan.observed
        record = self.records.open(name, observed.record)
        deletions = [step for step in steps if step.action == "delete"]
        for step in deletions:
            if step.object_id not in observed.record.ours().values():
                # Only Adobe knows of it: its name could be lost before it is deleted.
                record.retire(step.slot, step.object_id)
        kept = replaced_parameter(observed.kept)
        if observed.kept and observed.kept == observed.record.generation:
            record.put({kept: record.values.get(kept, record.values[PROPERTIES])})
        record.put(heading)
        self._hold_flows(name, steps, record, journal)
        self.builder.build(plan, record, journal)
        after = record.record
        sources = self.documents.of_connection(name)
        self.documents.point_to(sources, name, after)
        if deletions:
            journal.write(CLEANING)
            if sources:
                self.sleep(SOURCE_DOCUMENT_TTL)
        in_use = set(after.ours().values())
        self.builder.take_down(deletions, record, journal, CLEANING, in_use)
        record.remove([n for n in after.values if n.startswith(REPLACED) and n != kept])
        return Applied(plan.desired, after, steps)

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

    def _require_routed_flows(self, desired: DesiredChain) -> None:
        flows = {flow.name for flow in desired.flows}
        for source in self.documents.of_connection(desired.name):
            for route in source.routes:
                if route.flow not in flows:
                    raise InvalidPropertyError(
                        "Flows", f"source {source.name} still routes to flow {route.flow}"
                    )

    def _everything(self, name: str, record: ChainRecord, place: Place) -> tuple[Step, ...]:
        recorded = [
            *record.ours().items(),
            *((Slot(each.kind), each.object_id) for each in record.former()),
        ]
        found = self.observer.everything(name, place, record)
        unrecorded = [(slot, item["id"]) for slot, items in found.items() for item in items]
        return deletion_order(
            [
                *(
                    Step("delete", slot, object_id, "it is recorded")
                    for slot, object_id in recorded
                ),
                *(
                    Step("delete", slot, object_id, "it has the name")
                    for slot, object_id in unrecorded
                ),
            ]
        )


def _facts(record: ChainRecord) -> dict[str, str]:
    """The record without the journal, which every run writes."""
    return {name: text for name, text in record.values.items() if name != JOURNAL}


def _require_same_place(name: str, record: ChainRecord, place: Place) -> None:
    """With other credentials nothing would be found, and everything made a second time."""
    org_id = record.values.get("org_id", place.org_id)
    sandbox = record.values.get("sandbox", place.sandbox)
    if (org_id, sandbox) != (place.org_id, place.sandbox):
        raise UnavailableError(
            f"connection {name} is in sandbox {sandbox} of {org_id}, but the credentials "
            f"are for sandbox {place.sandbox} of {place.org_id}"
        )
