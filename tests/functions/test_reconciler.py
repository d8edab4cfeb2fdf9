"""Tests of the reconciler with the emulated data lake: from the webhook to the recorded failure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
import requests

from adobe_emulator.faults import AnswerWith, Fault
from adobe_emulator.lake import PlannedFailure
from adobe_emulator.settings import DATASET_ID
from functions.reconciler import handler, wiring
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.provisioner_cloud import Context
from tests.support.virtual_time import stop_clock
from tests.support.webhook_events import signed

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

EXPORT = "/data/foundation/export/*"
CATALOG = "/data/foundation/catalog/batches*"
REASON = "[CANARY] is not a valid date-time. Expected [yyyy-MM-dd'T'HH:mm:ssZ]"


@dataclass
class Reconciled:
    """A cloud with a reconciler.

    Attributes:
        number: of the webhooks that were sent.
    """

    cloud: DeliveryCloud
    number: int = 0

    def send(self, *, fails: bool, kept: bool = True) -> str:
        """Send a webhook that the inlet accepts; return its delivery id."""
        self.number += 1
        name = f"d-{self.number}"
        body = json.dumps({"title": "mistyped" if fails else "fine", "by": "canary@example.com"})
        headers = {"x-github-delivery": name}
        response = self.cloud.receive(signed("github-signed", headers=headers, body=body.encode()))
        assert response.status == 200, response
        if kept:
            self._keep(name)
        return name

    def _keep(self, name: str) -> None:
        """What the record of a delivery has whose body is kept."""
        client = boto3.client("dynamodb")
        [item] = [
            each
            for each in client.scan(TableName=self.cloud.table)["Items"]
            if each.get("id", {}).get("S") == name
        ]
        client.update_item(
            TableName=self.cloud.table,
            Key={key: item[key] for key in ("source", "delivery_id")},
            UpdateExpression="SET sent_as = xaction_id",
        )

    def ingest(self) -> None:
        """Let Adobe complete its batches."""
        self.cloud.adobe.clock.advance(timedelta(minutes=30))

    def run(self, **event: Any) -> dict[str, Any]:
        """Invoke the function, an hour after the last time."""
        boto3.client("dynamodb").delete_item(
            TableName=self.cloud.table,
            Key={"source": {"S": "#ingestion"}, "delivery_id": {"S": "run"}},
        )
        context = cast("LambdaContext", Context(300, function_name="reconciler"))
        return handler.lambda_handler(event or {"action": "reconcile"}, context)

    def record(self, name: str) -> dict[str, str]:
        [record] = [each for each in self.cloud.records() if each.get("id") == name]
        return record

    def lines(self, message: str) -> list[dict[str, Any]]:
        return [line for line in self.cloud.lines() if line["message"] == message]


@pytest.fixture
def reconciled(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reconciled]:
    with delivery_cloud(monkeypatch) as cloud:
        stop_clock(wiring.deadline, monkeypatch)
        monkeypatch.setattr("functions.reconciler.wiring.sleep", lambda _: None)
        cloud.adobe.lake.plan(PlannedFailure("mistyped", REASON))
        _forget()
        yield Reconciled(cloud)
        _forget()


def _forget() -> None:
    for built in (wiring.batches, wiring.copies, wiring.reconciler):
        built.cache_clear()


def test_rejected_webhook_is_recorded_with_adobes_reason(reconciled: Reconciled) -> None:
    fine, *rejected = (reconciled.send(fails=fails) for fails in (False, True, True))
    assert reconciled.run()["rejected"] == 0
    reconciled.ingest()

    answer = reconciled.run()

    assert (answer["ok"], answer["rejected"], answer["problems"]) == (True, 2, {})
    for name in rejected:
        record = reconciled.record(name)
        assert record["state"] == "failed"
        assert "is not a valid date-time" in record["failure"]
        assert "CANARY" not in record["failure"]
        assert record["batch"]
    assert reconciled.record(fine)["state"] == "delivered"
    metrics = [
        line["RejectedByAdobe"]
        for line in reconciled.cloud.lines()
        if "_aws" in line and "RejectedByAdobe" in line
    ]
    assert metrics[-1] == [2]
    [line] = reconciled.lines("rejected by Adobe")
    assert (line["joined"], line["unjoined"], line["foreign"]) == (2, 0, 0)
    assert "CANARY" not in reconciled.cloud.log.getvalue()


def test_webhook_whose_body_is_not_kept_is_counted_with_its_batch(reconciled: Reconciled) -> None:
    name = reconciled.send(fails=True, kept=False)
    reconciled.ingest()

    assert reconciled.run()["rejected"] == 1
    assert reconciled.record(name)["state"] == "delivered"
    [line] = reconciled.lines("rejected by Adobe")
    assert (line["joined"], line["unjoined"]) == (0, 1)

    files = reconciled.run(action="copy", batch=line["batch"])["files"]
    copy = reconciled.run(action="copy", batch=line["batch"], file=files[0])
    assert copy["next"] is None
    assert json.loads(copy["lines"][0])["body"]["xdmEntity"]["title"] == "mistyped"


def test_records_of_other_producers_raise_nothing(reconciled: Reconciled) -> None:
    reconciled.send(fails=False)
    control(
        reconciled,
        "lake/records",
        {"dataset": DATASET_ID, "records": [{"title": "mistyped", "n": 1}]},
    )
    reconciled.ingest()

    assert reconciled.run()["rejected"] == 0
    [line] = reconciled.lines("reconciled")
    assert line["batches"] == 1


def control(reconciled: Reconciled, what: str, document: dict[str, Any]) -> None:
    """Ask the emulator's control endpoint."""
    response = requests.post(
        f"{reconciled.cloud.adobe.url}/_emulator/{what}", json=document, timeout=9
    )
    assert response.ok, response.text


