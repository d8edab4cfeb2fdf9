"""Contract tests of the deliveries table and its fake."""

from moto import mock_aws

from bridge.adapters.aws.dynamodb import DynamoDbDeliveries
from bridge.delivery.claim import Claim
from bridge.delivery.record import State
from bridge.ports.aws import Deliveries
from tests.support.deliveries_table import deliveries_table
from tests.support.dynamodb_deliveries import DEAD_LETTER, LATER, LIFETIME, D, delivery
from tests.support.fakes import NOON, FakeClock
from tests.support.sam_template import resources


def test_of_two_claims_one_is_granted(deliveries: Deliveries, clock: FakeClock) -> None:
    """The other claim finds the delivery claimed."""
    assert deliveries.claim(D, clock() + LATER) == Claim(State.NEW)
    assert deliveries.claim(D, clock() + LATER).state is State.CLAIMED
    assert deliveries.claim(delivery("other"), clock() + LATER) == Claim(State.NEW)
    assert deliveries.claim(delivery(source="other"), clock() + LATER) == Claim(State.NEW)


def test_claim_expires(deliveries: Deliveries, clock: FakeClock) -> None:
    """Its owner has crashed."""
    deliveries.claim(D, clock() + LATER)
    clock.advance(21)

    assert deliveries.claim(D, clock() + LATER) == Claim(State.NEW)


def test_released_claim_can_be_claimed(deliveries: Deliveries, clock: FakeClock) -> None:
    """The attempt had no result."""
    deliveries.claim(D, clock() + LATER)
    deliveries.release(D)

    assert deliveries.claim(D, clock() + LATER) == Claim(State.NEW)


def test_claim_of_a_delivered_delivery_returns_its_xaction_id(
    deliveries: Deliveries, clock: FakeClock
) -> None:
    """Also long after the claim has expired."""
    deliveries.claim(D, clock() + LATER)
    deliveries.delivered(D, "flow", "1:2:3")
    clock.advance(86_400)

    assert deliveries.claim(D, clock() + LATER) == Claim(State.DELIVERED, "1:2:3")


def test_buffered_delivery_cannot_be_claimed(deliveries: Deliveries, clock: FakeClock) -> None:
    """It is in the queue."""
    deliveries.claim(D, clock() + LATER)
    deliveries.buffered(D)
    clock.advance(21)

    assert deliveries.claim(D, clock() + LATER) == Claim(State.BUFFERED)


def test_dead_delivery_can_be_claimed(deliveries: Deliveries, clock: FakeClock) -> None:
    """A deliberate retry of the sender must have an effect."""
    deliveries.claim(D, clock() + LATER)
    deliveries.dead(D, DEAD_LETTER)

    assert deliveries.claim(D, clock() + LATER) == Claim(State.NEW)


def test_filtered_webhook_is_claimed_again_by_one_that_a_route_takes(
    deliveries: Deliveries, clock: FakeClock
) -> None:
    """Its repetition by the sender must have an effect after the routes have changed."""
    deliveries.filtered(D)

    assert deliveries.claim(D, clock() + LATER).state is State.FILTERED
    assert deliveries.claim_filtered(D, clock() + LATER) == Claim(State.NEW)
    assert deliveries.claim_filtered(D, clock() + LATER).state is State.CLAIMED
    deliveries.delivered(D, "flow", "1:2:3")
    assert deliveries.claim_filtered(D, clock() + LATER) == Claim(State.DELIVERED, "1:2:3")


def test_delivered_record_is_not_overwritten_by_the_receiver(
    deliveries: Deliveries, clock: FakeClock
) -> None:
    """The forwarder may record the delivery before the receiver records the buffering."""
    deliveries.claim(D, clock() + LATER)
    deliveries.delivered(D, "flow", "1:2:3")
    deliveries.buffered(D)
    deliveries.release(D)

    assert deliveries.claim(D, clock() + LATER).state is State.DELIVERED


def test_delivered_record_is_not_overwritten_by_a_copy(
    deliveries: Deliveries, clock: FakeClock
) -> None:
    """A copy of the message may fail later; the first xactionId remains."""
    deliveries.delivered(D, "flow", "first")
    deliveries.postponed(D, "the inlet returned 503", clock() + LATER, 1)
    deliveries.dead(D, DEAD_LETTER)
    deliveries.delivered(D, "flow", "second")

    assert deliveries.claim(D, clock() + LATER) == Claim(State.DELIVERED, "first")


def test_postponed_delivery_is_buffered(deliveries: Deliveries, clock: FakeClock) -> None:
    """Also if its record has expired meanwhile."""
    deliveries.postponed(D, "the inlet returned 503", clock() + LATER, 1)

    assert deliveries.claim(D, clock() + LATER).state is State.BUFFERED


def test_claim_of_another_owner_is_neither_released_nor_buffered(
    deliveries: Deliveries, clock: FakeClock
) -> None:
    """A slow receiver must not release the claim of a later one."""
    deliveries.claim(D, clock() - LATER)
    later = delivery(received_at=NOON + LATER)
    deliveries.claim(later, clock() + LATER)

    deliveries.release(D)
    deliveries.buffered(D)

    assert deliveries.claim(D, clock() + LATER).state is State.CLAIMED


def test_lookup_returns_the_records(deliveries: Deliveries, clock: FakeClock) -> None:
    """State, owner and times; more records than fit in one call."""
    many = [delivery(f"d-{number}") for number in range(250)]
    for each in many[::10]:
        deliveries.claim(each, clock() + LATER)
    deliveries.delivered(many[10], "flow", "1:2:3")

    found = deliveries.find([*many, many[0]])

    assert set(found) == {("s", each.key) for each in many[::10]}
    assert found["s", "id:d-10"].state is State.DELIVERED
    assert found["s", "id:d-0"].state is State.CLAIMED
    assert found["s", "id:d-0"].received_at == NOON
    assert found["s", "id:d-0"].claimed_until == clock() + LATER


@mock_aws
def test_expired_record_can_be_claimed_before_dynamodb_deletes_it(clock: FakeClock) -> None:
    """DynamoDB deletes expired items within days, not at once."""
    client = deliveries_table()
    deliveries = DynamoDbDeliveries(client, "deliveries", clock, LIFETIME)
    deliveries.claim(D, clock() + LATER)
    deliveries.delivered(D, "flow", "1:2:3")
    [item] = client.scan(TableName="deliveries")["Items"]
    expiry = resources()["Deliveries"]["Properties"]["TimeToLiveSpecification"]["AttributeName"]
    assert int(item[expiry]["N"]) == int((clock() + LIFETIME).timestamp())

    clock.advance(LIFETIME.total_seconds() + 1)

    assert deliveries.claim(D, clock() + LATER) == Claim(State.NEW)


@mock_aws
def test_claim_is_one_conditional_write(clock: FakeClock) -> None:
    """Two concurrent reads would both succeed; DynamoDB makes a conditional write atomic."""
    client = deliveries_table()
    calls: list[str] = []
    client.meta.events.register("before-call.dynamodb", lambda model, **_: calls.append(model.name))
    deliveries = DynamoDbDeliveries(client, "deliveries", clock, LIFETIME)

    deliveries.claim(D, clock() + LATER)
    deliveries.claim(D, clock() + LATER)

    assert calls == ["PutItem", "PutItem"]
