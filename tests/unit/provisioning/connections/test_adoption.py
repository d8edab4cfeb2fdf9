"""A matching connection that was created manually is adopted, never changed or deleted."""

from typing import Any

import pytest

from bridge.errors import InvalidPropertyError
from tests.support.declarations import STACK, connection
from tests.support.provisioning_bench import Bench

OWNER = f"{STACK}/OrdersConnection"
BY_HAND = "00000000-0000-4000-8000-00000000aaaa"
SPEC = {"id": "bc7b00d6-623a-4dfc-9fdb-f1240aeadaeb", "version": "1.0"}


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    make_by_hand(bench)
    return bench


def make_by_hand(bench: Bench, object_id: str = BY_HAND, **more: Any) -> None:
    params = {
        "sourceId": object_id,
        "dataType": "xdm",
        "authenticationRequired": True,
        "inletId": object_id[-4:] * 16,
        "inletUrl": f"https://dcs.adobedc.net/collection/{object_id[-4:] * 16}",
        **more,
    }
    bench.adobe.objects["connections"][object_id] = {
        "id": object_id,
        "name": "orders",
        "connectionSpec": SPEC,
        "auth": {"specName": "Streaming Connection", "params": params},
        "etag": '"0"',
    }


@pytest.mark.parametrize("how", [{"ConnectionId": BY_HAND}, {"Adopt": "true"}])
def test_adopted_connection_is_unchanged_and_survives_the_deletion(
    bench: Bench, how: dict[str, str]
) -> None:
    before = dict(bench.adobe.objects["connections"][BY_HAND])
    steps = bench.apply(connection(**how), OWNER).steps

    assert [step.action for step in steps] == ["adopt", "create", "create", "create"]
    assert bench.below("orders")["base_connection_id"] == BY_HAND
    assert bench.below("orders")["source_id"] == BY_HAND
    assert bench.below("orders")["inlet_url"].endswith("aaaa")
    assert bench.provisioner().connections.drift("orders") == ()

    bench.provisioner().connections.removal.destroy("orders", OWNER)
    assert bench.adobe.objects["connections"] == {BY_HAND: before}
    assert bench.total() == 1
    assert bench.below("orders") == {}


@pytest.mark.parametrize("how", [{"ConnectionId": BY_HAND}, {"Adopt": "true"}])
def test_repeated_adoption_reads_at_most_five_objects(bench: Bench, how: dict[str, str]) -> None:
    bench.apply(connection(**how), OWNER)
    bench.adobe.calls.clear()
    bench.apply(connection(**how), OWNER)

    assert bench.adobe.counted()["GET"] == len(bench.adobe.calls) <= 5


def test_mismatch_is_rejected_with_the_differences(bench: Bench) -> None:
    make_by_hand(bench, dataType="raw", authenticationRequired=False)

    with pytest.raises(InvalidPropertyError) as caught:
        bench.apply(connection(ConnectionId=BY_HAND), OWNER)
    assert str(caught.value) == (
        f"ConnectionId: connection {BY_HAND} does not match: "
        "the data type is raw, not xdm; authentication is off, not on"
    )
    assert bench.total() == 1
    assert bench.below("orders") == {}


def test_missing_connection_is_rejected(bench: Bench) -> None:
    bench.adobe.objects["connections"].clear()

    with pytest.raises(InvalidPropertyError, match=r"^ConnectionId: Adobe has no connection"):
        bench.apply(connection(ConnectionId=BY_HAND), OWNER)
    with pytest.raises(InvalidPropertyError, match=r"^Adopt: .* but there is none"):
        bench.apply(connection(Adopt="true"), OWNER)


def test_ambiguous_name_is_rejected(bench: Bench) -> None:
    other = "00000000-0000-4000-8000-00000000bbbb"
    make_by_hand(bench, other)

    with pytest.raises(InvalidPropertyError, match=rf"{BY_HAND}, {other}; set ConnectionId"):
        bench.apply(connection(Adopt="true"), OWNER)


def test_both_kinds_of_reference_at_once_are_rejected(bench: Bench) -> None:
    with pytest.raises(InvalidPropertyError, match=r"^Adopt: is for"):
        bench.apply(connection(Adopt="true", ConnectionId=BY_HAND), OWNER)
