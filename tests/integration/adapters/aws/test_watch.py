"""What the watch asks AWS: records, a queue's depth and the history of metrics."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from bridge.adapters.aws.dynamodb import DynamoDbDeliveries
from bridge.adapters.aws.metric_history import CloudWatchHistory
from bridge.adapters.aws.sqs import SqsDepth
from bridge.adapters.aws.waiting_records import DynamoDbWaiting
from bridge.delivery.delivery import Delivery
from bridge.errors import UnavailableError
from tests.support.deliveries_table import deliveries_table
from tests.support.fakes import NOON, FakeClock

LIFETIME = timedelta(days=8)
LATER = NOON + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def aws() -> Iterator[None]:
    with mock_aws():
        yield


def buffer(client: Any, clock: FakeClock, *ids: str) -> list[Delivery]:
    deliveries = DynamoDbDeliveries(client, "deliveries", clock, LIFETIME)
    made = [
        Delivery("s", each, f"id:{each}", "issues", "events", clock(), clock(), b"{}")
        for each in ids
    ]
    for delivery in made:
        deliveries.claim(delivery, clock() + timedelta(seconds=20))
        deliveries.buffered(delivery)
    return made


def waiting(client: Any, seconds: float = 300.0) -> DynamoDbWaiting:
    return DynamoDbWaiting(client, "deliveries", lambda: seconds)


def test_deliveries_accepted_earlier_and_buffered_are_counted() -> None:
    client, clock = deliveries_table(), FakeClock()
    done, *_ = buffer(client, clock, "done", "waits", "is put off")
    _, _, put_off = buffer(client, clock, "a", "b", "c")
    deliveries = DynamoDbDeliveries(client, "deliveries", clock, LIFETIME)
    deliveries.delivered(done, "flow", "1:2:3")
    deliveries.postponed(put_off, "the inlet returned 503", LATER)
    deliveries.claim(
        Delivery("s", "claimed", "id:claimed", "issues", "events", NOON, NOON, b"{}"), LATER
    )
    clock.advance(600)
    buffer(client, clock, "young")

    assert waiting(client).waiting_since(LATER) == 5


def test_all_pages_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """One page at a time, of a shard with several entries."""
    client, clock = deliveries_table(), FakeClock()
    monkeypatch.setattr("bridge.delivery.partitions.OPEN_SHARDS", 2)
    buffer(client, clock, *"abcde")
    untyped: Any = client
    query = untyped._make_api_call  # noqa: SLF001
    monkeypatch.setattr(
        client, "_make_api_call", lambda name, given: query(name, {**given, "Limit": 1})
    )

    assert waiting(client).waiting_since(LATER) == 5


def test_count_ends_at_the_deadline_and_is_too_low() -> None:
    client, clock = deliveries_table(), FakeClock()
    buffer(client, clock, *map(str, range(300)))

    assert 0 < waiting(client, seconds=29).waiting_since(LATER) < 30


def test_depth_includes_visible_in_flight_and_delayed_messages() -> None:
    client = boto3.client("sqs")
    url = client.create_queue(QueueName="buffer")["QueueUrl"]
    for delay in (0, 0, 600):
        client.send_message(QueueUrl=url, MessageBody="{}", DelaySeconds=delay)
    client.receive_message(QueueUrl=url)

    assert SqsDepth(client, url).depth() == 3


def count(name: str, source: str, moment: datetime, value: float = 1) -> None:
    dimensions = [{"Name": "source", "Value": source}]
    client: Any = boto3.client("cloudwatch")
    client.put_metric_data(
        Namespace="InletBridge/dev",
        MetricData=[
            {"MetricName": name, "Dimensions": dimensions, "Timestamp": moment, "Value": value}
        ],
    )


def history(clock: FakeClock) -> CloudWatchHistory:
    return CloudWatchHistory(boto3.client("cloudwatch"), "InletBridge/dev", clock)


def test_source_is_active_if_its_webhooks_were_accepted_or_deduplicated() -> None:
    past = NOON - timedelta(hours=5)
    count("Accepted", "github", past + timedelta(minutes=7))
    count("Duplicate", "github", past + timedelta(hours=2))
    count("Accepted", "bus", past)
    count("Delivered", "quiet", past)
    count("Accepted", "zero", past, value=0)

    heard = history(FakeClock()).heard(["github", "bus", "quiet", "zero"], NOON - timedelta(days=1))

    assert heard == {
        "github": {past, past + timedelta(hours=2)},
        "bus": {past},
        "quiet": set(),
        "zero": set(),
    }


def test_more_sources_than_fit_in_one_call() -> None:
    """GetMetricData takes 500 queries."""
    client: Any = boto3.client("cloudwatch")
    asked: list[int] = []
    client.meta.events.register(
        "provide-client-params.cloudwatch.GetMetricData",
        lambda params, **_: asked.append(len(params["MetricDataQueries"])),
    )
    sources = [f"s{number}" for number in range(260)]
    past = NOON - timedelta(hours=5)
    count("Accepted", "s0", past)
    count("Accepted", "s259", past)

    history = CloudWatchHistory(client, "InletBridge/dev", FakeClock())
    heard = history.heard(sources, NOON - timedelta(days=1))

    assert asked == [500, 20]
    assert {name for name, hours in heard.items() if hours} == {"s0", "s259"}


class Refusing:
    """Cannot be reached."""

    def get_paginator(self, name: str) -> "Refusing":
        return self

    def paginate(self, **_: Any) -> Iterator[Any]:
        yield boto3.client("sqs").get_queue_url(QueueName="none")


def test_table_that_does_not_respond_is_unavailable() -> None:
    refusing: Any = Refusing()

    with pytest.raises(UnavailableError, match="the deliveries table"):
        waiting(refusing).waiting_since(NOON)


def test_queue_that_does_not_respond_is_unavailable() -> None:
    depth = SqsDepth(boto3.client("sqs"), "https://sqs/none")

    with pytest.raises(UnavailableError, match="the buffer"):
        depth.depth()


def test_metrics_that_do_not_answer_are_unavailable() -> None:
    history = CloudWatchHistory(Refusing(), "InletBridge/dev", FakeClock())

    with pytest.raises(UnavailableError, match="CloudWatch"):
        history.heard(["s"], NOON)
