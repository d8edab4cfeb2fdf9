"""Tests of `inlet ingested`, on a stack of moto; the reconciler's answers are given."""

import io
import json
from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from typer.testing import CliRunner

from bridge.adapters.aws.failed_records import DynamoDbFailedDeliveries
from bridge.adapters.aws.ingestion_records import DynamoDbIngestion
from bridge.adapters.clock import utc_now
from bridge.delivery.ingestion import BatchRecord, DatasetProgress, Failure, Stage
from bridge.delivery.record import key_of
from inlet_bridge.cli import ingested
from inlet_bridge.cli.main import app
from inlet_bridge.operations.deployed import Deployed
from tests.support.moto_deployment import Bridge, received
from tests.support.sample_webhooks import routed

DATASET = "65f0c1a2b3d4e5f60718293a"
NOW_MS = int(datetime.now(UTC).timestamp() * 1_000)
BATCH = BatchRecord(
    DATASET,
    "01GKQ",
    NOW_MS - 3_600_000,
    status="success",
    stage=Stage.READ,
    received=10,
    ingested=6,
    failed=4,
    joined=1,
    foreign=0,
    unknown=3,
    flows={"webhooks/events": 4},
    reasons={"required at #/_acme": 2, "\x1b[31mtype": 1},
)


@dataclass
class Answers:
    """The reconciler's answers, in order, and what it was asked."""

    answers: list[Any] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)

    def invoke(self, **given: Any) -> dict[str, Any]:
        self.asked.append((given["FunctionName"], json.loads(given["Payload"])))
        return {"Payload": io.BytesIO(json.dumps(self.answers.pop(0)).encode())}


@pytest.fixture
def records(bridge: Bridge) -> DynamoDbIngestion:
    """What the reconciler has stored: a dataset with one flow."""
    ssm = boto3.client("ssm")
    for name, value in (("flow_id", "f"), ("dataset_id", DATASET)):
        path = f"/inlet-bridge/dev/connections/webhooks/flows/events/{name}"
        ssm.put_parameter(Name=path, Value=value, Type="String")
    records = DynamoDbIngestion(boto3.client("dynamodb"), bridge.table, utc_now)
    records.save_dataset(DatasetProgress(DATASET, newest=BATCH.created, listed_at=utc_now()))
    return records


@pytest.fixture
def reconciler(monkeypatch: pytest.MonkeyPatch) -> Answers:
    answers = Answers()
    resources: Any = Deployed.resources
    monkeypatch.setattr(
        Deployed,
        "resources",
        property(lambda self: {**resources.func(self), "ReconcilerFunction": "reconciler"}),
    )
    monkeypatch.setattr(Deployed, "functions", property(lambda _: answers))
    return answers


def run(*arguments: str, status: int = 0) -> str:
    result = CliRunner().invoke(app, ["ingested", *arguments], env={"NO_COLOR": "1"})
    assert result.exit_code == status, result.output
    return result.output


def fail(bridge: Bridge) -> None:
    """Record a delivery as failed."""
    delivery = replace(received("d-1"), kept="id:d-1")
    bridge.deliveries.claim(delivery, utc_now())
    bridge.deliveries.delivered(delivery, "flow", "1:2:3")
    failures = DynamoDbFailedDeliveries(
        boto3.client("dynamodb"), bridge.table, utc_now, timedelta(days=8)
    )
    assert failures.fail(key_of(delivery), "1:2:3", Failure("01GKQ", "required at #/_acme"))


def test_nothing_was_read_yet(bridge: Bridge) -> None:
    assert "have not been read yet" in run()


def test_summary_by_dataset_and_flow(bridge: Bridge, records: DynamoDbIngestion) -> None:
    records.save_batch(BATCH)
    records.save_batch(
        replace(BATCH, batch_id="open", status="staging", stage=Stage.OPEN, failed=0)
    )
    records.save_batch(replace(BATCH, batch_id="old", created=NOW_MS - 90_000_000))
    fail(bridge)

    document = json.loads(run("--json", status=1))

    [dataset] = document["datasets"]
    assert (dataset["batches"], dataset["open"]) == (2, 1)
    assert (dataset["received"], dataset["ingested"], dataset["failed"]) == (20, 12, 4)
    assert (dataset["joined"], dataset["unjoined"], dataset["foreign"]) == (2, 3, 0)
    unknown = {"accepted": None, "delivered": None, "failed": 8}
    assert dataset["flows"] == {"webhooks/events": unknown}
    # A delivery, and three records of each of two batches: what is older counts too.
    assert document["rejected"] == 1 + 3 + 3
    assert {each["batch"] for each in document["batches"]} == {"01GKQ", "old"}
    assert document["unknown"] is None

    shown = run(status=1)
    assert "webhooks/events" in shown
    assert "01GKQ" in shown
    assert "\x1b" not in shown


