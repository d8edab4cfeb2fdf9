"""Contract tests of attempts to send and their fake."""

from collections.abc import Iterator
from copy import replace
from dataclasses import dataclass
from datetime import timedelta

import boto3
import pytest
from moto import mock_aws

from bridge.adapters.aws.dynamodb import DynamoDbDeliveries
from bridge.adapters.aws.dynamodb_attempts import DynamoDbAttempts
from bridge.adapters.aws.open_deliveries import open_query
from bridge.delivery.dead_letter import DeadLetterInfo
from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import DeadClass
from bridge.delivery.partitions import open_shard
from bridge.delivery.record import State, key_of
from bridge.errors import UnavailableError
from bridge.ports.aws import Attempts, Deliveries
from tests.support.deliveries_table import lose_response
from tests.support.delivery_fakes import FakeDeliveries
from tests.support.fakes import NOON, FakeClock
from tests.support.sam_template import resources

MINUTE = timedelta(minutes=1)
LIFETIME = timedelta(days=8)
DELIVERY = Delivery("s", "d", "id:d", "issues", "events", NOON, NOON, b"{}")
DEAD_LETTER = DeadLetterInfo(DeadClass.INVALID, "the inlet returned 400", 1, NOON, NOON)


@dataclass
class Table:
    """A table as both ports see it."""

    attempts: Attempts
    deliveries: Deliveries
    clock: FakeClock

    def begin(self) -> bool:
        return self.attempts.begin(DELIVERY, self.clock() + MINUTE)

    def state(self) -> State:
        return self.deliveries.find([DELIVERY])[key_of(DELIVERY)].state


@pytest.fixture(params=["fake", "dynamodb"])
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    """Both ports, both ways."""
    clock = FakeClock()
    if request.param == "fake":
        fake = FakeDeliveries(clock)
        yield Table(fake, fake, clock)
        return
    with mock_aws():
        client = boto3.client("dynamodb")
        table = resources()["Deliveries"]["Properties"]
        client.create_table(
            TableName="deliveries",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=table["AttributeDefinitions"],
            KeySchema=table["KeySchema"],
            GlobalSecondaryIndexes=table["GlobalSecondaryIndexes"],
        )
        shared = (client, "deliveries", clock, LIFETIME)
        yield Table(DynamoDbAttempts(*shared), DynamoDbDeliveries(*shared), clock)


def test_one_attempt_at_a_time(table: Table) -> None:
    assert table.begin()
    assert not table.begin()


def test_attempt_ends_by_itself(table: Table) -> None:
    assert table.begin()
    table.clock.advance(61)
    assert table.begin()


def test_failed_attempt_ends_when_it_is_recorded(table: Table) -> None:
    assert table.begin()
    table.deliveries.postponed(DELIVERY, "the inlet returned 503", NOON, 1)
    assert table.begin()


def test_redriven_dead_letter_can_be_tried_at_once(table: Table) -> None:
    assert table.begin()
    table.deliveries.dead(DELIVERY, DEAD_LETTER)
    assert not table.begin()
    # As `Records.revive` does, and a webhook that is sent again.
    later = replace(DELIVERY, received_at=NOON + MINUTE)
    assert table.deliveries.claim(later, NOON + MINUTE).state is State.NEW
    table.deliveries.buffered(later)
    assert table.begin()


def test_settled_delivery_is_not_tried_again(table: Table) -> None:
    table.deliveries.delivered_all([(DELIVERY, "x:0")], "flow")
    assert not table.begin()


def test_missing_record_is_created(table: Table) -> None:
    """Its record expired, or was not written."""
    assert table.begin()
    assert table.state() is State.BUFFERED


def test_attempt_changes_nothing_else(table: Table) -> None:
    table.deliveries.claim(DELIVERY, NOON + MINUTE)
    assert table.begin()
    assert table.state() is State.CLAIMED


@pytest.mark.parametrize("table", ["dynamodb"], indirect=True)
def test_created_record_is_in_the_index_of_open_deliveries(table: Table) -> None:
    assert table.begin()
    found = boto3.client("dynamodb").query(
        TableName="deliveries", **open_query(open_shard(DELIVERY.key), State.BUFFERED)
    )
    assert [item["delivery_id"] for item in found["Items"]] == [{"S": DELIVERY.key}]


@pytest.mark.parametrize("table", ["dynamodb"], indirect=True)
def test_attempt_whose_response_is_lost_is_recognized_by_its_retry(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    client = boto3.client("dynamodb")
    lose_response(client, "UpdateItem")
    attempts = DynamoDbAttempts(client, "deliveries", table.clock, LIFETIME)

    assert attempts.begin(DELIVERY, NOON + MINUTE)
    assert not attempts.begin(DELIVERY, NOON + MINUTE)


@mock_aws
def test_missing_table_is_unavailable() -> None:
    attempts = DynamoDbAttempts(boto3.client("dynamodb"), "missing", FakeClock(), LIFETIME)

    with pytest.raises(UnavailableError, match="the deliveries table"):
        attempts.begin(DELIVERY, NOON + MINUTE)
