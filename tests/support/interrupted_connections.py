"""Declarations whose every call is interrupted, and what must hold in the end."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, get_args

from bridge.errors import AdobeError, UnavailableError
from bridge.names import Slot, physical_id
from bridge.provisioning.chain.record import ChainRecord
from bridge.provisioning.connections.properties import desired_chain
from bridge.provisioning.custom_resource import CustomResourceRequest
from bridge.sources.source import Source
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
from tests.support.interruptions import Cut, KilledError, Way
from tests.support.provisioning_bench import STAGE, Bench
from tests.support.schema_library_fakes import COMMERCE

OWNER = f"{STACK}/OrdersConnection"
FOREIGN_ID = "00000000-0000-4000-8000-00000000ffff"


type Act = Callable[[Bench], object]


def mapped(*sources: str, **more: Any) -> dict[str, Any]:
    """Return a flow with a mapping for each source."""
    mappings = [{"Source": each, "Destination": f"_tenant.{each}"} for each in sources]
    return flow(Mappings=mappings, **more)


def made(name: str = "Orders", **more: Any) -> dict[str, Any]:
    """Return a flow that creates its dataset."""
    return {"Name": "orders", "Dataset": {"Name": name, "SchemaId": SCHEMA, **more}}


def designed(**more: Any) -> dict[str, Any]:
    """Return a flow that creates its schema and its dataset."""
    schema = {"Name": "Orders", "Fields": {"id": "string"}, **more}
    return {"Name": "orders", "Schema": schema, "Dataset": {"Name": "Orders", "Profile": "true"}}


IDENTITY = {"Field": "_acme.id", "Namespace": "Email", "Primary": "true"}
PLAIN = connection()
RAW = connection(mapped("id"), DataType="raw")
CREATIONS = {
    "plain": PLAIN,
    "several flows": connection(flow(), flow("returns", RETURNS_DATASET)),
    "raw": RAW,
    "with its dataset": connection(made(Profile="true")),
    "with its schema": connection(designed(Identities=[IDENTITY])),
    "adopted by id": connection(ConnectionId=FOREIGN_ID),
    "adopted by name": connection(Name="strange", Adopt="true"),
}
PATCHES = (
    *("the connection's description", "a flow's description", "the mapping"),
    "the schema of its own",
)
UPDATES = {
    "the connection's description": (PLAIN, connection(Description="For the shop.")),
    "a flow's description": (PLAIN, connection(flow(Description="Orders of the shop."))),
    "the dataset": (PLAIN, connection(flow(dataset=RETURNS_DATASET))),
    "the schema": (PLAIN, connection(flow(SchemaId=OTHER_SCHEMA))),
    "one more flow": (PLAIN, connection(flow(), flow("returns", RETURNS_DATASET))),
    "one flow less": (connection(flow(), flow("returns", RETURNS_DATASET)), PLAIN),
    "the mapping": (RAW, connection(mapped("id", "total"), DataType="raw")),
    "the authentication": (PLAIN, connection(Authenticated="false")),
    "the data type": (PLAIN, RAW),
    "to an adopted one": (PLAIN, connection(ConnectionId=FOREIGN_ID)),
    "from an adopted one": (connection(ConnectionId=FOREIGN_ID), PLAIN),
    "to a dataset of its own": (PLAIN, connection(made())),
    "from a dataset of its own": (connection(made()), PLAIN),
    "the schema of its own": (
        connection(designed()),
        connection(
            designed(
                Fields={"id": "string", "total": "number"},
                FieldGroups=[COMMERCE],
                Identities=[IDENTITY],
            )
        ),
    ),
    "to a schema of its own": (PLAIN, connection(designed(Identities=[IDENTITY]))),
    "everything at once": (
        PLAIN,
        connection(
            mapped("id", dataset=RETURNS_DATASET),
            mapped("id", Name="returns", Description="Returned."),
            DataType="raw",
            Authenticated="false",
        ),
    ),
}
# Patches are symmetric, so these variants only create or remove objects.
REVERSED = tuple(kind for kind in UPDATES if kind not in PATCHES)


def apply(properties: dict[str, Any]) -> Act:
    return lambda bench: bench.apply(properties, OWNER)


def repair(bench: Bench) -> object:
    return bench.provisioner().connections.repair("orders")


def destroy(name: str) -> Act:
    return lambda bench: bench.provisioner().connections.removal.destroy(name, OWNER)


def cloudformation_request(request: str, properties: dict[str, Any], before: dict[str, Any]) -> Act:
    """Return an act that serves a request of CloudFormation."""
    chain = desired_chain(before)
    existing = physical_id(STAGE, "connections", chain.name, chain.generation)
    return lambda bench: CustomResourceRequest(event(request, properties, existing), STAGE).serve(
        bench.provisioner()
    )


def with_manual_connection() -> Bench:
    """Return a world with a manually created connection."""
    bench = Bench()
    base = {
        "id": FOREIGN_ID,
        "name": "strange",
        "description": "",
        "connectionSpec": {"id": "bc7b00d6-623a-4dfc-9fdb-f1240aeadaeb", "version": "1.0"},
        "auth": {
            "specName": "Streaming Connection",
            "params": {
                "sourceId": "strange",
                "dataType": "xdm",
                "authenticationRequired": True,
                "inletId": "f" * 64,
                "inletUrl": f"https://dcs.adobedc.net/collection/{'f' * 64}",
            },
        },
        "etag": '"0"',
    }
    bench.adobe.objects["connections"][FOREIGN_ID] = base
    return bench


def existing_ids(properties: dict[str, Any]) -> Bench:
    """Return a world with a chain that a source uses."""
    bench = with_manual_connection()
    apply(properties)(bench)
    bench.provisioner().sources.apply(
        source(Connection=properties["Name"], Routes=[{"Flow": "orders"}]), OWNER
    )
    bench.clock.advance(3_600)
    bench.set_cut()
    return bench


@dataclass
class Tally:
    """The number of interruptions."""

    cuts: int = 0


def cuts(before: Bench, act: Act, tally: Tally) -> Iterator[Bench]:
    """Yield each world after an interruption, once for each call and way."""
    whole = before.copy()
    act(whole)
    before.cut = Cut()
    for at in range(1, len(whole.cut.calls) + 1):
        for way in get_args(Way.__value__):
            bench = before.copy()
            bench.set_cut(at, way)
            tally.cuts += 1
            with suppress(KilledError, AdobeError, UnavailableError):
                act(bench)
            bench.set_cut()
            yield bench


def assert_one_chain(bench: Bench, properties: dict[str, Any]) -> None:
    """Assert that the objects at Adobe equal the records, without duplicates."""
    name = properties["Name"]
    record = ChainRecord(bench.below(name))
    at_adobe = {
        *(object_id for kind in bench.adobe.objects.values() for object_id in kind),
        *bench.datasets.sets,
        *bench.library.ids(),
    }
    recorded = {i for slot, i in record.created_ids().items() if slot.kind != "mappingSets"}
    names = Counter(each["name"] for each in bench.mapping_sets.sets.values())

    assert at_adobe - {FOREIGN_ID} == recorded
    assert FOREIGN_ID in at_adobe
    assert set(desired_chain(properties).slots()) - {Slot("connections")} == set(
        record.created_ids()
    ) - {Slot("connections")}
    assert not [
        each for each in bench.below(name) if each.startswith(("former", "journal", "replaced"))
    ]
    assert max(names.values(), default=1) == 1
    assert bench.provisioner().connections.drift(name) == ()
    assert record.is_usable()
    text = bench.values.get("/inlet-bridge/test/sources/github")
    if text:
        document = Source.from_document(text)
        assert document.connection.inlet_url == record.values["inlet_url"]
        for flow_name, seen in document.flows.items():
            assert seen.flow_id == record.values[f"flows/{flow_name}/flow_id"]
            assert seen.ready_at.isoformat() == record.values[f"flows/{flow_name}/ready_at"]


def assert_nothing(bench: Bench, name: str) -> None:
    assert bench.total() == 1
    assert set(bench.adobe.objects["connections"]) == {FOREIGN_ID}
    assert bench.below(name) == {}
    assert bench.tokens == []


def renamed(bench: Bench) -> None:
    for kind in bench.adobe.objects.values():
        for item in kind.values():
            if item["id"] != FOREIGN_ID:
                item |= {"name": "renamed", "etag": '"renamed"'}


def disabled(bench: Bench) -> None:
    for item in bench.adobe.objects["flows"].values():
        item |= {"state": "disabled", "etag": '"disabled"'}


def deleted(bench: Bench) -> None:
    bench.adobe.objects["flows"].clear()
    bench.adobe.objects["targetConnections"].clear()


def misrecorded(bench: Bench) -> None:
    bench.values["/inlet-bridge/test/connections/orders/inlet_url"] = "https://elsewhere.example/"
