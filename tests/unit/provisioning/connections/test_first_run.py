"""What remains when the first run of a connection fails."""

import pytest

from bridge.errors import AdobeError
from tests.support.declarations import STACK, connection, flow
from tests.support.provisioning_bench import Bench

OWNER = f"{STACK}/OrdersConnection"
REFUSED = AdobeError("Adobe refused it: 400", status=400, retryable=False)
UNAVAILABLE = AdobeError("503", status=503, retryable=True)


def refuse(bench: Bench, call: str, error: AdobeError) -> None:
    """Fail a call of Flow Service from now on."""

    def fail(made: str) -> None:
        if made == call:
            raise error

    bench.adobe.on_call = fail


def test_everything_is_deleted_again() -> None:
    bench = Bench()
    refuse(bench, "POST flows", REFUSED)

    with pytest.raises(AdobeError, match="400; what was created before is deleted again"):
        bench.apply(connection(), OWNER)
    assert bench.total() == 0
    assert bench.below("orders") == {}


def test_everything_stays_if_the_next_run_may_succeed() -> None:
    bench = Bench()
    refuse(bench, "POST flows", UNAVAILABLE)

    with pytest.raises(AdobeError, match="stays at Adobe for the next run"):
        bench.apply(connection(), OWNER)
    assert bench.total() == 3


def test_what_cannot_be_deleted_is_named() -> None:
    bench = Bench()

    def fail(made: str) -> None:
        if made in ("POST sourceConnections", "DELETE connections"):
            raise REFUSED

    bench.adobe.on_call = fail
    with pytest.raises(AdobeError, match=r"connections/.* stays at Adobe, since Adobe refused it"):
        bench.apply(connection(), OWNER)
    assert bench.total() == 1
    assert bench.below("orders")


def test_later_run_deletes_nothing_of_an_existing_connection() -> None:
    bench = Bench()
    bench.apply(connection(), OWNER)
    before = bench.below("orders")["flows/orders/flow_id"]
    refuse(bench, "POST flows", REFUSED)

    with pytest.raises(AdobeError, match=r"^Adobe refused it: 400$"):
        bench.apply(connection(flow(), flow("returns")), OWNER)
    assert bench.below("orders")["flows/orders/flow_id"] == before
    assert bench.total() == 6


def test_chain_that_another_run_completed_meanwhile_stays() -> None:
    bench = Bench()
    bench.apply(connection(), OWNER)

    error = bench.provisioner().connections.removal.undo(REFUSED, "orders", OWNER)
    assert str(error) == f"{REFUSED}; another run has completed the connection"
    assert bench.total() == 4
    assert bench.below("orders")
