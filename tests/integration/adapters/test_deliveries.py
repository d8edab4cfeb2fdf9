"""The deliveries table and its fake: the same promises, the same tests."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from bridge.adapters.dynamodb import RECORD_LIFETIME, DynamoDbDeliveries
from bridge.delivery.record import Claim, State
from bridge.errors import UnavailableError
from bridge.ports import Deliveries
from tests.fakes import FakeClock, FakeDeliveries
from tests.sam_template import resources

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LATER = timedelta(seconds=20)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["fake", "dynamodb"])
def deliveries(request: pytest.FixtureRequest, clock: FakeClock) -> Iterator[Deliveries]:
    """The port, both ways; the table is made from the template's own keys."""
    if request.param == "fake":
        yield FakeDeliveries(clock)
        return
    with mock_aws():
        yield DynamoDbDeliveries(table(), "deliveries", clock)


def table() -> "DynamoDBClient":
    """A client and the table `deliveries`, made from the template's own keys."""
    client = boto3.client("dynamodb")
    properties = resources()["Deliveries"]["Properties"]
    client.create_table(
        TableName="deliveries",
        AttributeDefinitions=properties["AttributeDefinitions"],
        KeySchema=properties["KeySchema"],
        BillingMode=properties["BillingMode"],
    )
    return client


def test_of_two_claims_one_is_granted(deliveries: Deliveries, clock: FakeClock) -> None:
    """The other is told that somebody is at it."""
    assert deliveries.claim("s", "d", clock() + LATER) == Claim(State.NEW)
    assert deliveries.claim("s", "d", clock() + LATER).state is State.CLAIMED
    assert deliveries.claim("s", "other", clock() + LATER) == Claim(State.NEW)
    assert deliveries.claim("other", "d", clock() + LATER) == Claim(State.NEW)


def test_a_claim_ends_by_itself(deliveries: Deliveries, clock: FakeClock) -> None:
    """Whoever held it has crashed."""
    deliveries.claim("s", "d", clock() + LATER)
    clock.advance(21)

    assert deliveries.claim("s", "d", clock() + LATER) == Claim(State.NEW)


def test_a_released_claim_is_free(deliveries: Deliveries, clock: FakeClock) -> None:
    """Nothing came of it."""
    deliveries.claim("s", "d", clock() + LATER)
    deliveries.release("s", "d")

    assert deliveries.claim("s", "d", clock() + LATER) == Claim(State.NEW)


def test_a_delivered_delivery_answers_with_its_xaction_id(
    deliveries: Deliveries, clock: FakeClock
) -> None:
    """Also long after the claim has ended."""
    deliveries.claim("s", "d", clock() + LATER)
    deliveries.delivered("s", "d", "flow", "1:2:3")
    clock.advance(86_400)

    assert deliveries.claim("s", "d", clock() + LATER) == Claim(State.DELIVERED, "1:2:3")


def test_a_buffered_delivery_is_not_free(deliveries: Deliveries, clock: FakeClock) -> None:
    """It waits its turn."""
    deliveries.claim("s", "d", clock() + LATER)
    deliveries.buffered("s", "d")
    clock.advance(21)

    assert deliveries.claim("s", "d", clock() + LATER) == Claim(State.BUFFERED)


def test_a_dead_delivery_is_free(deliveries: Deliveries, clock: FakeClock) -> None:
    """A deliberate repetition by the sender must not do nothing."""
    deliveries.claim("s", "d", clock() + LATER)
    deliveries.dead("s", "d", "invalid message")

    assert deliveries.claim("s", "d", clock() + LATER) == Claim(State.NEW)


def test_the_forwarder_may_be_faster_than_the_receiver(
    deliveries: Deliveries, clock: FakeClock
) -> None:
    """What is delivered is not made buffered again, nor given back."""
    deliveries.claim("s", "d", clock() + LATER)
    deliveries.delivered("s", "d", "flow", "1:2:3")
    deliveries.buffered("s", "d")
    deliveries.release("s", "d")

    assert deliveries.claim("s", "d", clock() + LATER).state is State.DELIVERED


@mock_aws
def test_a_record_past_its_time_is_free_before_dynamodb_sweeps_it_up(clock: FakeClock) -> None:
    """DynamoDB deletes expired items within days, not at once."""
    client = table()
    deliveries = DynamoDbDeliveries(client, "deliveries", clock)
    deliveries.claim("s", "d", clock() + LATER)
    deliveries.delivered("s", "d", "flow", "1:2:3")
    [item] = client.scan(TableName="deliveries")["Items"]
    expiry = resources()["Deliveries"]["Properties"]["TimeToLiveSpecification"]["AttributeName"]
    assert int(item[expiry]["N"]) == int((clock() + RECORD_LIFETIME).timestamp())

    clock.advance(RECORD_LIFETIME.total_seconds() + 1)

    assert deliveries.claim("s", "d", clock() + LATER) == Claim(State.NEW)


@mock_aws
def test_a_claim_is_one_write_and_no_look_before_it(clock: FakeClock) -> None:
    """Two at once would both pass the look; DynamoDB makes a conditional write atomic."""
    client = table()
    calls: list[str] = []
    client.meta.events.register("before-call.dynamodb", lambda model, **_: calls.append(model.name))
    deliveries = DynamoDbDeliveries(client, "deliveries", clock)

    deliveries.claim("s", "d", clock() + LATER)
    deliveries.claim("s", "d", clock() + LATER)

    assert calls == ["PutItem", "PutItem"]


@mock_aws
def test_a_table_that_is_not_there_is_unavailable(clock: FakeClock) -> None:
    """Botocore's errors do not leave the adapter."""
    missing = DynamoDbDeliveries(boto3.client("dynamodb"), "missing", clock)

    with pytest.raises(UnavailableError, match="ResourceNotFoundException"):
        missing.claim("s", "d", clock())
    with pytest.raises(UnavailableError):
        missing.buffered("s", "d")
    with pytest.raises(UnavailableError):
        missing.delivered("s", "d", "flow", "1:2:3")
    with pytest.raises(UnavailableError):
        missing.release("s", "d")
