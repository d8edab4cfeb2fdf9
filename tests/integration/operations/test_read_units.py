"""What each command and the watch read from the deliveries table does not depend on its size.

DynamoDB bills half a unit per 4 kB of an eventually consistent read, per query and per item of a
batch, and rounds up:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/capacity-unit-calculations.html
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil
from threading import Lock
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from typer.testing import CliRunner

from bridge.adapters.aws.delivery_items import OPEN_INDEX
from bridge.adapters.aws.waiting_records import DynamoDbWaiting
from inlet_bridge.cli.main import app
from tests.support.moto_deployment import (
    NOW,
    OPEN_SHARDS,
    Bridge,
    deployed_bridge,
    received,
)

WAITING, DEAD = 8, 3
ENTRY_BYTES = 200
"""Of an index entry, at most."""
RECORD_BYTES = 4_096
"""Of a record, at most."""
BLOCK = 4_096


@dataclass
class Meter:
    """Counts calls and read units."""

    calls: Counter[str] = field(default_factory=Counter)
    units: float = 0.0
    lock: Lock = field(default_factory=Lock)

    def count(self, operation: str, asked: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        self.calls[operation] += 1
        match operation:
            case "Query":
                assert asked["IndexName"] == OPEN_INDEX
                read = answer["ScannedCount"] * ENTRY_BYTES
                self.units += max(ceil(read / BLOCK), 1) / 2
            case "BatchGetItem":
                [request] = asked["RequestItems"].values()
                self.units += len(request["Keys"]) * ceil(RECORD_BYTES / BLOCK) / 2
            case _:
                raise AssertionError(f"{operation} reads too much")


@pytest.fixture(params=[0, 300], ids=["no closed records", "many closed records"])
def bridge(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    with deployed_bridge(monkeypatch) as bridge:
        closed = [received(f"closed-{number}") for number in range(request.param)]
        bridge.deliveries.delivered_all([(each, "1:2:3") for each in closed], "flow")
        for number in range(WAITING):
            waits = received(f"d-{number}")
            bridge.deliveries.postponed(waits, "the inlet returned 503", NOW)
            bridge.buffer.put(waits, timedelta(0))
        for number in range(DEAD):
            bridge.buried(f"dead-{number}")
        yield bridge


@pytest.fixture
def meter(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> Meter:
    """A meter of what all clients read from now on."""
    meter = Meter()
    client: Any = BaseClient
    call = client._make_api_call  # noqa: SLF001

    def counted(self: Any, operation: str, asked: Mapping[str, Any]) -> Any:
        answer = call(self, operation, asked)
        if self.meta.service_model.service_name == "dynamodb":
            with meter.lock:  # Shards are read in threads.
                meter.count(operation, asked, answer)
        return answer

    monkeypatch.setattr(BaseClient, "_make_api_call", counted)
    return meter


def run(*arguments: str) -> None:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output


def test_why_reads_one_batch_of_keys(meter: Meter) -> None:
    """Three possible keys for each of two sources."""
    run("why", "d-1")

    assert meter.calls == {"BatchGetItem": 1}
    assert meter.units == 3 * 2 * 0.5


def test_why_reads_three_keys_of_a_source(meter: Meter) -> None:
    run("why", "d-1", "--source", "github")

    assert meter.calls == {"BatchGetItem": 1}
    assert meter.units == 1.5


@pytest.mark.parametrize(("state", "found"), [("buffered", WAITING), ("dead", DEAD)])
def test_open_deliveries_read_the_index_and_what_they_show(
    meter: Meter, state: str, found: int
) -> None:
    run("deliveries", "github", "--state", state, "--limit", "5")

    assert meter.calls == {"Query": OPEN_SHARDS, "BatchGetItem": 1}
    # One more than the page has, to know whether there is another.
    assert meter.units == (OPEN_SHARDS + min(found, 5 + 1)) * 0.5


def test_logged_deliveries_read_nothing(bridge: Bridge, meter: Meter) -> None:
    line = {"message": "delivered", "source": "github", "delivery_id": "d", "xaction_id": "1:2:3"}
    bridge.log("Receiver", line)

    run("deliveries", "github")

    assert meter.units == 0


def test_audit_reads_the_index_once_per_state(meter: Meter) -> None:
    run("audit")

    assert meter.calls == {"Query": 3 * OPEN_SHARDS}
    assert meter.units == 3 * OPEN_SHARDS * 0.5


def test_watch_reads_the_index_once(bridge: Bridge, meter: Meter) -> None:
    records = DynamoDbWaiting(boto3.client("dynamodb"), bridge.table, lambda: 300.0)

    assert records.waiting_since(NOW) == WAITING
    assert meter.calls == {"Query": OPEN_SHARDS}
    assert meter.units == OPEN_SHARDS * 0.5
