"""Records, the index of open deliveries, and writes that DynamoDB refuses or delays, in moto."""

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from bridge.adapters.aws.delivery_items import OPEN_KEYS
from bridge.adapters.aws.dynamodb import DynamoDbDeliveries
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.delivery.claim import Claim
from bridge.delivery.partitions import open_shard
from bridge.delivery.record import State
from bridge.errors import UnavailableError
from bridge.ports.aws import Deliveries
from tests.support.deliveries_table import deliveries_table, open_entries, throttle
from tests.support.dynamodb_deliveries import DEAD_LETTER, LATER, LIFETIME, D, delivery
from tests.support.fakes import NOON, FakeClock

if TYPE_CHECKING:
    from collections.abc import Callable


@mock_aws
def test_missing_table_is_unavailable(clock: FakeClock) -> None:
    """Errors of botocore do not leave the adapter."""
    missing = DynamoDbDeliveries(boto3.client("dynamodb"), "missing", clock, LIFETIME)

    with pytest.raises(UnavailableError, match="ResourceNotFoundException"):
        missing.claim(D, clock())
    with pytest.raises(UnavailableError):
        missing.buffered(D)
    with pytest.raises(UnavailableError):
        missing.delivered(D, "flow", "1:2:3")
    with pytest.raises(UnavailableError):
        missing.release(D)
    with pytest.raises(UnavailableError):
        missing.find([D])


def test_filtered_delivery_is_recorded(deliveries: Deliveries, clock: FakeClock) -> None:
    """A duplicate gets this result; a delivered record is not overwritten."""
    assert deliveries.filtered(D) == Claim(State.NEW)
    assert deliveries.filtered(D).state is State.FILTERED
    assert deliveries.claim(D, clock() + LATER).state is State.FILTERED
    deliveries.claim(other := delivery("other"), clock() + LATER)
    deliveries.delivered(other, "f", "x:1")
    assert deliveries.filtered(other) == Claim(State.DELIVERED, "x:1")


def test_split_delivery_is_recorded(deliveries: Deliveries, clock: FakeClock) -> None:
    """A duplicate gets this result."""
    deliveries.claim(D, clock() + LATER)
    deliveries.split(D, 3)
    deliveries.split(nobody := delivery("other"), 0)

    assert deliveries.claim(D, clock() + LATER).state is State.SPLIT
    assert deliveries.claim(nobody, clock() + LATER).state is State.FILTERED


def test_deliveries_of_a_batch_are_recorded_together(
    deliveries: Deliveries, clock: FakeClock
) -> None:
    """There are more than fit in one request, and existing records are replaced."""
    many = [delivery(f"d-{number}") for number in range(60)]
    deliveries.claim(many[0], clock() + LATER)
    deliveries.postponed(many[1], "429", clock() + LATER, 1)

    deliveries.delivered_all(((each, f"x-{each.delivery_id}") for each in many), "flow")

    assert {record.state for record in deliveries.find(many).values()} == {State.DELIVERED}
    assert deliveries.claim(many[0], clock() + LATER) == Claim(State.DELIVERED, "x-d-0")
    assert deliveries.claim(many[59], clock() + LATER) == Claim(State.DELIVERED, "x-d-59")


@mock_aws
def test_index_has_what_waits_and_what_is_dead(clock: FakeClock) -> None:
    client = deliveries_table()
    deliveries = DynamoDbDeliveries(client, "deliveries", clock, LIFETIME)
    steps: list[tuple[Callable[[], object], str]] = [
        (lambda: deliveries.claim(D, clock() + LATER), ""),
        (lambda: deliveries.buffered(D), "buffered 2026-11-01T12:00:00+00:00"),
        (lambda: deliveries.postponed(D, "503", NOON), "buffered 2026-11-01T12:00:00+00:00"),
        (lambda: deliveries.dead(D, DEAD_LETTER), "dead 2026-11-01T12:00:00+00:00"),
        (lambda: deliveries.claim(D, clock() + LATER), ""),
        (lambda: deliveries.postponed(D, "503", NOON), "buffered 2026-11-01T12:00:00+00:00"),
        (lambda: deliveries.delivered(D, "flow", "1:2:3"), ""),
    ]

    for step, since in steps:
        step()
        assert [entry["open_since"] for entry in open_entries(client)] == [since] * bool(since)


@mock_aws
def test_index_entry_has_only_keys(clock: FakeClock) -> None:
    """Another reason for waiting does not change it, and so costs nothing."""
    client = deliveries_table()

    DynamoDbDeliveries(client, "deliveries", clock, LIFETIME).postponed(D, "503", NOON)

    [entry] = open_entries(client)
    assert entry.keys() == {"source", "delivery_id", "open_shard", "open_since"}
    assert entry["open_shard"] == open_shard(D.key)


