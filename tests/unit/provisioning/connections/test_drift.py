"""Drift is reported field by field, and repaired."""

from collections.abc import Callable

import pytest

from bridge.errors import InvalidPropertyError
from tests.support.declarations import RETURNS_DATASET, STACK, connection, source
from tests.support.provisioning_bench import Bench

OWNER = f"{STACK}/OrdersConnection"
PATH = "/inlet-bridge/test/connections/orders"


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.apply(connection(), OWNER)
    bench.provisioner().sources.apply(source(), OWNER)
    return bench


def change(bench: Bench, kind: str, **more: object) -> None:
    for item in bench.adobe.objects[kind].values():
        item.update(more)


def lose_a_flow(bench: Bench) -> None:
    bench.adobe.objects["flows"].clear()


def add_a_twin(bench: Bench) -> None:
    (flow,) = bench.adobe.objects["flows"].values()
    bench.adobe.objects["flows"]["twin"] = {**flow, "id": "twin", "createdAt": 99}


def set_parameter(name: str, value: str) -> Callable[[Bench], None]:
    return lambda bench: bench.values.update({f"{PATH}/{name}": value})


def point_elsewhere(bench: Bench) -> None:
    name = "/inlet-bridge/test/sources/github"
    flow_id = bench.below("orders")["flows/orders/flow_id"]
    bench.values[name] = bench.values[name].replace(flow_id, "elsewhere")


DRIFTS: dict[str, tuple[Callable[[Bench], None], str, str]] = {
    "a flow is disabled": (
        lambda bench: change(bench, "flows", state="disabled"),
        "adobe",
        "it is disabled; patch it",
    ),
    "a description is edited": (
        lambda bench: change(bench, "connections", description="mine now"),
        "adobe",
        "the description changed; patch it",
    ),
    "a dataset is another": (
        lambda bench: change(bench, "targetConnections", params={"dataSetId": RETURNS_DATASET}),
        "adobe",
        f"the dataset is {RETURNS_DATASET}, not 65f0c1a2b3d4e5f60718293a; replace it",
    ),
    "a flow is gone": (
        lose_a_flow,
        "adobe",
        "Adobe no longer has the recorded one; create it",
    ),
    "a flow has a twin": (add_a_twin, "adobe", "the bridge created it under this name; delete it"),
    "an inlet is misrecorded": (
        set_parameter("inlet_url", "https://x.example/"),
        "ssm",
        "it is https://x.example/, not https://dcs.adobedc.net/collection/" + "0" * 64,
    ),
    "a dataset is misrecorded": (
        set_parameter("flows/orders/dataset_id", RETURNS_DATASET),
        "ssm",
        f"it is {RETURNS_DATASET}, not 65f0c1a2b3d4e5f60718293a",
    ),
    "a source's document is another": (
        point_elsewhere,
        "sources",
        "its document names another chain",
    ),
}


def test_new_connection_has_no_drift(bench: Bench) -> None:
    assert bench.provisioner().connections.status("orders")["drift"] == []


@pytest.mark.parametrize("kind", DRIFTS)
def test_drift_is_reported_and_repaired(bench: Bench, kind: str) -> None:
    mishap, place, reason = DRIFTS[kind]
    mishap(bench)
    drift = bench.provisioner().connections.status("orders")["drift"]

    assert drift[0]["place"] == place
    assert drift[0]["reason"] == reason

    bench.provisioner().connections.repair("orders")
    assert bench.provisioner().connections.drift("orders") == ()
    assert bench.total() == 4


@pytest.mark.parametrize("kind", sorted(DRIFTS.keys() - {"a flow has a twin"}))
def test_apply_repairs_drift(bench: Bench, kind: str) -> None:
    DRIFTS[kind][0](bench)
    bench.apply(connection(), OWNER)

    assert bench.provisioner().connections.drift("orders") == ()


def test_reenabled_flow_has_a_new_ready_time(bench: Bench) -> None:
    bench.clock.advance(3_600)
    change(bench, "flows", state="disabled")
    bench.provisioner().connections.repair("orders")

    # SOURCE_DOCUMENT_TTL, 80 s, and SettlingSeconds after the hour.
    assert bench.below("orders")["flows/orders/ready_at"] == "2026-11-01T13:06:20+00:00"


def test_connection_that_was_never_applied_cannot_be_repaired(bench: Bench) -> None:
    with pytest.raises(InvalidPropertyError, match="there is no connection sales"):
        bench.provisioner().connections.repair("sales")
    assert bench.provisioner().connections.drift("sales") == ()
