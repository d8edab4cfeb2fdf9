"""The counts of the overview over time."""

from collections.abc import Iterator
from copy import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from bridge.adapters.aws.ingestion_records import DynamoDbIngestion
from bridge.delivery.ingestion import DatasetProgress
from tests.support.configured_chain import DATASET, put, put_chain
from tests.support.inspecting import opened
from tests.support.moto_deployment import NOW, Bridge, deployed_bridge, received
from tests.support.overview_page import PAGE, shown
from tests.support.sample_webhooks import routed


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    with deployed_bridge(monkeypatch) as bridge:
        put_chain()
        yield bridge


@pytest.mark.usefixtures("bridge")
def test_counts_of_a_source_are_drawn_and_listed(tmp_path: Path) -> None:
    client: Any = boto3.client("cloudwatch")
    values = (("Accepted", 1_234), ("Delivered", 1_200), ("DeadLettered", 7))
    client.put_metric_data(
        Namespace="InletBridge/dev",
        MetricData=[
            {
                "MetricName": name,
                "Dimensions": [{"Name": "source", "Value": "github"}],
                "Timestamp": datetime.now(UTC) - timedelta(minutes=20),
                "Value": value,
            }
            for name, value in values
        ],
    )

    for span in ("1h", "24h", "7d"):
        page = shown(tmp_path, f"?range={span}")
        assert "github: 1,234 accepted, 1,200 delivered, 7 dead, 0 waiting, 0 failed." in page
        assert "Table of github" in page
        assert '<polyline class="line line-accepted"' in page


def test_waiting_and_ingested_of_a_source_are_drawn_over_time(
    bridge: Bridge, tmp_path: Path
) -> None:
    kept = replace(routed("github", "webhooks", "events"), keep_bodies=3)
    put("sources/github", kept.to_document())
    earlier = datetime.now(UTC) - timedelta(minutes=20)
    waiting = replace(received("w-1"), received_at=earlier)
    bridge.deliveries.postponed(waiting, "503", NOW + timedelta(hours=1))
    records = DynamoDbIngestion(boto3.client("dynamodb"), bridge.table, lambda: NOW)
    records.save_dataset(DatasetProgress(DATASET, listed_at=datetime.now(UTC)))
    counted = {"_aws": {"CloudWatchMetrics": []}, "source": "github"}
    bridge.log("Forwarder", {"message": "metrics", **counted, "Delivered": [3.0]})

    page = opened(tmp_path, is_local=True).get(f"{PAGE}?range=1h").text
    assert "0 dead, 1 waiting, 0 failed, " in page
    assert " ingested." in page


@pytest.mark.usefixtures("bridge")
def test_an_unknown_range_is_rejected(tmp_path: Path) -> None:
    response = opened(tmp_path).get(f"{PAGE}?range=9y")

    assert response.status_code == 400
    assert "range must be one of 1h, 24h, 7d." in response.text


def test_the_local_cloud_counts_what_is_logged(bridge: Bridge, tmp_path: Path) -> None:
    counted = {"_aws": {"CloudWatchMetrics": []}, "source": "github"}
    bridge.log("Receiver", {"message": "buffered", **counted, "Accepted": [1.0]})
    bridge.log("Forwarder", {"message": "metrics", **counted, "Delivered": [3.0]}, {"_aws": "odd"})

    response = opened(tmp_path, is_local=True).get(PAGE)
    assert "github: 1 accepted, 3 delivered, 0 dead, 0 waiting, 0 failed." in response.text
    assert "The local cloud has no metrics" in response.text