@mock_aws
@pytest.mark.parametrize("write", ["filtered", "split", "delivered_all"])
def test_index_has_no_settled_delivery(clock: FakeClock, write: str) -> None:
    client = deliveries_table()
    deliveries = DynamoDbDeliveries(client, "deliveries", clock, LIFETIME)
    deliveries.dead(D, DEAD_LETTER)

    match write:
        case "filtered":
            deliveries.filtered(D)
        case "split":
            deliveries.split(D, 2)
        case _:
            deliveries.delivered_all([(D, "1:2:3")], "flow")

    assert open_entries(client) == []


@mock_aws
def test_inline_delivery_is_two_writes_and_none_of_the_index(clock: FakeClock) -> None:
    client = deliveries_table()
    calls: list[Any] = []
    client.meta.events.register(
        "provide-client-params.dynamodb", lambda params, model, **_: calls.append((model, params))
    )
    deliveries = DynamoDbDeliveries(client, "deliveries", clock, LIFETIME)

    deliveries.claim(D, clock() + LATER)
    deliveries.delivered(D, "flow", "1:2:3")

    (claim, put), (record, update) = calls
    assert (claim.name, record.name) == ("PutItem", "UpdateItem")
    assert put["Item"].keys().isdisjoint(OPEN_KEYS)
    assert update["ExpressionAttributeNames"].keys().isdisjoint(f"#{name}" for name in OPEN_KEYS)
    assert update["UpdateExpression"].endswith("REMOVE open_shard, open_since")


class UnreliableClient:
    """A DynamoDB client that leaves the last item of each batch unprocessed, this many times."""

    exceptions = SimpleNamespace(ConditionalCheckFailedException=KeyError)

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals
        self.sent: list[int] = []

    def batch_write_item(self, *, RequestItems: dict[str, list[Any]]) -> dict[str, Any]:  # noqa: N803
        [puts] = RequestItems.values()
        self.sent.append(len(puts))
        if self.refusals == 0:
            return {}
        self.refusals -= 1
        return {"UnprocessedItems": {"deliveries": puts[-1:]}}


def retries(seconds: float) -> tuple[RetryBudget, list[float]]:
    """A budget on a clock that only sleeping advances, and the pauses."""
    slept: list[float] = []
    return RetryBudget(slept.append, lambda: 1.0, lambda: seconds - sum(slept)), slept


def test_unprocessed_items_are_written_again_with_backoff(clock: FakeClock) -> None:
    """Without the processed ones."""
    client: Any = UnreliableClient(refusals=3)
    budget, slept = retries(seconds=8)
    table = DynamoDbDeliveries(client, "deliveries", clock, LIFETIME, budget)

    table.delivered_all([(D, "x"), (delivery("e"), "y")], "flow")

    assert client.sent == [2, 1, 1, 1]
    assert slept == [0.5, 1, 2]


def test_items_that_stay_unprocessed_are_reported(clock: FakeClock) -> None:
    """They can be logged: the messages themselves are in the inlet."""
    client: Any = UnreliableClient(refusals=100)
    budget, slept = retries(seconds=8)
    table = DynamoDbDeliveries(client, "deliveries", clock, LIFETIME, budget)

    with pytest.raises(UnavailableError, match="rejects 1 records"):
        table.delivered_all([(D, "x"), (delivery("e"), "y")], "flow")

    assert slept == [0.5, 1, 2, 4]


@mock_aws
@pytest.mark.parametrize("throttled", [1, 4])
def test_record_of_a_delivered_message_is_retried_while_dynamodb_throttles(
    clock: FakeClock, throttled: int
) -> None:
    """Otherwise the claim expires, and a repetition is sent to the inlet again."""
    client = deliveries_table()
    budget, slept = retries(seconds=8)
    deliveries = DynamoDbDeliveries(client, "deliveries", clock, LIFETIME, budget)
    deliveries.claim(D, clock() + LATER)
    throttle(client, "UpdateItem", throttled)

    deliveries.delivered(D, "flow", "1:2:3")

    assert len(slept) == throttled
    clock.advance(21)
    assert deliveries.claim(D, clock() + LATER) == Claim(State.DELIVERED, "1:2:3")


@mock_aws
def test_rejected_batch_does_not_prevent_the_others(clock: FakeClock) -> None:
    client = deliveries_table()
    deliveries = DynamoDbDeliveries(client, "deliveries", clock, LIFETIME)
    throttle(client, "BatchWriteItem", 1)
    many = [delivery(f"d-{number}") for number in range(60)]

    with pytest.raises(UnavailableError, match="rejects 25 records"):
        deliveries.delivered_all([(each, "x") for each in many], "flow")

    assert len(deliveries.find(many)) == 35