@pytest.mark.parametrize("path", [EXPORT, CATALOG])
def test_missing_permission_is_logged_and_does_not_crash(reconciled: Reconciled, path: str) -> None:
    reconciled.send(fails=True)
    reconciled.ingest()
    reconciled.cloud.adobe.faults.add(
        Fault(path=path, times=None, effect=AnswerWith(403, {}, '{"title": "Forbidden"}'))
    )

    answer = reconciled.run()

    assert not answer["ok"]
    [line] = reconciled.lines("not reconciled")
    assert "View Datasets" in line["reason"]
    reconciled.cloud.adobe.faults.clear()
    assert reconciled.run()["rejected"] == 1
    assert reconciled.record("d-1")["state"] == "failed"


def test_throttled_and_failing_api_is_asked_again(reconciled: Reconciled) -> None:
    reconciled.send(fails=True)
    reconciled.ingest()
    for path, status in ((CATALOG, 429), (EXPORT, 503), (EXPORT, 500)):
        reconciled.cloud.adobe.faults.add(
            Fault(path=path, effect=AnswerWith(status, {"Retry-After": "1"}))
        )

    assert reconciled.run()["rejected"] == 1
    assert reconciled.record("d-1")["state"] == "failed"


@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        {},
        {"action": []},
        {"action": "else"},
        {"action": "copy"},
        {"action": "copy", "batch": "b", "line": -1},
        {"action": "copy", "batch": "b", "file": 7},
        {"action": "copy", "batch": "b" * 101},
    ],
)
def test_malformed_event_is_refused(reconciled: Reconciled, event: Any) -> None:
    context = cast("LambdaContext", Context(300, function_name="reconciler"))

    assert not handler.lambda_handler(event, context)["ok"]
    assert reconciled.lines("refused")


@pytest.mark.parametrize("operation", ["dynamodb.Query", "ssm.GetParametersByPath"])
def test_unavailable_service_is_logged_and_reports_nothing(
    reconciled: Reconciled, operation: str
) -> None:
    reconciled.cloud.fail(operation)
    _forget()

    assert not reconciled.run()["ok"]
    assert reconciled.lines("unavailable")
    assert not [line for line in reconciled.cloud.lines() if "RejectedByAdobe" in line]
