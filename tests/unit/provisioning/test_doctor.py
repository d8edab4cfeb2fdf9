"""The doctor reports each check as passed, or with a remedy."""

from collections.abc import Callable

import pytest

from bridge.provisioning.direct_invocation import invoke
from tests.support.declarations import (
    ORDERS_DATASET,
    OTHER_SCHEMA,
    SECRET,
    STACK,
    connection,
    source,
)
from tests.support.provisioning_bench import Bench

OWNER = f"{STACK}/OrdersConnection"
PATH = "/inlet-bridge/test/connections/orders"


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.apply(connection(), OWNER)
    bench.provisioner().sources.apply(source(), OWNER)
    return bench


def findings(bench: Bench) -> dict[str, str]:
    answer = invoke({"action": "doctor"}, bench.provisioner())
    return {each["check"]: each["advice"] for each in answer["findings"]}


def test_all_checks_pass(bench: Bench) -> None:
    assert findings(bench) == {
        "the Adobe credentials can be read": "",
        "IMS gives a token for their scopes": "",
        "Flow Service may be used in the sandbox": "",
        "Data Prep may be used": "",
        "Catalog may be used": "",
        "the Schema Registry may be used": "",
        "batches and failed records may be read": "",
        "the identity namespaces of the sandbox can be read": "",
        "connection orders is complete": "",
        "the inlet of connection orders can be reached": "",
        f"flow orders leads to dataset {ORDERS_DATASET} with its schema": "",
        f"source github has its secret {SECRET}": "",
        "messages of source github to flow orders are checked with their schema": "",
    }


def lose_the_dataset(bench: Bench) -> None:
    bench.datasets.given.clear()


def change_the_schema(bench: Bench) -> None:
    bench.datasets.given[ORDERS_DATASET]["schemaRef"] = {"id": OTHER_SCHEMA}


def empty_the_secret(bench: Bench) -> None:
    bench.values[SECRET] = " "


def wrap_several_secrets(bench: Bench) -> None:
    bench.values[SECRET] = '{"old":"CANARY-1","new":"CANARY-2"}'


def lose_a_parameter(bench: Bench) -> None:
    del bench.values[f"{PATH}/flows/orders/flow_id"]


def move_the_inlet(bench: Bench) -> None:
    bench.values[f"{PATH}/inlet_url"] = "https://elsewhere.example/"


def refuse_batches(bench: Bench) -> None:
    bench.refused_batches = "add the permission View Datasets"


def refuse_the_token(bench: Bench) -> None:
    bench.tokens.clear()


@pytest.mark.parametrize(
    ("mishap", "check", "advice"),
    [
        (refuse_the_token, "IMS", "IMS refused the credentials: 400 invalid_scope"),
        (refuse_batches, "batches and failed records", "add the permission View Datasets"),
        (lose_the_dataset, "flow orders", "there is no such dataset in the sandbox"),
        (change_the_schema, "flow orders", f"its schema is {OTHER_SCHEMA}; correct SchemaId"),
        (empty_the_secret, "source github", f"put the secret into {SECRET}"),
        (wrap_several_secrets, "source github", f"correct {SECRET}, which must be the secret as a"),
        (lose_a_parameter, "connection orders", "inlet repair orders"),
        (move_the_inlet, "the inlet", "https://elsewhere.example/ cannot be reached"),
    ],
)
def test_failed_check_has_a_remedy(
    bench: Bench, mishap: Callable[[Bench], None], check: str, advice: str
) -> None:
    mishap(bench)
    output = {name: text for name, text in findings(bench).items() if text}

    assert len(output) == 1
    ((name, text),) = output.items()
    assert name.startswith(check)
    assert text.startswith(advice)
    assert "CANARY" not in text