@pytest.mark.usefixtures("records")
def test_local_cloud_is_said_to_have_no_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    reason = "in metrics of CloudWatch, which the local cloud does not have"
    assert reason not in " ".join(run().split())

    monkeypatch.setattr(ingested, "is_local", lambda: True)

    said = " ".join(run().split())
    assert "accepted -, delivered -" in said
    assert reason in said


def put_metrics() -> None:
    """Webhooks and messages of two sources, two hours ago."""
    boto3.client("cloudwatch").put_metric_data(
        Namespace="InletBridge/dev",
        MetricData=[
            {
                "MetricName": name,
                "Dimensions": [{"Name": "source", "Value": source}],
                "Timestamp": utc_now() - timedelta(hours=2),
                "Value": value,
            }
            for source, name, value in (
                ("github", "Accepted", 20),
                ("github", "Delivered", 12),
                ("stripe", "Delivered", 3),
            )
        ],
    )


def test_delivered_messages_without_a_batch_are_unknown(
    bridge: Bridge, records: DynamoDbIngestion
) -> None:
    records.save_batch(BATCH)
    put_metrics()

    document = json.loads(run("--json", status=1))

    counts = (document["accepted"], document["delivered"], document["unknown"])
    assert counts == (20, 15, 5)


def test_counts_of_a_flow_are_those_of_the_source_that_leads_to_it(
    bridge: Bridge, records: DynamoDbIngestion
) -> None:
    records.save_batch(BATCH)
    put_metrics()
    source = routed("github", "webhooks", "events").to_document()
    path = "/inlet-bridge/dev/sources/github"
    boto3.client("ssm").put_parameter(Name=path, Value=source, Type="String", Overwrite=True)

    [dataset] = json.loads(run("--json", status=1))["datasets"]

    assert dataset["flows"] == {"webhooks/events": {"accepted": 20, "delivered": 12, "failed": 4}}
    assert f"webhooks/events {DATASET} 20 12 4" in " ".join(run(status=1).split())


def test_settled_batch_needs_no_attention(bridge: Bridge, records: DynamoDbIngestion) -> None:
    records.save_batch(BATCH)

    assert "3 failed records of batch 01GKQ are settled" in run("--settle", "01GKQ")
    assert json.loads(run("--json"))["rejected"] == 0
    assert "there is no batch 01GKQ" in run("--settle", "01GKQ", status=1)


def test_run_now_shows_what_could_not_be_read(
    bridge: Bridge, records: DynamoDbIngestion, reconciler: Answers
) -> None:
    reconciler.answers = [{"ok": False, "problems": {DATASET: "403 add the permission"}}]

    assert "403 add the permission" in run("--now")
    assert reconciler.asked == [("reconciler", {"action": "reconcile"})]


def test_adobes_copy_is_written_to_a_new_private_file(
    bridge: Bridge, reconciler: Answers, tmp_path: Path
) -> None:
    file = tmp_path / "failed.jsonl"
    reconciler.answers = [
        {"ok": True, "files": ["a.json", "b.json"]},
        {"ok": True, "lines": ['{"a":1}', '{"a":2}'], "next": 2},
        {"ok": True, "lines": ['{"a":3}'], "next": None},
        {"ok": True, "lines": [], "next": None},
    ]

    assert "3 failed records of batch 01GKQ" in run("--batch", "01GKQ", "--save", str(file))

    assert file.read_text() == '{"a":1}\n{"a":2}\n{"a":3}\n'
    assert file.stat().st_mode & 0o077 == 0
    assert [each.get("line") for _, each in reconciler.asked] == [None, 0, 2, 0]
    assert "cannot be created" in run("--batch", "01GKQ", "--save", str(file), status=1)


def test_copy_that_is_gone_leaves_no_file(
    bridge: Bridge, reconciler: Answers, tmp_path: Path
) -> None:
    reconciler.answers = [{"ok": True, "files": []}]
    file = tmp_path / "failed.jsonl"

    assert "keeps them for 30 days" in run("--batch", "01GKQ", "--save", str(file), status=1)
    assert not file.exists()
    assert "name both" in run("--batch", "01GKQ", status=1)


@pytest.mark.parametrize(
    "answer",
    [None, {}, {"ok": False, "error": "the table does not respond"}, {"errorMessage": "x"}],
)
def test_reconciler_that_fails_is_reported(
    bridge: Bridge, reconciler: Answers, answer: Any
) -> None:
    reconciler.answers = [answer]

    assert "the reconciler says" in run("--now", status=1)
