"""Look at the datasets, schemas and mapping sets that flows point to; changes nothing."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bridge.errors import AdobeError, InvalidPropertyError
from bridge.names import Slot
from bridge.ports.adobe import Expirations, Schemas
from bridge.ports.process import Clock
from bridge.provisioning.chain.desired import DesiredChain, DesiredFlow
from bridge.provisioning.chain.destination import (
    Problem,
    created_dataset_problems,
    dataset_problems,
    expiration_problem,
    mapping_set_problems,
    schema_problems,
)
from bridge.provisioning.chain.plan import ObservedState, Step
from bridge.provisioning.connections.adobe_objects import Objects
from bridge.telemetry import logger


@dataclass(frozen=True, slots=True)
class Seen:
    """What flows point to.

    Attributes:
        schemas: those that exist, by flow.
    """

    problems: tuple[Problem, ...] = ()
    schemas: Mapping[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Destinations:
    """Reads what flows point to.

    Attributes:
        expirations: of the sandbox's datasets.
        now: the current time.
    """

    objects: Objects
    schemas: Schemas
    expirations: Expirations
    now: Clock

    def look(self, flows: Collection[DesiredFlow], observed: ObservedState, sandbox: str) -> Seen:
        """What the flows point to, with one request per schema and one for all datasets.

        Raises:
            AdobeError: a request is rejected, or Adobe does not respond.
        """
        wanted = tuple(dict.fromkeys(flow.dataset_id for flow in flows if flow.dataset_id))
        datasets = self.objects.get_all("dataSets", wanted) if wanted else {}
        schemas: dict[str, dict[str, Any] | None] = {"": None}
        for flow in flows:
            schema_id = _schema_id(flow, observed)
            if schema_id not in schemas:
                schemas[schema_id] = self.schemas.get(schema_id)
        problems = (
            problem
            for flow in flows
            for problem in self._problems(flow, datasets, schemas, observed, sandbox)
        )
        known = {flow.name: schemas[_schema_id(flow, observed)] for flow in flows}
        return Seen(tuple(problems), {name: schema for name, schema in known.items() if schema})

    def _problems(
        self,
        flow: DesiredFlow,
        datasets: Mapping[str, Mapping[str, Any]],
        schemas: Mapping[str, Mapping[str, Any] | None],
        observed: ObservedState,
        sandbox: str,
    ) -> Iterator[Problem]:
        if not flow.schema:
            yield from schema_problems(flow, schemas[flow.schema_id], sandbox)
        created = observed.objects.get(Slot("dataSets", flow.name))
        if flow.dataset_id:
            yield from dataset_problems(flow, datasets.get(flow.dataset_id), sandbox)
        elif created:
            yield from created_dataset_problems(flow, created["id"], created)
        if flow.mapping_set:
            item = self.objects.get("mappingSets", flow.mapping_set.mapping_set_id)
            yield from mapping_set_problems(flow, flow.mapping_set, item)

    def expiring(self, desired: DesiredChain, observed: ObservedState) -> Iterator[Problem]:
        """Datasets that Adobe deletes now or soon; none if Adobe does not tell.

        Reading expirations needs a permission of its own, without which the bridge works.
        """
        try:
            expirations = self.expirations.open()
        except AdobeError as exc:
            logger.warning("expirations cannot be read", extra={"reason": str(exc)})
            return
        for flow in desired.flows:
            created = observed.objects.get(Slot("dataSets", flow.name), {})
            dataset_id = flow.dataset_id or created.get("id", "")
            if dataset_id in expirations:
                expiration = expirations[dataset_id]
                if found := expiration_problem(flow, dataset_id, expiration, self.now()):
                    yield found


def _schema_id(flow: DesiredFlow, observed: ObservedState) -> str:
    """The `$id` of the flow's schema; empty if it has to be created."""
    created = observed.objects.get(Slot("schemas", flow.name), {})
    return created.get("id", "") if flow.schema else flow.schema_id


def flows_to_create(desired: DesiredChain, steps: Sequence[Step]) -> tuple[DesiredFlow, ...]:
    """The flows of which a step creates an object."""
    new = {step.slot.flow for step in steps if step.action in ("create", "replace")}
    return tuple(flow for flow in desired.flows if flow.name in new)


def require_destinations(
    desired: DesiredChain, steps: Sequence[Step], problems: Collection[Problem]
) -> None:
    """Raise InvalidPropertyError if a problem prevents the creation of a flow."""
    new = flows_to_create(desired, steps)
    for problem in problems:
        flow = desired.flow(problem.flow)
        if problem.prevents and flow in new:
            path = f"Flows.{desired.flows.index(flow)}.{problem.name}"
            raise InvalidPropertyError(path, problem.reason)
