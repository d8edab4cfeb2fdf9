"""The table of calls to Adobe in docs/provisioning.md matches the provisioner."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bridge.names import physical_id
from bridge.provisioning.connections.properties import desired_chain
from bridge.provisioning.custom_resource import CustomResourceRequest
from tests.support.declarations import (
    RETURNS_DATASET,
    SCHEMA,
    STACK,
    connection,
    event,
    flow,
    source,
)
from tests.support.provisioning_bench import STAGE, Bench

PAGE = Path(__file__).parents[4] / "docs" / "provisioning.md"
ROW = re.compile(r"^\| (?P<name>[^|]+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
METHODS = {
    "get": "GET",
    "get_all": "GET",
    "find": "GET",
    "named": "GET",
    "holds_data": "GET",
    "open": "GET",
    "create": "POST",
    "validate": "POST",
    "enable": "POST",
    "patch": "PATCH",
    "delete": "DELETE",
}
OWNER = f"{STACK}/OrdersConnection"

type Act = Callable[[Bench], object]


def raw(*sources: str) -> dict[str, Any]:
    mappings = [{"Source": each, "Destination": f"_tenant.{each}"} for each in sources]
    return connection(flow(Mappings=mappings), DataType="raw")


def apply(properties: dict[str, Any]) -> Act:
    return lambda bench: bench.apply(properties, OWNER)


def tell(request: str, properties: dict[str, Any], before: dict[str, Any]) -> Act:
    chain = desired_chain(before)
    existing = physical_id(STAGE, "connections", chain.name, chain.generation)
    return lambda bench: CustomResourceRequest(event(request, properties, existing), STAGE).serve(
        bench.provisioner()
    )


def destroy(bench: Bench) -> object:
    return bench.provisioner().connections.removal.destroy("orders", OWNER)


PLAIN = connection()
OPEN = connection(Authenticated="false")
TWO = connection(flow(), flow("returns", RETURNS_DATASET))
MANY = connection(flow(), *(flow(f"flow-{number}") for number in range(19)))
DATASET = connection({"Name": "orders", "Dataset": {"Name": "Orders", "SchemaId": SCHEMA}})
EVERYTHING = connection(
    *(
        {
            "Name": name,
            "Dataset": {"Name": f"Of {name}", "SchemaId": SCHEMA},
            "Mappings": [{"Source": "id", "Destination": "_tenant.id"}],
        }
        for name in ("orders", *(f"flow-{number}" for number in range(19)))
    ),
    DataType="raw",
)
"""Twenty flows, each with mappings and a dataset of its own."""

OPERATIONS: dict[str, tuple[dict[str, Any] | None, Act]] = {
    "create a connection with one flow": (None, apply(PLAIN)),
    "create one for raw data with `Mappings`": (None, apply(raw("id"))),
    "create one with its `Dataset`": (None, apply(DATASET)),
    "apply without a change": (PLAIN, apply(PLAIN)),
    "apply without a change, twenty flows": (MANY, apply(MANY)),
    "apply without a change, raw data with `Mappings`": (raw("id"), apply(raw("id"))),
    "apply without a change, twenty flows with `Mappings` and a `Dataset` each": (
        EVERYTHING,
        apply(EVERYTHING),
    ),
    "change the connection's description": (PLAIN, apply(connection(Description="Shop."))),
    "change the dataset or schema": (PLAIN, apply(connection(flow(dataset=RETURNS_DATASET)))),
    "change the mappings": (raw("id"), apply(raw("id", "total"))),
    "add a flow": (PLAIN, apply(TWO)),
    "remove a flow": (TWO, apply(PLAIN)),
    "change the authentication, by CloudFormation": (PLAIN, tell("Update", OPEN, PLAIN)),
    "change the authentication, directly": (PLAIN, apply(OPEN)),
    "status of a connection": (
        PLAIN,
        lambda bench: bench.provisioner().connections.drift("orders"),
    ),
    "repair without a difference": (
        PLAIN,
        lambda bench: bench.provisioner().connections.repair("orders"),
    ),
    "delete a connection with one flow": (PLAIN, destroy),
}


def counted(before: dict[str, Any] | None, act: Act) -> tuple[int, ...]:
    bench = Bench()
    if before:
        apply(before)(bench)
        bench.provisioner().sources.apply(source(Routes=[{"Flow": "orders"}]), OWNER)
    bench.set_cut()
    act(bench)
    calls = Counter(
        METHODS[name] for service, name, *_ in map(str.split, bench.cut.calls) if service != "ssm"
    )
    return tuple(calls[method] for method in ("GET", "POST", "PATCH", "DELETE"))


def documented() -> dict[str, tuple[int, ...]]:
    rows = ROW.finditer(PAGE.read_text())
    return {row["name"].strip(): tuple(int(row[i]) for i in range(2, 6)) for row in rows}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_table_matches_the_calls(operation: str) -> None:
    assert documented()[operation] == counted(*OPERATIONS[operation])


def test_table_has_every_operation_once() -> None:
    assert list(documented()) == list(OPERATIONS)


@pytest.mark.parametrize(
    "properties",
    [PLAIN, raw("id"), DATASET, EVERYTHING, MANY, connection(flow(Description="Ours"))],
)
def test_apply_without_a_change_makes_at_most_five_gets_and_no_writes(
    properties: dict[str, Any],
) -> None:
    gets, *writes = counted(properties, apply(properties))

    assert gets <= 5
    assert writes == [0, 0, 0]
