"""The deliveries table, both as a fake and in DynamoDB."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from bridge.adapters.aws.dynamodb import DynamoDbDeliveries
from bridge.ports.aws import Deliveries
from tests.support.deliveries_table import deliveries_table
from tests.support.delivery_fakes import FakeDeliveries
from tests.support.dynamodb_deliveries import LIFETIME
from tests.support.fakes import FakeClock


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
        yield DynamoDbDeliveries(deliveries_table(), "deliveries", clock, LIFETIME)
