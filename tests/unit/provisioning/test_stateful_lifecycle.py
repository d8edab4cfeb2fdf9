"""Stateful tests of the CloudFormation lifecycle: interruptions, rollback and cleanup."""

import logging
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, get_args

import pytest

from bridge.errors import AdobeError, UnavailableError
from bridge.names import physical_id
from bridge.provisioning.chain.record import ChainRecord
from bridge.provisioning.connections.properties import desired_chain
from bridge.provisioning.custom_resource import CustomResourceRequest
from bridge.telemetry import logger
from tests.support.declarations import (
    OTHER_SCHEMA,
    RETURNS_DATASET,
    SCHEMA,
    STACK,
    connection,
    event,
    flow,
    source,
)
from tests.support.interruptions import KilledError, Way
from tests.support.provisioning_bench import STAGE, Bench

LIFECYCLES = 400
OWNER = f"{STACK}/OrdersConnection"
WANTED = (
    connection(),
    connection(flow(dataset=RETURNS_DATASET)),
    connection(flow(SchemaId=OTHER_SCHEMA)),
    connection(flow(), flow("returns", RETURNS_DATASET)),
    connection(Authenticated="false"),
    connection({"Name": "orders", "Dataset": {"Name": "Orders", "SchemaId": SCHEMA}}),
    connection(
        flow(Mappings=[{"Source": "id", "Destination": "_tenant.id"}]),
        DataType="raw",
    ),
)
ENDS = ("cleaned up", "not cleaned up", "cleaned up late", "rolled back", "deleted", "failed")

type Properties = dict[str, Any]
type Act = Callable[[Bench], object]


def id_of(properties: Properties) -> str:
    chain = desired_chain(properties)
    return physical_id(STAGE, "connections", chain.name, chain.generation)


def output(request: str, properties: Properties, existing: str | None = None) -> Act:
    return lambda bench: CustomResourceRequest(event(request, properties, existing), STAGE).serve(
        bench.provisioner()
    )


def repair(bench: Bench) -> object:
    return bench.provisioner().connections.repair("orders")


@dataclass
class ConnectionLifecycle:
    """One connection in a world of fakes, and the events that occur."""

    chance: random.Random
    bench: Bench = field(default_factory=Bench)

    def cut(self, act: Act) -> None:
        """Interrupt the next action at a call, in one of the ways."""
        whole = self.bench.copy()
        whole.set_cut()
        act(whole)
        if calls := len(whole.cut.calls):
            self.bench.set_cut(
                self.chance.randint(1, calls), self.chance.choice(get_args(Way.__value__))
            )
            with suppress(KilledError, AdobeError, UnavailableError):
                act(self.bench)
            self.bench.set_cut()
            self.bench.clock.advance(400)

    def do(self, act: Act) -> None:
        """Execute the action, after an attempt that may be interrupted."""
        if self.chance.random() < 0.3:
            self.cut(act)
        act(self.bench)

    def change_at_adobe(self) -> None:
        """Delete, disable or rename an object at Adobe, or change nothing."""
        objects = self.bench.adobe.objects
        match self.chance.randrange(6):
            case 0:
                objects["flows"].clear()
            case 1:
                objects["flows"].clear()
                objects["targetConnections"].clear()
            case 2:
                for item in objects["flows"].values():
                    item |= {"state": "disabled", "etag": '"disabled"'}
            case 3:
                for item in objects["flows"].values():
                    item |= {"name": "renamed", "etag": '"renamed"'}

    def update(self, old: Properties, new: Properties, end: str) -> Properties:
        """Change the connection in one of the ways, and return the expected state."""
        change = output("Update", new, id_of(old))
        if id_of(old) == id_of(new):
            self.do(change)
            return new
        if end == "failed":
            self.cut(change)
            self.do(output("Update", old, id_of(old)))
            return old
        self.do(change)
        match end:
            case "rolled back":
                self.do(output("Update", old, id_of(new)))
                self.do(output("Delete", new, id_of(new)))
                return old
            case "deleted":
                self.do(output("Delete", new, id_of(new)))
                return old
            case "cleaned up":
                self.do(output("Delete", old, id_of(old)))
            case "not cleaned up":
                self.do(repair)
            case "cleaned up late":
                self.do(output("Update", {**new, "Description": "Shop."}, id_of(new)))
                self.do(output("Delete", old, id_of(old)))
                self.do(output("Update", new, id_of(new)))
        return new


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(logging.INFO)


@pytest.mark.parametrize("first", range(0, LIFECYCLES, 100))
def test_any_lifecycle_has_one_chain_and_its_deletion_leaves_nothing(first: int) -> None:
    for seed in range(first, first + 100):
        run_lifecycle(random.Random(seed))  # noqa: S311 - the same steps in each run


def run_lifecycle(chance: random.Random) -> None:
    lifecycle = ConnectionLifecycle(chance)
    bench, wanted = lifecycle.bench, chance.choice(WANTED)
    lifecycle.do(output("Create", wanted))
    has_source = chance.random() < 0.6
    if has_source:
        bench.provisioner().sources.apply(source(Routes=[{"Flow": "orders"}]), OWNER)
    for _ in range(chance.randint(1, 5)):
        lifecycle.change_at_adobe()
        bench.clock.advance(3_600)
        wanted = lifecycle.update(wanted, chance.choice(WANTED), chance.choice(ENDS))
    lifecycle.do(repair)

    record = ChainRecord(bench.below("orders"))
    at_adobe = {each for kind in bench.adobe.objects.values() for each in kind}
    recorded = {each for slot, each in record.created_ids().items() if slot.kind != "mappingSets"}
    assert at_adobe | set(bench.datasets.sets) == recorded
    assert set(record.created_ids()) == set(desired_chain(wanted).slots())
    assert not [name for name in record.values if name.startswith(("former", "replaced"))]
    assert bench.provisioner().connections.drift("orders") == ()

    if has_source:
        bench.provisioner().sources.remove_if_owned("github", OWNER)
    lifecycle.do(output("Delete", wanted, id_of(wanted)))
    assert bench.total() == 0
    assert bench.datasets.sets == {}
    assert bench.below("orders") == {}
